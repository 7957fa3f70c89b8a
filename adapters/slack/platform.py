"""Slack for as long as the process runs: over HTTP or Socket Mode, in one workspace or in many."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field

import aiohttp
import structlog
from aiohttp import web
from slack_bolt.async_app import AsyncApp

from adapters.slack.app import bolt_app
from adapters.slack.deduplicator import Deduplicator
from adapters.slack.home import HomeTab
from adapters.slack.http import Inbound
from adapters.slack.interactions import SlackInteractionHandler
from adapters.slack.messenger import Line, SlackMessenger
from adapters.slack.oauth.installations import BAD_TOKEN
from adapters.slack.oauth.token import PLATFORM
from adapters.slack.oauth.workspaces import Credentials, WorkspaceService
from adapters.slack.paced_client import Api
from adapters.slack.responder import Responder
from adapters.slack.socket_mode import PINGS, Socket
from adapters.slack.web_client import PATIENCE, SlackError, new_client
from bot.app.access.communities import CommunityService
from bot.app.delivery.rate_limiter import RateLimiter
from bot.app.dispatcher import Dispatch
from bot.app.ports import Clock, Store
from bot.domain.errors import StoreError
from bot.timing.clock import SystemClock

CLOSING = 3.0
"""Seconds for the answers under way when we stop."""
AT_ONCE = 100
"""Connections to Slack that may be open at a time; all calls share them."""
AGAIN = 10.0
"""Seconds after which Slack is asked again who we are, where it did not answer."""

log = structlog.get_logger("hallway.slack")


@dataclass(frozen=True, slots=True)
class Setup:
    """How we speak with Slack: by what right, where it is, and how it reaches us.

    With an `app_token` it is Socket Mode, else HTTP, which the `signing_secret` guards.
    """

    credentials: Credentials
    api_url: str | None = None
    app_token: str = field(default="", repr=False)
    signing_secret: str = field(default="", repr=False)


@dataclass(slots=True)
class SlackPlatform:
    """The platform: `messenger` sends, `serving` answers, `routes` are what it is asked over HTTP.

    `clock` is the real one: signatures are good for minutes of real time, also where a day is rehearsed. `pings` are
    the seconds between two looks at a socket, `again` those until Slack is asked again who we are.
    """

    setup: Setup
    clock: Clock = field(default_factory=SystemClock)
    messenger: SlackMessenger = field(default_factory=SlackMessenger)
    routes: Sequence[web.AbstractRouteDef] = ()
    connected: bool = False
    desk: SlackInteractionHandler | None = None
    pings: float = PINGS
    again: float = AGAIN
    pacer: RateLimiter = field(default_factory=RateLimiter)

    @asynccontextmanager
    async def serving(
        self, dispatch: Dispatch, hosting: CommunityService, store: Store
    ) -> AsyncIterator[asyncio.Task[None]]:
        """Serves while the block runs; the task fails with `SlackError` if it cannot go on."""
        async with AsyncExitStack() as stack:
            # One session for all that we ask: each call would open a connection of its own.
            connector, patience = aiohttp.TCPConnector(limit=AT_ONCE), aiohttp.ClientTimeout(total=PATIENCE)
            session = await stack.enter_async_context(aiohttp.ClientSession(connector=connector, timeout=patience))
            client = new_client(self.setup.api_url, session)
            membership = WorkspaceService.of(self.setup.credentials, client, store, hosting)
            desk, api = self._desk(dispatch, store, membership, Api(client, session, self.pacer))
            app = bolt_app(desk, membership.farewell, client, self.setup.signing_secret)
            self.messenger.line = Line(api, membership.workspaces, lambda tenant: hosting.left(PLATFORM, tenant))
            inbound = Inbound(app, self.setup.signing_secret, self.clock.now, desk.rush)
            self.desk, self.routes = desk, [*membership.routes, *(() if self.setup.app_token else inbound.routes())]
            await stack.enter_async_context(membership.kept_fresh())
            freshening = asyncio.create_task(desk.homes.keep_fresh())
            task = asyncio.create_task(self._serve(app, membership, hosting))
            try:
                yield task
            finally:
                with suppress(TimeoutError):
                    await asyncio.wait_for(desk.finish(), CLOSING)
                for each in (task, freshening):
                    each.cancel()
                await asyncio.gather(task, freshening, return_exceptions=True)
                self.messenger.line, self.connected = None, False

    def _desk(
        self, dispatch: Dispatch, store: Store, membership: WorkspaceService, api: Api
    ) -> tuple[SlackInteractionHandler, Api]:
        answers = Responder(api, api.session, membership.workspaces)
        homes, once = HomeTab(dispatch, answers), Deduplicator(store, dispatch.clock)
        return SlackInteractionHandler(dispatch, answers, membership.people, self.messenger, homes, once), api

    async def _serve(self, app: AsyncApp, membership: WorkspaceService, hosting: CommunityService) -> None:
        await self._look_around(membership, hosting)
        if self.setup.app_token:
            await Socket(app, self.setup.app_token, self._up, self.pings).listen()
        self._up(True)  # noqa: FBT003 — up it is
        await asyncio.Event().wait()

    async def _look_around(self, membership: WorkspaceService, hosting: CommunityService) -> None:
        """Notice where we are installed; where Slack does not answer yet, it is asked again."""
        while True:
            try:
                for each in await membership.workspaces.all():
                    if each.team:
                        await hosting.joined(PLATFORM, each.team, each.name)
            except SlackError as fault:
                if str(fault) == BAD_TOKEN:
                    raise
                log.warning("cannot see yet where Hallway is installed", fault=str(fault))
            except StoreError as fault:
                log.warning("cannot keep yet where Hallway is installed", fault=str(fault))
            else:
                return
            await asyncio.sleep(self.again)

    def _up(self, up: bool) -> None:  # noqa: FBT001 — a state, told as it changes
        self.connected = up
