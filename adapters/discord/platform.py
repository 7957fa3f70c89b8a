"""The Discord platform: connects and reconnects while the process runs; only a refused token ends it."""

import asyncio
import random
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import aiohttp
import discord
import structlog
import yarl
from aiohttp import web
from discord.gateway import DiscordWebSocket

from adapters.discord.client import (
    SINGLE,
    ClientDependencies,
    ManyShardsClient,
    SingleShardClient,
    new_client,
)
from adapters.discord.guild_events import DirectMessageOpener, GuildEvents
from adapters.discord.interactions import PATIENCE, DiscordInteractionHandler
from adapters.discord.limits import TokenLimits
from adapters.discord.messenger import DiscordMessenger
from adapters.discord.plain_words import PlainWordsHandler
from adapters.discord.shards import Shards, shard_names, shards_named
from bot.app.access.communities import CommunityService
from bot.app.access.direct_messages import DmChannels
from bot.app.delivery.leases import LeaseManager
from bot.app.delivery.rate_limiter import RateLimiter
from bot.app.dispatcher import Dispatcher
from bot.app.ports import Store
from bot.domain.errors import HallwayError, StoreError

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
"""Seconds between two attempts to connect."""
FINISHING, CANCEL_ATTEMPTS = 2.0, 2
"""When we stop: seconds for running answers, and attempts to cancel the connection, a second each."""
CLOSING = 2.0
"""Seconds for closing a client."""
BAD_TOKEN = "Discord refuses the token: copy it again from the Bot page of the application into HALLWAY_DISCORD_TOKEN."  # noqa: S105 — a message
AUTHENTICATION_FAILED, SHARDING_REQUIRED = 4004, 4011

log = structlog.get_logger("hallway.discord")


class PlatformError(HallwayError):
    """The platform cannot be used, and trying again will not help."""


@dataclass(frozen=True, slots=True)
class ConnectionSettings:
    """The bot's token, and the addresses to use in place of Discord's own, such as those of a test server."""

    token: str = field(repr=False)
    api_url: str | None = None
    gateway_url: str | None = None

    def apply(self) -> None:
        """Set the addresses in discord.py, for the whole process: it has no other way."""
        if self.api_url:
            discord.http.Route.BASE = self.api_url.rstrip("/")
        if self.gateway_url:
            DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(self.gateway_url)


@dataclass(slots=True)
class DiscordPlatform:
    """`messenger` sends deliveries; `serving` answers interactions.

    Attributes:
        settings: the token and the addresses.
        patience: seconds until a slow answer is announced.
        first_pause: seconds until the second attempt to connect, at most.
        leases: shares the gateway connections with other processes; None for a single process.
        connected: whether people are served, by this process or by others.
    """

    settings: ConnectionSettings
    patience: float = PATIENCE
    first_pause: float = FIRST_PAUSE
    leases: LeaseManager | None = None
    messenger: DiscordMessenger = field(init=False)
    connected: bool = False
    _has_connected: bool = False
    _open: list[discord.Client] = field(default_factory=list)
    _client: SingleShardClient | ManyShardsClient | None = None

    def __post_init__(self) -> None:
        """Make the messenger, which exists before the first connection."""
        leases = self.leases
        limits = TokenLimits() if leases is None else TokenLimits(is_ours=lambda: leases.owns(shard_names(1)[0]))
        self.messenger = DiscordMessenger(self._logged_in, limits)

    @property
    def pacer(self) -> RateLimiter:
        """The rate limiter of the token's requests."""
        return self.messenger.limits.pacer

    @property
    def routes(self) -> Sequence[web.AbstractRouteDef]:
        """No HTTP routes: interactions come through the gateway."""
        return ()

    @asynccontextmanager
    async def serving(
        self, dispatch: Dispatcher, hosting: CommunityService, store: Store
    ) -> AsyncIterator[asyncio.Task[None]]:
        """Serve while the block runs. The yielded task fails with `PlatformError` if Discord refuses the token."""
        self.settings.apply()
        dm_opener = DirectMessageOpener(DmChannels(dispatch.store), self.messenger)
        handler = DiscordInteractionHandler(dispatch=dispatch, dm_opener=dm_opener, patience=self.patience)
        dependencies = ClientDependencies(
            handler=handler,
            plain_words=PlainWordsHandler(dispatch, self.messenger, dm_opener, handler.running),
            guild_events=GuildEvents(hosting),
            store=store,
            on_connection=self._on_connection,
        )
        task = asyncio.create_task(self._serve(dependencies))
        try:
            yield task
        finally:
            with suppress(TimeoutError):
                async with asyncio.timeout(FINISHING):
                    await handler.finish()
            # A cancelled task closes its client before it ends. One cancellation may not be enough: the `wait_for` of
            # Python 3.11 loses it if the awaited call fails at the same time.
            for _ in range(CANCEL_ATTEMPTS):
                task.cancel()
                if (await asyncio.wait({task}, timeout=1))[0]:
                    await self._close_clients()
                    break

    async def _serve(self, dependencies: ClientDependencies) -> None:
        """Connect again and again; the pause between two attempts doubles, with jitter, until one succeeds."""
        pause = self.first_pause
        while True:
            try:
                await self._connect(dependencies)
            except discord.LoginFailure:
                raise PlatformError(BAD_TOKEN) from None
            except discord.ConnectionClosed as error:
                if error.code == AUTHENTICATION_FAILED:
                    raise PlatformError(BAD_TOKEN) from None
                log.warning("Discord closed the connection", code=error.code)
            except (discord.DiscordException, aiohttp.ClientError, OSError, TimeoutError) as error:
                log.warning("no connection to Discord", fault=type(error).__name__)
            except StoreError as error:
                log.warning("no connection to Discord, as the database cannot be used", fault=str(error))
            except AttributeError:
                # If its first connection fails, discord.py 2.7 reads an attribute of the connection it does not have.
                log.warning("no connection to the gateway of Discord")
            pause = self.first_pause if self._has_connected else min(pause * 2, LONGEST_PAUSE)
            self._has_connected = False
            await asyncio.sleep(random.uniform(pause / 2, pause))  # noqa: S311 — only spreads the load

    async def _connect(self, dependencies: ClientDependencies) -> None:
        """Connect our shards, until the connection fails or other shards become ours.

        People wait for the connection, so nothing is asked before it that can be asked later.
        """
        try:
            client, count = await self._log_in(dependencies)
            names = shard_names(count)
            owned = await self._owned_shards(names)
            shards = shards_named(owned, count)
            if shards != SINGLE:
                await self._close_clients()
                client = await self._new_client(dependencies, shards)
            await self._serve_shards(client, names, owned)
        finally:
            await self._close_clients()

    async def _serve_shards(
        self, client: SingleShardClient | ManyShardsClient, names: list[str], owned: frozenset[str]
    ) -> None:
        self._client = client
        serving = asyncio.create_task(client.connect())
        watching = asyncio.create_task(self._wait_for_other_shards(names, owned))
        try:
            await asyncio.wait({serving, watching}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            watching.cancel()
            if not serving.done():
                serving.cancel()
            await self._close_clients()
            await asyncio.wait({serving, watching}, timeout=1)
        if serving.done() and not serving.cancelled():
            serving.result()

    async def _owned_shards(self, names: list[str]) -> frozenset[str]:
        """The names of our shards; waits while other processes have them all, and serve people."""
        if self.leases is None:
            return frozenset(names)
        self.leases.want(names)
        self.connected = True
        owned = self.leases.granted(names) or await self.leases.changed(names, frozenset())
        self.connected = False
        return owned

    async def _wait_for_other_shards(self, names: list[str], owned: frozenset[str]) -> None:
        """Return when other shards than these are ours."""
        if self.leases is None:
            await asyncio.Event().wait()
        else:
            await self.leases.changed(names, owned)

    async def _log_in(self, dependencies: ClientDependencies) -> tuple[SingleShardClient | ManyShardsClient, int]:
        """A client for one shard, as nearly every bot needs, and the number of shards that Discord recommends."""
        client = await self._new_client(dependencies, SINGLE)
        count, gateway, _ = await client.http.get_bot_gateway()
        if self.settings.gateway_url is None:
            DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway)
        return client, count

    async def _new_client(
        self, dependencies: ClientDependencies, shards: Shards
    ) -> SingleShardClient | ManyShardsClient:
        """A client that is logged in."""
        client = new_client(dependencies, self.messenger.limits, shards)
        self._open.append(client)
        await client.login(self.settings.token)
        return client

    async def _close_clients(self) -> None:
        """Close all open clients; safe to call again if a cancellation interrupted it."""
        self._client, self.connected = None, False
        for client in list(self._open):
            # discord.py raises an AttributeError if the client has never connected.
            with suppress(AttributeError, TimeoutError):
                async with asyncio.timeout(CLOSING):
                    await asyncio.shield(client.close())
            self._open.remove(client)

    def _logged_in(self) -> discord.Client | None:
        client = self._client
        return client if client is not None and client.user is not None and not client.is_closed() else None

    def _on_connection(self, connected: bool) -> None:  # noqa: FBT001 — the new state
        self.connected, self._has_connected = connected, self._has_connected or connected
