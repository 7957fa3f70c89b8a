"""Runs Slack for as long as the process lives: over HTTP or Socket Mode, in one workspace or in many."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field

import aiohttp
import structlog
from aiohttp import web
from slack_bolt.async_app import AsyncApp

from adapters.slack.api import SlackApi
from adapters.slack.app import build_bolt_app
from adapters.slack.attachments import FileDownloader
from adapters.slack.deduplicator import Deduplicator
from adapters.slack.home import HomeTab
from adapters.slack.http import HttpReceiver
from adapters.slack.interactions import SlackInteractionHandler
from adapters.slack.messenger import SlackConnection, SlackMessenger
from adapters.slack.oauth.installations import BAD_TOKEN
from adapters.slack.oauth.token import PLATFORM
from adapters.slack.oauth.workspaces import Credentials, WorkspaceService
from adapters.slack.responder import Responder
from adapters.slack.socket_mode import PING_INTERVAL, SocketModeListener
from adapters.slack.unfurling import LinkUnfurler
from adapters.slack.web_client import TIMEOUT, SlackError, new_client
from bot.app.access.communities import CommunityService
from bot.app.delivery.rate_limiter import RateLimiter
from bot.app.dispatcher import Dispatcher
from bot.app.ports import Clock, Store
from bot.app.runtime.tasks import cancel_all
from bot.domain.errors import StoreError
from bot.timing.clock import SystemClock

CLOSING_TIME, CANCELLING_TIME = 3.0, 1.0
"""Seconds that unfinished answers, and then cancelled tasks, get when the platform stops."""
MAX_CONNECTIONS = 100
"""Connections to Slack that may be open at a time, for all calls together."""
RETRY_INTERVAL = 10.0
"""Seconds after which Slack is asked again which workspaces we are in, if it did not answer."""

log = structlog.get_logger("hallway.slack")


@dataclass(frozen=True, slots=True)
class SlackSettings:
    """How to connect to Slack: by Socket Mode with an `app_token`, else over HTTP with the `signing_secret`."""

    credentials: Credentials
    api_url: str | None = None
    app_token: str | None = field(default=None, repr=False)
    signing_secret: str | None = field(default=None, repr=False)


@dataclass(slots=True)
class SlackPlatform:
    """The platform: `messenger` sends, `serving` answers users, `routes` receive requests over HTTP.

    `clock` is the real clock, also in a simulation, because signatures are valid for minutes of real time.
    `ping_interval` and `retry_interval` are in seconds.
    """

    settings: SlackSettings
    clock: Clock = field(default_factory=SystemClock)
    messenger: SlackMessenger = field(default_factory=SlackMessenger)
    routes: Sequence[web.AbstractRouteDef] = ()
    connected: bool = False
    handler: SlackInteractionHandler | None = None
    ping_interval: float = PING_INTERVAL
    retry_interval: float = RETRY_INTERVAL
    pacer: RateLimiter = field(default_factory=RateLimiter)

    @asynccontextmanager
    async def serving(
        self, dispatch: Dispatcher, hosting: CommunityService, store: Store
    ) -> AsyncIterator[asyncio.Task[None]]:
        """Serve while the block runs; the yielded task fails with `SlackError` if the platform cannot go on."""
        async with AsyncExitStack() as stack:
            # All calls share one session; without it, slack_sdk opens a connection for each call.
            connector, timeout = aiohttp.TCPConnector(limit=MAX_CONNECTIONS), aiohttp.ClientTimeout(total=TIMEOUT)
            session = await stack.enter_async_context(aiohttp.ClientSession(connector=connector, timeout=timeout))
            client = new_client(self.settings.api_url, session)
            service = WorkspaceService.from_credentials(self.settings.credentials, client, store, hosting)
            api = SlackApi(client, session, self.pacer)
            handler = self._build_handler(dispatch, service, api)
            app = build_bolt_app(handler, service.uninstalls, client, self.settings.signing_secret)
            self.messenger.connection = SlackConnection(
                api, service.workspaces, on_token_lost=lambda tenant: hosting.left(PLATFORM, tenant)
            )
            self.handler, self.routes = handler, [*service.routes, *self._event_routes(app, handler)]
            await stack.enter_async_context(service.tokens_refreshed())
            refreshing = asyncio.create_task(handler.home_tab.keep_fresh())
            serving = asyncio.create_task(self._serve(app, service, hosting))
            try:
                yield serving
            finally:
                with suppress(TimeoutError):
                    async with asyncio.timeout(CLOSING_TIME):
                        await handler.finish()
                await cancel_all((serving, refreshing), CANCELLING_TIME)
                self.messenger.connection, self.connected = None, False

    def _build_handler(self, dispatch: Dispatcher, service: WorkspaceService, api: SlackApi) -> SlackInteractionHandler:
        responder = Responder(api, api.session, service.workspaces)
        deduplicator = Deduplicator(dispatch.store, dispatch.clock)
        return SlackInteractionHandler(
            dispatch=dispatch,
            responder=responder,
            users=service.users,
            messenger=self.messenger,
            home_tab=HomeTab(dispatch, responder),
            deduplicator=deduplicator,
            downloader=FileDownloader(api, service.workspaces),
            unfurler=LinkUnfurler(dispatch, responder, deduplicator),
        )

    def _event_routes(self, app: AsyncApp, handler: SlackInteractionHandler) -> Sequence[web.AbstractRouteDef]:
        secret = self.settings.signing_secret
        if self.settings.app_token or not secret:
            return ()
        return HttpReceiver(app, secret, now=self.clock.now, ack_priority=handler.ack_priority).routes()

    async def _serve(self, app: AsyncApp, service: WorkspaceService, hosting: CommunityService) -> None:
        await self._register_workspaces(service, hosting)
        if self.settings.app_token:
            listener = SocketModeListener(app, self.settings.app_token, self._set_connected, self.ping_interval)
            await listener.listen()
        self.connected = True
        await asyncio.Event().wait()

    async def _register_workspaces(self, service: WorkspaceService, hosting: CommunityService) -> None:
        """Register all workspaces that we are in; retry until Slack and the store answer."""
        while True:
            try:
                for workspace in await service.workspaces.all():
                    if workspace.team:
                        await hosting.joined(PLATFORM, workspace.team, workspace.name)
            except SlackError as fault:
                if str(fault) == BAD_TOKEN:
                    raise
                log.warning("cannot see yet where Hallway is installed", fault=str(fault))
            except StoreError as fault:
                log.warning("cannot keep yet where Hallway is installed", fault=str(fault))
            else:
                return
            await asyncio.sleep(self.retry_interval)

    def _set_connected(self, connected: bool) -> None:  # noqa: FBT001 — the new state
        self.connected = connected
