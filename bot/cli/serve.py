"""`hallway run`: serves every platform that has credentials, and runs the HTTP server, until SIGTERM."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from functools import partial
from uuid import uuid4

import structlog

from adapters.web import ConnectionLimits, Connections, Monitoring, PrometheusMetrics
from bot.app.delivery.leases import LeaseManager
from bot.app.dispatcher import CommandLimits
from bot.app.ports import Clock, DeliveryFilter
from bot.app.runtime.tasks import cancel_all
from bot.cli.application import Application, build_application
from bot.cli.descriptors import most_connections, raise_descriptor_limit
from bot.cli.details import Details
from bot.cli.garbage import exempt_what_lives
from bot.cli.health import OutboxMetrics, checks
from bot.cli.platforms import not_configured, platforms, unknown_settings
from bot.cli.shutdown import Shutdown, until_signalled
from bot.cli.web_side import assistant_routes, page_routes, serving_web, web_of
from bot.config import Settings
from bot.domain.errors import StoreError
from bot.storage.engine import folder_of
from bot.storage.pubsub import listen

FINISHING, CANCELLING, LEAVING = 3.0, 1.0, 1.0
"""When the process stops: seconds for unfinished messages, for cancelled tasks, and for giving back leases."""
TIDYING = 6 * 60 * 60
"""Seconds between two deletions of expired data."""

log = structlog.get_logger("hallway.run")


async def run(settings: Settings, clock: Clock, speed: float = 1) -> None:
    """Serve until SIGTERM or SIGINT, then finish the messages that are being sent.

    Raises:
        HallwayError: a platform cannot continue.
    """
    await until_signalled(partial(_serve, settings, clock, speed))
    log.info("stopped")


async def _serve(settings: Settings, clock: Clock, speed: float, stop: Shutdown) -> None:
    log.debug("starting")
    for sentence in unknown_settings():
        log.warning("unknown setting", fault=sentence)
    leases = LeaseManager(f"{socket.gethostname()[:20]}-{uuid4().hex[:12]}", [])
    served = platforms(settings, leases)
    leases.platforms = tuple(served)
    metrics = PrometheusMetrics()
    metrics.observe_process()
    for name, platform in served.items():
        platform.pacer.on_wait = partial(metrics.request_waited, name)
    messengers = {name: platform.messenger for name, platform in served.items()}
    scopes: Sequence[DeliveryFilter] = [DeliveryFilter(name) for name in served]
    async with AsyncExitStack() as stack:
        database = settings.database_url.get_secret_value()
        limits = CommandLimits(time.monotonic)
        opened = build_application(
            database, clock, messengers, scopes, speed, settings.feed_hosts, leases, metrics, limits, web_of(settings)
        )
        application = await stack.enter_async_context(opened)
        await stack.enter_async_context(_sharing(application, leases))
        parts = (application.dispatch, application.communities, application.store)
        serving = [await stack.enter_async_context(platform.serving(*parts)) for platform in served.values()]
        # The HTTP server starts after the platforms and closes before them, so that their routes always work.
        routes = [route for platform in served.values() for route in platform.routes]
        routes += page_routes(settings, application.dispatch, metrics)
        routes += await stack.enter_async_context(assistant_routes(settings, application.dispatch, metrics))
        outbox = OutboxMetrics(application.store, clock, served, metrics, application.scheduler.lanes)
        loops = {"ticker": application.delivery_loop, "feeds": application.feed_loop}
        ready = checks(application.probing_store, clock, loops, served, folder_of(application.database))
        connections = Connections(_connection_limits(settings), on_refused=metrics.request_refused)
        details = Details(application.store, application.scheduler.lanes)
        monitoring = Monitoring(ready, metrics.registry, outbox.refresh, details)
        exempt_what_lives()
        port = await stack.enter_async_context(serving_web(settings, monitoring, routes, connections))
        lacking = sorted(not_configured(settings))
        log.info("serving", host=settings.http_host, port=port, platforms=sorted(served), not_configured=lacking)
        stop.is_awaited = True
        await _serve_until(stop.signalled, application, serving)


def _connection_limits(settings: Settings) -> ConnectionLimits:
    total = most_connections(raise_descriptor_limit())
    return ConnectionLimits(total=total, per_address=settings.http_connections_per_address)


@asynccontextmanager
async def _sharing(application: Application, leases: LeaseManager) -> AsyncIterator[None]:
    """Share the work with other processes: renew this process's leases, and wake up when another adds deliveries."""
    tasks = [
        asyncio.create_task(leases.keep(application.store)),
        asyncio.create_task(listen(application.database, application.delivery_loop.wake)),
    ]
    try:
        yield
    finally:
        await cancel_all(tasks, CANCELLING)
        # Leases that cannot be given back end by themselves.
        with suppress(StoreError, TimeoutError):
            async with asyncio.timeout(LEAVING):
                await leases.leave(application.store)


async def _serve_until(stopped: asyncio.Event, application: Application, serving: Sequence[asyncio.Task[None]]) -> None:
    """Run until `stopped` is set; then claim no more deliveries, and finish the messages that are being sent."""
    application.timers.start()
    loops = (application.delivery_loop, application.feed_loop, application.announcement_loop)
    delivering, *others = [asyncio.create_task(loop.run()) for loop in loops]
    tidying = asyncio.create_task(_tidy(application))
    asked = asyncio.create_task(stopped.wait())
    try:
        done, _ = await asyncio.wait({asked, *serving}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for loop in loops:
            loop.stop()
        ends = asyncio.get_running_loop().time() + FINISHING
        await asyncio.wait({delivering}, timeout=FINISHING)
        # If the platform does not answer, the delivery stays claimed, and the next process sends it with the same key.
        await application.scheduler.finish(max(ends - asyncio.get_running_loop().time(), LEAVING))
        await cancel_all((delivering, *others, tidying, asked), CANCELLING)
    for task in done - {asked}:
        # The task of a platform ends by itself only if the platform cannot continue: raise its error.
        task.result()


async def _tidy(application: Application) -> None:
    """Delete the data of communities that removed Hallway long ago."""
    while True:
        try:
            forgotten = await application.communities.forget_long_gone()
        except StoreError as error:
            log.warning("nothing could be tidied", fault=str(error))
        else:
            log.info("tidied", communities=forgotten)
        await asyncio.sleep(TIDYING)
