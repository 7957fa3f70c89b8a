"""`hallway run`: every platform whose credentials are set, and the web side, until SIGTERM."""

import asyncio
import gc
import signal
from collections.abc import Sequence

import structlog
from prometheus_client import CollectorRegistry, ProcessCollector

from adapters.web import NotReady, build, serve
from bot.app.ports import Clock, Messenger, Scope
from bot.cli.wiring import House, open_house
from bot.config import Settings
from bot.domain.errors import StoreFault

log = structlog.get_logger("hallway.run")


def platforms(settings: Settings) -> dict[str, Messenger]:
    """The messengers of the platforms that have credentials: none yet, for their adapters are still to come."""
    del settings
    return {}


async def run(settings: Settings, clock: Clock, speed: float = 1) -> None:
    """Serve until SIGTERM or SIGINT, then finish what is held."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    messengers = platforms(settings)
    scopes: Sequence[Scope] = [Scope(platform) for platform in messengers]
    async with open_house(settings.database_url.get_secret_value(), clock, messengers, scopes, speed) as house:
        app = build({"database": lambda: _database_answers(house)}, _metrics())
        async with serve(app, settings.http_host, settings.http_port) as port:
            # What is loaded now stays: the garbage collector need not walk it in the middle of a peak.
            gc.freeze()
            log.info("serving", host=settings.http_host, port=port, platforms=sorted(messengers))
            await _tick_until(house, stopped)
    log.info("stopped")


async def _tick_until(house: House, stopped: asyncio.Event) -> None:
    house.alarm.start(house.ticker.ring)
    ticking = asyncio.create_task(house.ticker.run())
    await stopped.wait()
    house.ticker.stop()
    await ticking


async def _database_answers(house: House) -> None:
    try:
        await house.outbox.next_due()
    except StoreFault as fault:
        raise NotReady from fault


def _metrics() -> CollectorRegistry:
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    return registry
