"""Renews tokens that expire. One process at a time renews a token, and a new token is never lost.

slack_sdk's AsyncTokenRotator is not used: it neither claims a token nor checks whose token the answer contains.
"""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.oauth.token import PLATFORM, OAuthToken
from adapters.slack.web_client import INVALID_TOKEN, AppCredentials, SlackError, SlackRefusedError, oauth_access
from bot.app.ports import CipherError, Clock, Installation, SecretCipher, Store
from bot.domain.errors import StoreError

LEASE = timedelta(minutes=1)
"""How long one process may take to renew a token."""
POLLS, POLL_INTERVAL = 50, 0.2
"""How often, and after how many seconds, another process checks whether the token is renewed."""
SAVE_PAUSES = (0.2, 1.0, 5.0)
"""Seconds between the attempts to save a new token: Slack does not accept the old one any more."""
NOT_RENEWABLE = INVALID_TOKEN | {"authorization_not_found", "invalid_grant", "invalid_refresh_token"}
"""Codes with which Slack refuses to renew a token for good."""
LOST = "Slack does not renew its token any more: install Hallway there again"

log = structlog.get_logger("hallway.slack")


@dataclass(frozen=True, slots=True)
class TokenRotator:
    """Renews the tokens in the store; a claim in the database decides which process does it."""

    store: Store
    cipher: SecretCipher
    clock: Clock
    app: AppCredentials
    client: AsyncWebClient = field(repr=False)

    async def get_fresh(self, installation: Installation, ahead: timedelta) -> Installation:
        """Return the installation with a token that is valid for longer than `ahead`.

        If the token cannot be renewed now, the old one is returned as long as it is valid.

        Raises:
            SlackError: the token has expired and cannot be renewed.
            StoreError: the database is unavailable.
        """
        for _ in range(POLLS):
            now = self.clock.now()
            if not _expires_by(installation, now + ahead):
                return installation
            async with self.store.write_transaction() as work:
                claimed = await work.installations.claim(PLATFORM, installation.tenant, now, now + LEASE)
            if claimed:
                return await _run_to_the_end(self._renew(claimed, ahead))
            if not _expires_by(installation, now):
                return installation
            await asyncio.sleep(POLL_INTERVAL)
            async with self.store.read_transaction() as work:
                installation = await work.installations.get(PLATFORM, installation.tenant) or installation
        raise SlackError("the token of a workspace is being renewed and that takes long: try again in a minute")

    async def encrypt_with_newest_key(self, installation: Installation) -> None:
        """Encrypt the token with the newest key, unless another process has claimed it."""
        now = self.clock.now()
        async with self.store.write_transaction() as work:
            claimed = await work.installations.claim(PLATFORM, installation.tenant, now, now + LEASE)
            if claimed:
                sealed = self.decrypt(claimed).encrypted(self.cipher).sealed
                await work.installations.release(replace(claimed, sealed=sealed))

    def decrypt(self, installation: Installation) -> OAuthToken:
        """Return the stored token; raises `SlackError` if no key decrypts it."""
        try:
            return OAuthToken.decrypted(self.cipher, installation)
        except CipherError as fault:
            raise SlackError(f"the token of {installation.tenant}: {fault}") from None

    async def _renew(self, claimed: Installation, ahead: timedelta) -> Installation:
        """Renew a claimed token, unless another process was faster, and release the claim."""
        renewed, now = claimed, self.clock.now()
        try:
            if _expires_by(claimed, now + ahead):
                renewed = await self._request_token(claimed)
        except SlackError as fault:
            if _expires_by(claimed, now):
                raise
            log.warning("a token could not be renewed yet", tenant=claimed.tenant, fault=str(fault))
        finally:
            current = await self._save_with_retries(renewed)
        return current

    async def _request_token(self, claimed: Installation) -> Installation:
        previous = self.decrypt(claimed)
        try:
            answer = await oauth_access(
                self.client, self.app, grant_type="refresh_token", refresh_token=previous.refresh
            )
        except SlackRefusedError as refusal:
            raise SlackError(LOST) if refusal.code in NOT_RENEWABLE else refusal from None
        token = OAuthToken.from_answer(answer, self.clock.now(), previous)
        log.info("token renewed", tenant=claimed.tenant)
        return replace(token.encrypted(self.cipher), lease=claimed.lease)

    async def _save_with_retries(self, renewed: Installation) -> Installation:
        for pause in SAVE_PAUSES:
            try:
                return await self._save(renewed)
            except StoreError as fault:
                log.warning("a token could not be kept yet", tenant=renewed.tenant, fault=str(fault))
                await asyncio.sleep(pause)
        return await self._save(renewed)

    async def _save(self, renewed: Installation) -> Installation:
        """Save the token and return what is stored: a newer installation wins over a renewed token."""
        async with self.store.write_transaction() as work:
            await work.installations.release(renewed)
            return await work.installations.get(PLATFORM, renewed.tenant) or renewed


async def _run_to_the_end(renewal: Coroutine[Any, Any, Installation]) -> Installation:
    """Finish a renewal although its caller is cancelled, because Slack has replaced the old token already."""
    task = asyncio.create_task(renewal)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.gather(task, return_exceptions=True)
        raise


def _expires_by(installation: Installation, time: datetime) -> bool:
    return installation.ends_at is not None and installation.ends_at <= time
