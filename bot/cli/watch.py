"""How `hallway run` is watched: is it ready, and what has it counted."""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from prometheus_client import CollectorRegistry, ProcessCollector

from adapters.web import Check, MeterCollector, NotReady
from bot.app.meter import Meter
from bot.app.ports import Clock, Store
from bot.app.runner import LaneState
from bot.app.ticker import Ticker
from bot.cli.platforms import Platform
from bot.domain.errors import StoreFault

PATIENCE = 5.0
"""Seconds that the database has to answer a check."""
SOON = timedelta(hours=1)
FRESH = 15.0
"""Seconds for which what the store said of the outbox is told again."""


def registry_of(meter: Meter) -> CollectorRegistry:
    """What `/metrics` exposes: the process, and what it counted."""
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    registry.register(MeterCollector(meter))
    return registry


@dataclass(slots=True)
class Look:
    """Looks at the outbox for whoever scrapes, at most every 15 seconds however many do."""

    store: Store
    clock: Clock
    platforms: Collection[str]
    meter: Meter
    lanes: Callable[[], Sequence[LaneState]] = tuple
    _looked_at: float | None = None
    _looking: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def refresh(self) -> None:
        """Tell the meter what is owed; nothing rather than something old where the store does not answer."""
        self.meter.breakers = {each.lane.name: each.circuit.value for each in self.lanes()}
        async with self._looking:
            now = asyncio.get_running_loop().time()
            if self._looked_at is None or now - self._looked_at >= FRESH:
                self._looked_at = now
                self.meter.waiting = ()
                try:
                    async with asyncio.timeout(PATIENCE), self.store.reading() as work:
                        moment = self.clock.now()
                        self.meter.waiting = await work.ledger.waiting(self.platforms, moment, moment + SOON)
                except (StoreFault, TimeoutError):
                    return


def checks(store: Store, tickers: Mapping[str, Ticker], served: Mapping[str, Platform]) -> dict[str, Check]:
    """What has to be well for us to be ready: the database, whatever ticks, and each platform."""

    async def database() -> None:
        try:
            async with asyncio.timeout(PATIENCE), store.reading() as work:
                await work.marks.get("ready")
        except StoreFault as fault:
            raise NotReady from fault

    def ticks(ticker: Ticker) -> Check:
        async def ticking() -> None:
            if not ticker.pulse.is_alive():
                raise NotReady

        return ticking

    def of(platform: Platform) -> Check:
        async def connected() -> None:
            if not platform.connected:
                raise NotReady

        return connected

    ticking = {name: ticks(ticker) for name, ticker in tickers.items()}
    return {"database": database, **ticking, **{name: of(platform) for name, platform in served.items()}}
