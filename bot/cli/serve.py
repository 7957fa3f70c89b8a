"""`hallway run`: every platform whose credentials are set, and the web side, until SIGTERM."""

import asyncio
import signal
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from uuid import uuid4

import structlog

from adapters.web import build, serve
from bot.app.delivery.leases import LeaseManager
from bot.app.ports import Clock, DeliveryFilter
from bot.cli.application import Application, build_application
from bot.cli.health import OutboxMetrics, checks, registry_of
from bot.cli.platforms import platforms
from bot.config import Settings
from bot.domain.errors import StoreError
from bot.storage.pubsub import listen

FINISHING = 4.0
"""Seconds for the messages in flight when we stop."""
TIDYING = 6 * 60 * 60
"""Seconds between two looks for what is to be forgotten."""

log = structlog.get_logger("hallway.run")


async def run(settings: Settings, clock: Clock, speed: float = 1) -> None:
    """Serve until SIGTERM or SIGINT, then finish what is held. Raises the fault of a platform that cannot go on."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    leases = LeaseManager(f"{socket.gethostname()[:20]}-{uuid4().hex[:12]}", [])
    served = platforms(settings, leases)
    leases.platforms = tuple(served)
    messengers = {name: each.messenger for name, each in served.items()}
    scopes: Sequence[DeliveryFilter] = [DeliveryFilter(name) for name in served]
    async with AsyncExitStack() as stack:
        database = settings.database_url.get_secret_value()
        opened = build_application(database, clock, messengers, scopes, speed, settings.feed_hosts, leases)
        application = await stack.enter_async_context(opened)
        await stack.enter_async_context(_sharing(application, leases))
        parts = (application.dispatch, application.communities, application.store)
        serving = [await stack.enter_async_context(platform.serving(*parts)) for platform in served.values()]
        # Served after the platforms, and closed before them: they are there for whatever comes over HTTP.
        routes = [route for each in served.values() for route in each.routes]
        application.metrics.paced |= {name: each.pacer.waited for name, each in served.items()}
        look = OutboxMetrics(application.store, clock, served, application.metrics, application.scheduler.lanes)
        ready = checks(application.store, {"ticker": application.delivery_loop, "feeds": application.feed_loop}, served)
        app = build(ready, registry_of(application.metrics), routes, look.refresh)
        port = await stack.enter_async_context(serve(app, settings.http_host, settings.http_port))
        log.info("serving", host=settings.http_host, port=port, platforms=sorted(served))
        await _serve_until(stopped, application, serving)
    log.info("stopped")


@asynccontextmanager
async def _sharing(application: Application, leases: LeaseManager) -> AsyncIterator[None]:
    """Share the work with other processes: hold leases, and be told at once what they owe soon."""
    tasks = [
        asyncio.create_task(leases.keep(application.store)),
        asyncio.create_task(listen(application.database, application.delivery_loop.wake)),
    ]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        with suppress(StoreError):
            await leases.leave(application.store)


async def _serve_until(stopped: asyncio.Event, application: Application, serving: Sequence[asyncio.Task[None]]) -> None:
    """Stops in this order: nothing more is claimed, what is in flight is finished, then the platforms hang up."""
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
        await asyncio.wait({delivering}, timeout=FINISHING)
        # A delivery that its platform does not answer stays claimed: the next process sends it under the same key.
        await application.scheduler.finish(FINISHING)
        tasks = (delivering, *others, tidying, asked)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    for task in done - {asked}:
        # A platform ends on its own only if it cannot go on: its fault is ours.
        task.result()


async def _tidy(application: Application) -> None:
    """Forget what is to be forgotten, now and then."""
    while True:
        try:
            forgotten = await application.communities.forget_long_gone()
        except StoreError as fault:
            log.warning("nothing could be tidied", fault=str(fault))
        else:
            log.info("tidied", communities=forgotten)
        await asyncio.sleep(TIDYING)
