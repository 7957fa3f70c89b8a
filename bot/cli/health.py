"""The readiness checks of `hallway run`, and the metrics of deliveries that wait."""

import asyncio
import shutil
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import structlog

from adapters.web import Check, NotReadyError, PrometheusMetrics
from bot.app.delivery.worker import LaneState
from bot.app.ports import Clock, Store, UnitOfWork
from bot.app.runtime.job_loop import JobLoop
from bot.app.schedules.walks import closed_promises
from bot.cli.platforms import Platform
from bot.domain.errors import StoreError
from bot.domain.phrases import phrase

PATIENCE = 5.0
"""Seconds to wait for an answer of the database."""
RECENT = 1.0
"""Seconds for which the result of the check of the database is used again."""
LEAST_ROOM = 1024 * 1024
"""Bytes that must be free on the disk. A small row may still fit into a file of which nothing bigger can be made."""
SOON = timedelta(hours=1)
FRESH = 15.0
"""Minimum seconds between two counts of the deliveries."""
SLOW = 300.0
"""Minimum seconds between two counts of people and promises, which read the whole outbox."""

log = structlog.get_logger("hallway.health")


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
    _people_counted_at: float | None = None
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
                        await self._count_people(work, loop_time)
                except (StoreError, TimeoutError):
                    return

    async def _count_people(self, work: UnitOfWork, loop_time: float) -> None:
        """Update the numbers of people and promises; old ones stay until then."""
        if self._people_counted_at is None or loop_time - self._people_counted_at >= SLOW:
            self._people_counted_at = loop_time
            self.metrics.set_numbers(await work.numbers.people(), await work.numbers.nudges())
            self.metrics.set_walks(await closed_promises(work, self.clock.now()))


@dataclass(slots=True)
class DatabaseCheck:
    """Writes a row, because a database that is full, locked or deleted can often still be read.

    The result is used again for `RECENT` seconds, so that many requests for `/readyz` are no load on the database.
    Operators find the whole error in the log.
    """

    store: Store
    clock: Clock
    folder: Path | None = None
    _result: str | None = None
    _checked_at: float | None = None
    _checking: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def __call__(self) -> None:
        """Raise `NotReadyError` with a reason if nothing can be written."""
        async with self._checking:
            now = asyncio.get_running_loop().time()
            if self._checked_at is None or now - self._checked_at >= RECENT:
                before, self._result = self._result, await self._fault()
                self._checked_at = asyncio.get_running_loop().time()
                if before is not None and self._result is None:
                    log.info("the database can be written again")
        if self._result is not None:
            raise NotReadyError(self._result)

    async def _fault(self) -> str | None:
        """Return why nothing can be written; None if a row was written."""
        try:
            async with asyncio.timeout(PATIENCE), self.store.write_transaction() as work:
                await work.key_values.put("ready", self.clock.now().isoformat())
        except StoreError as error:
            log.warning("nothing can be written", fault=str(error))
            return error.reason or phrase("it cannot be used")
        except TimeoutError:
            log.warning(
                "nothing can be written",
                fault=phrase("the database did not answer within {seconds:g} seconds", seconds=PATIENCE),
            )
            return phrase("it does not answer")
        if self.folder and shutil.disk_usage(self.folder).free < LEAST_ROOM:
            log.warning(
                "nearly nothing can be written", fault=phrase("the disk of {folder} is full", folder=self.folder)
            )
            return phrase("the disk is full")
        return None


def checks(
    store: Store, clock: Clock, loops: Mapping[str, JobLoop], platforms: Mapping[str, Platform], folder: Path | None
) -> dict[str, Check]:
    """Return the checks of `/readyz` by name: the database can be written, loops run, and platforms are connected.

    Args:
        store: the database; it should give up within seconds.
        clock: the time that the check writes.
        loops: the background jobs, by name.
        platforms: by name.
        folder: where the file of the database is; None if the database is on a server.
    """
    runs = {name: _runs(loop) for name, loop in loops.items()}
    connected = {name: _is_connected(platform) for name, platform in platforms.items()}
    return {"database": DatabaseCheck(store, clock, folder), **runs, **connected}


def _runs(loop: JobLoop) -> Check:
    async def check() -> None:
        if not loop.heartbeat.is_alive():
            raise NotReadyError("it hangs or has ended")

    return check


def _is_connected(platform: Platform) -> Check:
    async def check() -> None:
        if not platform.connected:
            raise NotReadyError("it is not connected")

    return check
