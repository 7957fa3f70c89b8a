"""One process of Hallway: the real outbox, leases, ticker and dispatcher, wired as `hallway run` does, that may die at any step."""

import asyncio
import contextvars
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any

from bot.app.delivery.leases import LeaseManager
from bot.app.delivery.scheduler import DeliveryJob, DeliveryScheduler
from bot.app.dispatcher import Dispatcher
from bot.app.messages import Reply, Request
from bot.app.ports import Clock, Commits, DeliveryFilter, Messenger, Store
from bot.app.registry import all_commands, all_nudges
from bot.app.runtime.job_loop import JobLoop
from bot.app.schedules.cache import ScheduleCache
from bot.domain.errors import StoreError
from bot.domain.schedule.conference import Schedule
from bot.domain.schedule.session import Session
from bot.domain.search_query.names import NO_NAMES
from tests.simulation.crashable import MORTAL, Mortal
from tests.simulation.fault_injection import DOWN, Weather

LONGEST_SLEEP = 600.0
"""Seconds: whoever changes something rings for everybody."""
FINISHING = 4.0
LEASES: Any = {"lease_seconds": 120.0, "renewal_seconds": 40.0}
"""Twelve times the real ones, so that a day has less to do."""


@dataclass(frozen=True, slots=True)
class ByCode:
    """`ports.SearchIndex` for people who type codes."""

    schedule: Schedule

    names = NO_NAMES

    def correction(self, word: str) -> str | None:
        return None

    def about(self, words: Sequence[str], *, every: bool = True) -> list[int]:
        return []

    def search(self, words: str, limit: int) -> list[Session]:
        return []

    def nearest(self, text: str, limit: int) -> list[Session]:
        return [session for session in self.schedule.sessions if session.code == text.upper()][:limit]


@dataclass(slots=True)
class VirtualTimer:
    """`ports.Timer` in the time of the event loop; sleeps in slices, for the clock may be set."""

    clock: Clock
    wake: Callable[[], None] | None = None
    handle: asyncio.TimerHandle | None = None

    def wake_at(self, moment: datetime | None) -> None:
        if self.handle:
            self.handle.cancel()
        wait = LONGEST_SLEEP
        if moment is not None:
            wait = min(max((moment - self.clock.now()).total_seconds(), 0.001), LONGEST_SLEEP)
        if self.wake:
            self.handle = asyncio.get_running_loop().call_later(wait, self.wake)


@dataclass(slots=True)
class Gate:
    """`ports.Store` of one process: it may die at each transaction's edges, and the database may be gone."""

    inner: Store
    process: Mortal
    weather: Weather
    rng: Random
    committed: Callable[[], None]
    spoil: Callable[[Any], Any] = lambda work: work
    commits: Commits = field(default_factory=Commits)

    @asynccontextmanager
    async def read_transaction(self) -> AsyncIterator[Any]:
        self.process.count()
        self._gone()
        async with self.inner.read_transaction() as work:
            yield self.spoil(work)
        self.process.check()

    @asynccontextmanager
    async def write_transaction(self) -> AsyncIterator[Any]:
        await self.process.step()
        self._gone()
        async with self.inner.write_transaction() as work:
            yield self.spoil(work)
            await self.process.step()
            self._gone()
        self.committed()
        await self.process.step()
        # The connection may break when the commit is through: then nobody knows.
        self._gone()

    def _gone(self) -> None:
        if self.weather.at("store", asyncio.get_running_loop().time()) == DOWN and self.rng.random() < 0.9:
            raise StoreError("The database is gone.")


@dataclass(eq=False, slots=True)
class Process:
    """Lives from `boot` until it dies or is told to stop."""

    mortal: Mortal
    store: Gate
    clock: Clock
    messengers: Mapping[str, Messenger]
    scopes: list[DeliveryFilter]
    rng: Random
    notify: Callable[[], None]
    timer: VirtualTimer
    leases: LeaseManager | None
    scheduler: DeliveryScheduler = field(init=False)
    delivery_loop: JobLoop = field(init=False)
    dispatch: Dispatcher = field(init=False)

    def __post_init__(self) -> None:
        schedules = ScheduleCache(ByCode)
        parts = (self.store, self.clock, schedules, self.messengers, all_nudges(), self.scopes)
        self.scheduler = DeliveryScheduler(*parts, jitter=self.rng.random, leases=self.leases)
        wake_event = asyncio.Event()
        self.delivery_loop = JobLoop(DeliveryJob(self.scheduler, wake_event.set), self.clock, self.timer, wake_event)
        if self.leases:
            self.leases.on_change = self.delivery_loop.wake
        self.dispatch = Dispatcher(self.store, self.clock, schedules, all_commands(), self.notify)

    def boot(self) -> None:
        """Begin to tick."""
        self.timer.wake = self.delivery_loop.wake
        if self.leases:
            self.within(self.leases.keep(self.store))
        self.within(self.delivery_loop.run())

    def within(self, work: Any) -> asyncio.Task[Any]:
        """Run something as a part of this process."""
        context = contextvars.copy_context()
        context.run(MORTAL.set, self.mortal)
        return asyncio.get_running_loop().create_task(work, context=context)

    async def stop(self) -> None:
        """As at SIGTERM."""
        self.delivery_loop.stop()
        await self.scheduler.finish(FINISHING)
        with suppress(StoreError):
            if self.leases:
                await self.leases.leave(self.store)
        self.mortal.die()

    async def handle(self, request: Request) -> Reply:
        """A command."""
        return await self.dispatch.handle(request)
