"""Tokens that end: renewed by one process at a time, and kept whatever happens meanwhile."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.oauth.token import PLATFORM, OAuthToken
from adapters.slack.web_client import DEAD, App, MissingScopeError, SlackError, access
from bot.app.ports import CipherError, Clock, Installation, SecretCipher, Store
from bot.domain.errors import StoreError

LEASE, WAITS, WAIT = timedelta(minutes=1), 50, 0.2
"""How long one process may take to renew a token; how often, and after how many seconds, others look again."""
PAUSES = (0.2, 1.0, 5.0)
"""Seconds between the tries to keep a new token: Slack takes the old one no more."""
OVER = DEAD | {"authorization_not_found", "invalid_grant", "invalid_refresh_token"}
"""What Slack calls a token that it does not renew."""
LOST = "Slack does not renew its token any more: install Hallway there again"

log = structlog.get_logger("hallway.slack")


@dataclass(frozen=True, slots=True)
class TokenRotator:
    """Renews what the store keeps; the database decides which process does."""

    store: Store
    seal: SecretCipher
    clock: Clock
    app: App
    client: AsyncWebClient = field(repr=False)

    async def fresh(self, kept: Installation, ahead: timedelta) -> Installation:
        """The same with a token that does not end within `ahead`, if that can be had, else one that is still good."""
        for _ in range(WAITS):
            now = self.clock.now()
            if not _ends(kept, now + ahead):
                return kept
            async with self.store.write_transaction() as work:
                claimed = await work.installations.claim(PLATFORM, kept.tenant, now, now + LEASE)
            if claimed:
                return await _to_the_end(self._renewed(claimed, ahead))
            if not _ends(kept, now):
                return kept
            await asyncio.sleep(WAIT)
            async with self.store.read_transaction() as work:
                kept = await work.installations.get(PLATFORM, kept.tenant) or kept
        raise SlackError("the token of a workspace is being renewed and that takes long: try again in a minute")

    async def _renewed(self, claimed: Installation, ahead: timedelta) -> Installation:
        """A claimed one, with a new token unless somebody was faster."""
        fresh, now = claimed, self.clock.now()
        try:
            if _ends(claimed, now + ahead):
                fresh = await self._asked_for(claimed)
        except SlackError as fault:
            if _ends(claimed, now):
                raise
            log.warning("a token could not be renewed yet", tenant=claimed.tenant, fault=str(fault))
        finally:
            kept = await self._settled(fresh)
        return kept

    async def _asked_for(self, claimed: Installation) -> Installation:
        known = self.opened(claimed)
        try:
            answer = await access(self.client, self.app, grant_type="refresh_token", refresh_token=known.refresh)
        except MissingScopeError as denied:
            raise SlackError(LOST) if denied.code in OVER else denied from None
        grant = OAuthToken.of(answer, self.clock.now(), known)
        log.info("token renewed", tenant=claimed.tenant)
        return replace(grant.sealed(self.seal), lease=claimed.lease)

    async def reseal(self, kept: Installation) -> None:
        """Seal it with the newest key, unless somebody is at it."""
        now = self.clock.now()
        async with self.store.write_transaction() as work:
            claimed = await work.installations.claim(PLATFORM, kept.tenant, now, now + LEASE)
            if claimed:
                sealed = self.opened(claimed).sealed(self.seal).sealed
                await work.installations.release(replace(claimed, sealed=sealed))

    async def _settled(self, fresh: Installation) -> Installation:
        """What is kept now: ours, or what was installed meanwhile."""
        for pause in PAUSES:
            try:
                return await self._kept(fresh)
            except StoreError as fault:
                log.warning("a token could not be kept yet", tenant=fresh.tenant, fault=str(fault))
                await asyncio.sleep(pause)
        return await self._kept(fresh)

    async def _kept(self, fresh: Installation) -> Installation:
        async with self.store.write_transaction() as work:
            await work.installations.release(fresh)
            return await work.installations.get(PLATFORM, fresh.tenant) or fresh

    def opened(self, kept: Installation) -> OAuthToken:
        """What is kept; raises `SlackError` if it cannot be read."""
        try:
            return OAuthToken.opened(self.seal, kept)
        except CipherError as fault:
            raise SlackError(f"the token of {kept.tenant}: {fault}") from None


async def _to_the_end(renewal: Coroutine[Any, Any, Installation]) -> Installation:
    """What Slack gives has to be kept, even if nobody waits for it any more: the old token is gone by then."""
    task = asyncio.create_task(renewal)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.gather(task, return_exceptions=True)
        raise


def _ends(kept: Installation, by: datetime) -> bool:
    return kept.ends_at is not None and kept.ends_at <= by
