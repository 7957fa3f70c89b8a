"""How `hallway run` is watched: is it ready, and what has it counted."""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from prometheus_client import CollectorRegistry, ProcessCollector

from adapters.web import Check, MeterCollector, NotReadyError
from bot.app.delivery.worker import LaneState
from bot.app.ports import Clock, Store
from bot.app.runtime.job_loop import JobLoop
from bot.app.runtime.metrics import Metrics
from bot.cli.platforms import Platform
from bot.domain.errors import StoreError

PATIENCE = 5.0
"""Seconds that the database has to answer a check."""
SOON = timedelta(hours=1)
FRESH = 15.0
"""Seconds for which what the store said of the outbox is told again."""


def registry_of(metrics: Metrics) -> CollectorRegistry:
    """What `/metrics` exposes: the process, and what it counted."""
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    registry.register(MeterCollector(metrics))
    return registry


@dataclass(slots=True)
class OutboxMetrics:
    """Looks at the outbox for whoever scrapes, at most every 15 seconds however many do."""

    store: Store
    clock: Clock
    platforms: Collection[str]
    metrics: Metrics
    lanes: Callable[[], Sequence[LaneState]] = tuple
    _looked_at: float | None = None
    _looking: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def refresh(self) -> None:
        """Tell the meter what is owed; nothing rather than something old where the store does not answer."""
        self.metrics.breakers = {each.lane.name: each.circuit.value for each in self.lanes()}
        async with self._looking:
            now = asyncio.get_running_loop().time()
            if self._looked_at is None or now - self._looked_at >= FRESH:
                self._looked_at = now
                self.metrics.waiting = ()
                try:
                    async with asyncio.timeout(PATIENCE), self.store.read_transaction() as work:
                        moment = self.clock.now()
                        until = moment + SOON
                        self.metrics.waiting = await work.dead_letters.count_waiting(self.platforms, moment, until)
                except (StoreError, TimeoutError):
                    return


def checks(store: Store, tickers: Mapping[str, JobLoop], served: Mapping[str, Platform]) -> dict[str, Check]:
    """What has to be well for us to be ready: the database, whatever ticks, and each platform."""

    async def database() -> None:
        try:
            async with asyncio.timeout(PATIENCE), store.read_transaction() as work:
                await work.key_values.get("ready")
        except StoreError as fault:
            raise NotReadyError from fault

    def ticks(ticker: JobLoop) -> Check:
        async def ticking() -> None:
            if not ticker.heartbeat.is_alive():
                raise NotReadyError

        return ticking

    def of(platform: Platform) -> Check:
        async def connected() -> None:
            if not platform.connected:
                raise NotReadyError

        return connected

    ticking = {name: ticks(ticker) for name, ticker in tickers.items()}
    return {"database": database, **ticking, **{name: of(platform) for name, platform in served.items()}}
