"""Starts the HTTP server on the public port, and on the port for monitoring."""

import time
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from importlib.util import find_spec
from urllib.parse import urlsplit

import structlog
from aiohttp import web

from adapters.mcp.absent import absent_routes
from adapters.web import Connections, Monitoring, Watchers, WebLimits, build, serve
from adapters.web.clients import client_of
from bot.app.dispatcher import Dispatcher
from bot.app.runtime.metrics import Metrics
from bot.app.text.web_side import WebSide, web_side
from bot.config import Settings
from bot.pictures.page_map import page_map

log = structlog.get_logger("hallway.web")


def web_of(settings: Settings) -> WebSide | None:
    """Return the public addresses of this installation; None if the operator has set no public address."""
    return web_side(settings.public_url, settings.secret_key.get_secret_value() if settings.secret_key else "")


def page_routes(settings: Settings, dispatch: Dispatcher, metrics: Metrics) -> Sequence[web.AbstractRouteDef]:
    """Return the routes of the pages and calendars; none without a public address."""
    if dispatch.web is None:
        return ()
    from adapters.web.public_pages import Operator  # noqa: PLC0415 — as below
    from adapters.web.site import Site  # noqa: PLC0415 — the templates take a tenth of a second to import

    operator = Operator(settings.operator_name, settings.operator_contact, settings.pages_folder)
    limits = WebLimits(time.monotonic, metrics.request_refused)
    return Site(dispatch, dispatch.store, dispatch.web, limits, page_map, operator).routes


@asynccontextmanager
async def assistant_routes(
    settings: Settings, dispatch: Dispatcher, metrics: Metrics
) -> AsyncIterator[Sequence[web.AbstractRouteDef]]:
    """Yield the routes for assistants; none without a public address.

    Without the extra `mcp` they say how to install it.
    """
    if dispatch.web is None:
        yield ()
        return
    if find_spec("mcp") is None:
        yield absent_routes()
        return
    from adapters.mcp.http import AssistantRoutes  # noqa: PLC0415 — an extra

    limits = WebLimits(time.monotonic, metrics.request_refused)

    def admit(request: web.Request, digest: str) -> None:
        limits.check(client_of(request), digest)

    secret = settings.slack_signing_secret.get_secret_value() if settings.slack_signing_secret else ""
    assistants = AssistantRoutes(dispatch, dispatch.store, secret, admit)
    async with assistants.serving():
        yield assistants.routes


@asynccontextmanager
async def serving_web(
    settings: Settings, monitoring: Monitoring, routes: Iterable[web.AbstractRouteDef], connections: Connections
) -> AsyncIterator[int]:
    """Serve while the block runs, and yield the public port."""
    token = settings.metrics_token.get_secret_value() if settings.metrics_token else ""
    public_host = urlsplit(settings.public_url or "").hostname or ""
    apart = settings.metrics_port is not None
    public = build(monitoring, routes, connections, Watchers(token, public_host, elsewhere=apart))
    async with serve(public, settings.http_host, settings.http_port) as port:
        if settings.metrics_port is None:
            yield port
            return
        # A separate port is for monitoring: everybody who reaches it may read it, unless there is a token.
        watched = build(monitoring, watchers=Watchers(token, trusts_all=True))
        setting = "HALLWAY_METRICS_PORT"
        async with serve(watched, settings.http_host, settings.metrics_port, setting) as metrics_port:
            log.info("serving metrics", port=metrics_port)
            yield port
