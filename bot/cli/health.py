"""The readiness checks of `hallway run`, and the metrics of deliveries that wait."""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from adapters.web import Check, NotReadyError, PrometheusMetrics
from bot.app.delivery.worker import LaneState
from bot.app.ports import Clock, Store
from bot.app.runtime.job_loop import JobLoop
from bot.cli.platforms import Platform
from bot.domain.errors import StoreError

PATIENCE = 5.0
"""Seconds to wait for an answer of the database."""
SOON = timedelta(hours=1)
FRESH = 15.0
"""Minimum seconds between two counts of the deliveries."""


@dataclass(slots=True)
class OutboxMetrics:
    """Updates the numbers of waiting deliveries and the states of circuit breakers in `metrics`.

    The deliveries are counted at most once in `FRESH` seconds, for any number of scrapers.
    """

    store: Store
    clock: Clock
    platforms: Collection[str]
    metrics: PrometheusMetrics
    lanes: Callable[[], Sequence[LaneState]] = tuple
    _counted_at: float | None = None
    _counting: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def refresh(self) -> None:
        """Update the metrics before a scrape. If the store does not answer, old numbers of deliveries are removed."""
        self.metrics.set_breakers({state.lane.name: state.circuit.value for state in self.lanes()})
        async with self._counting:
            loop_time = asyncio.get_running_loop().time()
            if self._counted_at is None or loop_time - self._counted_at >= FRESH:
                self._counted_at = loop_time
                self.metrics.set_waiting(())
                try:
                    async with asyncio.timeout(PATIENCE), self.store.read_transaction() as work:
                        now = self.clock.now()
                        self.metrics.set_waiting(await work.dead_letters.count_waiting(self.platforms, now, now + SOON))
                        feeds = await work.feeds.all()
                        failing, held = sum(feed.failures > 0 for feed in feeds), sum(bool(feed.held) for feed in feeds)
                        self.metrics.set_feeds(failing, held)
                except (StoreError, TimeoutError):
                    return


def checks(store: Store, loops: Mapping[str, JobLoop], platforms: Mapping[str, Platform]) -> dict[str, Check]:
    """Return the checks of `/readyz` by name: the database answers, each loop runs, and each platform is connected."""

    async def database() -> None:
        try:
            async with asyncio.timeout(PATIENCE), store.read_transaction() as work:
                await work.key_values.get("ready")
        except StoreError as error:
            raise NotReadyError from error

    runs = {name: _runs(loop) for name, loop in loops.items()}
    connected = {name: _is_connected(platform) for name, platform in platforms.items()}
    return {"database": database, **runs, **connected}


def _runs(loop: JobLoop) -> Check:
    async def check() -> None:
        if not loop.heartbeat.is_alive():
            raise NotReadyError

    return check


def _is_connected(platform: Platform) -> Check:
    async def check() -> None:
        if not platform.connected:
            raise NotReadyError

    return check
