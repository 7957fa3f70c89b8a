"""The workspaces that Hallway is installed in, each with its token."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

import structlog
from cachetools import TTLCache
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.oauth.rotation import TokenRotator
from adapters.slack.oauth.token import PLATFORM, OAuthToken, Workspace
from adapters.slack.web_client import AppCredentials, SlackError, SlackRefusedError, checked_data
from bot.app.ports import CipherError, Clock, Installation, SecretCipher, Store
from bot.domain.errors import HallwayError

BAD_TOKEN = (
    "Slack refuses the bot token: copy it again from OAuth & Permissions of the app into HALLWAY_SLACK_BOT_TOKEN."  # noqa: S105 — a sentence
)
CACHE_SECONDS, CACHE_SIZE = 30.0, 10_000
"""How long a token is used without reading the store, where another process may have renewed or removed it."""
RENEW_AHEAD, RENEW_ON_USE = timedelta(hours=2), timedelta(minutes=2)
"""How long before it expires a token is renewed: in the background, and when it is used."""
RENEWAL_INTERVAL = 600.0
"""Seconds between two checks of all tokens."""

log = structlog.get_logger("hallway.slack")


class Workspaces(Protocol):
    """The workspaces in which Hallway is installed. Both methods raise `StoreError` and `SlackError`."""

    async def find(self, team: str, enterprise: str = "") -> Workspace | None:
        """Return the workspace with a valid token; None if Hallway is not installed there."""
        ...

    async def all(self) -> Sequence[Workspace]:
        """Return every workspace or organization in which Hallway is installed, by id."""
        ...


@dataclass(slots=True)
class SingleWorkspace:
    """The workspace of the bot token in the settings; Slack is asked once which workspace that is."""

    token: str = field(repr=False)
    client: AsyncWebClient = field(repr=False)
    _workspace: Workspace | None = None
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def find(self, team: str, enterprise: str = "") -> Workspace | None:
        """Return the workspace if it is `team`."""
        del enterprise
        workspace = await self._get()
        return workspace if workspace.team == team else None

    async def all(self) -> Sequence[Workspace]:
        """Return the one workspace."""
        return (await self._get(),)

    async def remove(self, tenant: str, removed_at: float) -> Sequence[str]:
        """Return the tenant; no token is stored, so the operator has to remove it from the settings."""
        del removed_at
        return (tenant,)

    async def is_token_valid(self, tenant: str) -> bool:
        """Return whether Slack accepts the token."""
        del tenant
        return await _is_accepted(self.client, self.token)

    async def keep_tokens_fresh(self) -> None:
        """Return at once, because this token does not expire."""

    async def _get(self) -> Workspace:
        async with self._lock:
            if self._workspace is None:
                self._workspace = await self._request()
            return self._workspace

    async def _request(self) -> Workspace:
        try:
            answer = await checked_data(self.client.auth_test(token=self.token))
        except SlackRefusedError as refusal:
            raise SlackError(BAD_TOKEN if refusal.is_token_invalid else str(refusal)) from None
        return Workspace(
            team=str(answer.get("team_id") or ""),
            name=str(answer.get("team") or ""),
            token=self.token,
            bot_user=str(answer.get("user_id") or ""),
            enterprise=str(answer.get("enterprise_id") or ""),
        )


@dataclass(slots=True)
class StoredWorkspaces:
    """The workspaces whose encrypted tokens are in the store; one process at a time renews a token.

    `clock` is the real clock, also in a simulation, because Slack's tokens expire in real time.
    """

    store: Store
    cipher: SecretCipher
    clock: Clock
    app: AppCredentials
    client: AsyncWebClient = field(repr=False)
    rotator: TokenRotator = field(init=False)
    _cache: TTLCache[str, Workspace, float] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Build the rotator on the same store, keys and clock."""
        self.rotator = TokenRotator(self.store, self.cipher, self.clock, self.app, self.client)
        self._cache = TTLCache(CACHE_SIZE, CACHE_SECONDS)

    async def find(self, team: str, enterprise: str = "") -> Workspace | None:
        """Return the workspace with its own token, else with the token of its organization."""
        tenant = team or enterprise
        if cached := self._cache.get(tenant):
            return cached
        installation = await self._installation(team, enterprise)
        if installation is None:
            return None
        fresh = await self.rotator.get_fresh(installation, RENEW_ON_USE)
        workspace = self.rotator.decrypt(fresh).workspace(team)
        self._cache[tenant] = workspace
        return workspace

    async def all(self) -> Sequence[Workspace]:
        """Return all workspaces; those whose token cannot be decrypted or renewed are logged and left out."""
        workspaces = []
        for installation in await self._installations():
            try:
                fresh = await self.rotator.get_fresh(installation, RENEW_ON_USE)
                workspaces.append(self.rotator.decrypt(fresh).workspace())
            except SlackError as fault:
                log.warning("a workspace cannot be reached", tenant=installation.tenant, fault=str(fault))
        return workspaces

    async def stored_tokens(self) -> Sequence[tuple[str, OAuthToken | None]]:
        """Return every tenant with its token, None if no key decrypts it; renews nothing."""
        tokens: list[tuple[str, OAuthToken | None]] = []
        for installation in await self._installations():
            try:
                tokens.append((installation.tenant, self.rotator.decrypt(installation)))
            except SlackError:
                tokens.append((installation.tenant, None))
        return tokens

    async def save(self, token: OAuthToken) -> None:
        """Add or replace the token of a tenant."""
        async with self.store.write_transaction() as work:
            await work.installations.save(token.encrypted(self.cipher))
        self._cache.clear()

    async def remove(self, tenant: str, removed_at: float) -> Sequence[str]:
        """Remove the token of a tenant, unless Hallway was installed there again after the removal.

        Args:
            tenant: a workspace or an organization.
            removed_at: when Hallway was removed there, in seconds since 1970.

        Returns:
            The tenants that have no token now: `tenant`, and the workspaces that used the token of an organization.
        """
        async with self.store.write_transaction() as work:
            installation = await work.installations.get(PLATFORM, tenant)
            if installation and installation.sealed and self._installed_at(installation) > removed_at:
                return ()
            removed = await work.installations.remove(PLATFORM, tenant)
        self._cache.clear()
        return removed or (tenant,)

    async def is_token_valid(self, tenant: str) -> bool:
        """Return whether Slack accepts the stored token of a tenant."""
        installation = await self._installation(tenant, "")
        try:
            return installation is not None and await _is_accepted(
                self.client, self.rotator.decrypt(installation).token
            )
        except SlackError:
            return False

    async def keep_tokens_fresh(self) -> None:
        """Renew tokens before they expire; runs until it is cancelled."""
        while True:
            try:
                await self.renew_expiring()
            except HallwayError as fault:
                log.warning("the tokens could not be looked at", fault=str(fault))
            await asyncio.sleep(RENEWAL_INTERVAL)

    async def renew_expiring(self) -> None:
        """Renew tokens that expire soon, and encrypt with the newest key those that an older key encrypted."""
        for installation in await self._installations():
            try:
                fresh = await self.rotator.get_fresh(installation, RENEW_AHEAD)
                if not self.cipher.is_newest(fresh.sealed):
                    await self.rotator.encrypt_with_newest_key(fresh)
            except SlackError as fault:
                log.warning("a token could not be renewed", tenant=installation.tenant, fault=str(fault))

    async def _installations(self) -> Sequence[Installation]:
        async with self.store.read_transaction() as work:
            return await work.installations.all(PLATFORM)

    async def _installation(self, team: str, enterprise: str) -> Installation | None:
        """Return the installation whose token is used in a workspace."""
        async with self.store.read_transaction() as work:
            own = await work.installations.get(PLATFORM, team)
            if own and not own.org:
                return own
            organization = await work.installations.get(PLATFORM, own.org if own else enterprise)
        if organization and own is None and team:
            # Remember the workspace's organization: a message that we send later has no request that names it.
            async with self.store.write_transaction() as work:
                await work.installations.save(Installation(PLATFORM, team, org=organization.tenant))
        return organization

    def _installed_at(self, installation: Installation) -> float:
        """Return when Hallway was installed, in seconds since 1970; 0 if no key decrypts the token."""
        try:
            return OAuthToken.decrypted(self.cipher, installation).since
        except CipherError:
            return 0.0


async def _is_accepted(client: AsyncWebClient, token: str) -> bool:
    """Return whether Slack accepts a token; False also if it does not answer."""
    try:
        await checked_data(client.auth_test(token=token))
    except SlackError:
        return False
    return True
