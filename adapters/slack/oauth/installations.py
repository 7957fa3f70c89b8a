"""The workspaces that Hallway is installed in, each with the token that speaks there."""

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
from adapters.slack.web_client import App, MissingScopeError, SlackError, told
from bot.app.ports import CipherError, Clock, Installation, SecretCipher, Store
from bot.domain.errors import HallwayError

__all__ = ["PLATFORM", "App", "OneWorkspace", "StoredWorkspaces", "Workspace", "Workspaces"]

BAD_TOKEN = (
    "Slack refuses the bot token: copy it anew from OAuth & Permissions of the app into HALLWAY_SLACK_BOT_TOKEN."  # noqa: S105 — a sentence
)
GOOD_FOR = 30.0
"""Seconds for which a token is used without a look at the store: another process may have renewed or removed it."""
MOST_KNOWN = 10_000
AHEAD, SOON = timedelta(hours=2), timedelta(minutes=2)
"""How long before its end a token is renewed in the background; and at once, by whoever needs it."""
ROUND = 600.0
"""Seconds between two looks at all tokens."""

log = structlog.get_logger("hallway.slack")


class Workspaces(Protocol):
    """Where we are installed. Both raise `StoreError` and `SlackError`."""

    async def of(self, team: str, enterprise: str = "") -> Workspace | None:
        """The workspace with a token that is good now; None if we are not installed there."""
        ...

    async def all(self) -> Sequence[Workspace]:
        """Every workspace or organization that we are installed in, by id."""
        ...


@dataclass(slots=True)
class OneWorkspace:
    """The workspace of one bot token; Slack is asked once which one that is."""

    token: str = field(repr=False)
    client: AsyncWebClient = field(repr=False)
    _found: Workspace | None = None
    _asking: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def of(self, team: str, enterprise: str = "") -> Workspace | None:
        """This one or none."""
        del enterprise
        found = await self._ask()
        return found if found.team == team else None

    async def all(self) -> Sequence[Workspace]:
        """This one."""
        return (await self._ask(),)

    async def drop(self, tenant: str, at: float) -> Sequence[str]:
        """Nothing is stored of it: whoever ends it has to take the token out of the settings."""
        del at
        return (tenant,)

    async def is_good(self, tenant: str) -> bool:
        """Whether Slack takes the token."""
        del tenant
        return await _is_good(self.client, self.token)

    async def keep_fresh(self) -> None:
        """The token lasts."""

    async def _ask(self) -> Workspace:
        async with self._asking:
            if self._found is None:
                self._found = await self._asked()
            return self._found

    async def _asked(self) -> Workspace:
        try:
            answer = await told(self.client.auth_test(token=self.token))
        except MissingScopeError as denied:
            raise SlackError(BAD_TOKEN if denied.dead else str(denied)) from None
        team, name, user, org = (str(answer.get(key) or "") for key in ("team_id", "team", "user_id", "enterprise_id"))
        return Workspace(team, name, self.token, user, org)


@dataclass(slots=True)
class StoredWorkspaces:
    """Those whose tokens the store keeps, sealed. One process at a time renews a token, whoever needs it.

    `clock` is the real one, also where a day is rehearsed: Slack's tokens end in real time.
    """

    store: Store
    seal: SecretCipher
    clock: Clock
    app: App
    client: AsyncWebClient = field(repr=False)
    renewal: TokenRotator = field(init=False)
    _recent: TTLCache[str, Workspace, float] = field(default_factory=lambda: TTLCache(MOST_KNOWN, GOOD_FOR), repr=False)

    def __post_init__(self) -> None:
        """By the same store, keys and clock."""
        self.renewal = TokenRotator(self.store, self.seal, self.clock, self.app, self.client)

    async def of(self, team: str, enterprise: str = "") -> Workspace | None:
        """By its own token, else by that of its organization, which is remembered."""
        tenant = team or enterprise
        if recent := self._recent.get(tenant):
            return recent
        kept = await self._kept(team, enterprise)
        if kept is None:
            return None
        found = self.renewal.opened(await self.renewal.fresh(kept, SOON)).workspace(team)
        self._recent[tenant] = found
        return found

    async def all(self) -> Sequence[Workspace]:
        """Those whose tokens cannot be read or renewed are left out, and the log says why."""
        found = []
        for kept in await self._all():
            try:
                found.append(self.renewal.opened(await self.renewal.fresh(kept, SOON)).workspace())
            except SlackError as fault:
                log.warning("a workspace cannot be reached", tenant=kept.tenant, fault=str(fault))
        return found

    async def held(self) -> Sequence[tuple[str, OAuthToken | None]]:
        """Every tenant with what is kept for it, None where no key opens it; nothing is renewed."""
        found: list[tuple[str, OAuthToken | None]] = []
        for kept in await self._all():
            try:
                found.append((kept.tenant, self.renewal.opened(kept)))
            except SlackError:
                found.append((kept.tenant, None))
        return found

    async def keep(self, grant: OAuthToken) -> None:
        """Keep a new token, instead of one that was there."""
        async with self.store.write_transaction() as work:
            await work.installations.save(grant.sealed(self.seal))
        self._recent.clear()

    async def drop(self, tenant: str, at: float) -> Sequence[str]:
        """Forget the token of what was removed `at` then, in seconds since 1970, and who lived off it.

        Gives the tenants that are gone: none if Hallway was installed there again since.
        """
        async with self.store.write_transaction() as work:
            known = await work.installations.get(PLATFORM, tenant)
            if known and known.sealed and self._since(known) > at:
                return ()
            gone = await work.installations.remove(PLATFORM, tenant)
        self._recent.clear()
        return gone or (tenant,)

    async def is_good(self, tenant: str) -> bool:
        """Whether Slack takes the token that we have for a tenant."""
        kept = await self._kept(tenant, "")
        try:
            return kept is not None and await _is_good(self.client, self.renewal.opened(kept).token)
        except SlackError:
            return False

    async def keep_fresh(self) -> None:
        """For as long as the process runs: renew in time, whoever may need it."""
        while True:
            try:
                await self.freshen()
            except HallwayError as fault:
                log.warning("the tokens could not be looked at", fault=str(fault))
            await asyncio.sleep(ROUND)

    async def freshen(self) -> None:
        """Renew what ends soon; what an old key sealed is sealed with the newest one."""
        for kept in await self._all():
            try:
                fresh = await self.renewal.fresh(kept, AHEAD)
                if not self.seal.is_newest(fresh.sealed):
                    await self.renewal.reseal(fresh)
            except SlackError as fault:
                log.warning("a token could not be renewed", tenant=kept.tenant, fault=str(fault))

    async def _all(self) -> Sequence[Installation]:
        async with self.store.read_transaction() as work:
            return await work.installations.all(PLATFORM)

    async def _kept(self, team: str, enterprise: str) -> Installation | None:
        """The installation that speaks in a workspace."""
        async with self.store.read_transaction() as work:
            own = await work.installations.get(PLATFORM, team)
            if own and not own.org:
                return own
            org = await work.installations.get(PLATFORM, own.org if own else enterprise)
        if org and own is None and team:
            # A message to people there is sent without a request that says which organization they belong to.
            async with self.store.write_transaction() as work:
                await work.installations.save(Installation(PLATFORM, team, org=org.tenant))
        return org

    def _since(self, kept: Installation) -> float:
        """When it was installed; long ago, where that cannot be read."""
        try:
            return OAuthToken.opened(self.seal, kept).since
        except CipherError:
            return 0.0


async def _is_good(client: AsyncWebClient, token: str) -> bool:
    """Whether Slack takes a token; False too where it does not answer."""
    try:
        await told(client.auth_test(token=token))
    except SlackError:
        return False
    return True
