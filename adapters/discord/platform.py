"""Discord for as long as the process runs: connects, reconnects, gives up only on a token that is refused."""

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

from adapters.discord.client import ClientDependencies, ManyShards, OneShard, new_client
from adapters.discord.guild_events import DirectMessageOpener, GuildEvents
from adapters.discord.interactions import PATIENCE, DiscordInteractionHandler
from adapters.discord.limits import Limits
from adapters.discord.messenger import DiscordMessenger
from adapters.discord.permissions import intents
from adapters.discord.shards import names_of, shards_of
from bot.app.access.communities import CommunityService
from bot.app.access.direct_messages import DmChannels
from bot.app.delivery.leases import LeaseManager
from bot.app.delivery.rate_limiter import RateLimiter
from bot.app.dispatcher import Dispatch
from bot.app.ports import Store
from bot.domain.errors import HallwayError

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
CLOSING, HANGING_UP = 2.0, 2
"""Seconds for the answers under way when we stop, and for Discord to say goodbye."""
BAD_TOKEN = "Discord refuses the token: copy it anew from the Bot page of the application into HALLWAY_DISCORD_TOKEN."  # noqa: S105 — a sentence
AUTHENTICATION_FAILED, SHARDING_REQUIRED = 4004, 4011

log = structlog.get_logger("hallway.discord")


class PlatformError(HallwayError):
    """A platform cannot be used, and trying again will not help."""


@dataclass(frozen=True, slots=True)
class Line:
    """Where Discord is, and who we are there; the addresses are for another server that speaks Discord."""

    token: str = field(repr=False)
    api_url: str | None = None
    gateway_url: str | None = None

    def point(self) -> None:
        """Point discord.py at the addresses: it has no other way than one for the whole process."""
        if self.api_url:
            discord.http.Route.BASE = self.api_url.rstrip("/")
        if self.gateway_url:
            DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(self.gateway_url)


@dataclass(slots=True)
class DiscordPlatform:
    """The platform: `messenger` sends, `serving` answers. `patience` are the seconds until an answer is promised.

    `first_pause` is how many seconds at most it waits before it connects anew. With a `keeper` it shares the
    connections with other processes.
    """

    line: Line
    patience: float = PATIENCE
    first_pause: float = FIRST_PAUSE
    leases: LeaseManager | None = None
    messenger: DiscordMessenger = field(init=False)
    connected: bool = False
    _came_up: bool = False
    _open: list[discord.Client] = field(default_factory=list)
    _client: OneShard | ManyShards | None = None

    def __post_init__(self) -> None:
        """The messenger exists before there is a client."""
        leases = self.leases
        limits = Limits() if leases is None else Limits(is_ours=lambda: leases.owns(names_of(1)[0]))
        self.messenger = DiscordMessenger(self._logged_in, limits)

    @property
    def pacer(self) -> RateLimiter:
        """What the messenger's requests wait for."""
        return self.messenger.limits.pacer

    @property
    def routes(self) -> Sequence[web.AbstractRouteDef]:
        """None: Discord is spoken over its gateway."""
        return ()

    @asynccontextmanager
    async def serving(
        self, dispatch: Dispatch, hosting: CommunityService, store: Store
    ) -> AsyncIterator[asyncio.Task[None]]:
        """Serves while the block runs; the task fails with `PlatformError` if it cannot go on."""
        self.line.point()
        acquaintances = DirectMessageOpener(DmChannels(store), self.messenger)
        desk = DiscordInteractionHandler(dispatch, acquaintances, self.patience)
        staff = ClientDependencies(desk, GuildEvents(hosting), store, self._up)
        task = asyncio.create_task(self._serve(staff))
        try:
            yield task
        finally:
            with suppress(TimeoutError):
                await asyncio.wait_for(desk.finish(), CLOSING)
            # Whatever it is at, it closes its client before it ends. Once is not enough: the `wait_for` of Python 3.11
            # forgets a cancellation that meets a failure.
            for _ in range(HANGING_UP):
                task.cancel()
                if (await asyncio.wait({task}, timeout=1))[0]:
                    await self._hang_up()
                    break

    async def _serve(self, staff: ClientDependencies) -> None:
        """One connection after another; the pause between two grows, with jitter, while none of them succeeds."""
        pause = self.first_pause
        while True:
            try:
                await self._connect(staff)
            except discord.LoginFailure:
                raise PlatformError(BAD_TOKEN) from None
            except discord.ConnectionClosed as error:
                if error.code == AUTHENTICATION_FAILED:
                    raise PlatformError(BAD_TOKEN) from None
                log.warning("Discord closed the connection", code=error.code)
            except (discord.DiscordException, aiohttp.ClientError, OSError, TimeoutError) as error:
                log.warning("no connection to Discord", fault=type(error).__name__)
            except AttributeError:
                # discord.py 2.7 asks its first, missing connection for a sequence number when that one fails.
                log.warning("no connection to the gateway of Discord")
            pause = self.first_pause if self._came_up else min(pause * 2, LONGEST_PAUSE)
            self._came_up = False
            await asyncio.sleep(random.uniform(pause / 2, pause))  # noqa: S311 — only spreads the load

    async def _connect(self, staff: ClientDependencies) -> None:
        """Connect what is ours, until it fails or something else is ours."""
        count, gateway = await self._asked()
        if self.line.gateway_url is None:
            DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway)
        names = names_of(count)
        ours = await self._turn(names)
        self._client = new_client(staff, self.messenger.limits, shards_of(ours, count))
        self._open.append(self._client)
        serving = asyncio.create_task(self._client.start(self.line.token))
        watching = asyncio.create_task(self._others(names, ours))
        try:
            await asyncio.wait({serving, watching}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            watching.cancel()
            if not serving.done():
                serving.cancel()
            await self._hang_up()
            await asyncio.wait({serving, watching}, timeout=1)
        if serving.done() and not serving.cancelled():
            serving.result()

    async def _turn(self, names: list[str]) -> frozenset[str]:
        """The connections that are ours; waits while other processes have them all, and people reach us there."""
        if self.leases is None:
            return frozenset(names)
        self.leases.want(names)
        self.connected = True
        ours = self.leases.owned(names) or await self.leases.changed(names, frozenset())
        self.connected = False
        return ours

    async def _others(self, names: list[str], ours: frozenset[str]) -> None:
        """Until other connections are ours than these."""
        if self.leases is None:
            await asyncio.Event().wait()
        else:
            await self.leases.changed(names, ours)

    async def _asked(self) -> tuple[int, str]:
        """How many connections Discord wants of us, and where."""
        asking = discord.Client(intents=intents(), http_trace=self.messenger.limits.trace())
        self._open.append(asking)
        try:
            await asking.login(self.line.token)
            shards, gateway, _ = await asking.http.get_bot_gateway()
            return shards, gateway
        finally:
            await self._hang_up()

    async def _hang_up(self) -> None:
        """Close whatever is open; safe to call again where a cancellation cut it short."""
        self._client, self.connected = None, False
        for client in list(self._open):
            # A client that never came up has nothing to close, and says so with an AttributeError.
            with suppress(AttributeError):
                await asyncio.shield(client.close())
            self._open.remove(client)

    def _logged_in(self) -> discord.Client | None:
        client = self._client
        return client if client is not None and client.user is not None and not client.is_closed() else None

    def _up(self, up: bool) -> None:  # noqa: FBT001 — a state, told as it changes
        self.connected, self._came_up = up, self._came_up or up
