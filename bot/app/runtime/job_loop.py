"""The loop of a background job: it is woken when something is due, does it and asks to be woken for the next."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from bot.app.ports import Clock, Timer
from bot.app.runtime.heartbeat import Heartbeat

RETRY_AFTER = timedelta(seconds=5)
"""How long the loop waits after an error before it runs its job again."""

log = structlog.get_logger("hallway.jobs")


class BackgroundJob(Protocol):
    """Work that is due at known moments: sending deliveries, polling feeds, sending announcements."""

    async def run_due(self) -> int:
        """Do everything that is due now; returns how many items that were."""
        ...

    async def next_due(self) -> datetime | None:
        """When something is due next; None if nothing is pending."""
        ...

    def stop(self) -> None:
        """Begin nothing more."""
        ...


@dataclass(frozen=True, slots=True)
class JobGroup:
    """Several jobs as one, run in turn until none of them has anything left to do."""

    jobs: Sequence[BackgroundJob]

    async def run_due(self) -> int:
        """Do everything that is due now, and everything that became due by that."""
        done = 0
        while more := sum([await job.run_due() for job in self.jobs]):
            done += more
        return done

    async def next_due(self) -> datetime | None:
        """When the first of the jobs is due next."""
        return min([due for job in self.jobs if (due := await job.next_due())], default=None)

    def stop(self) -> None:
        """Stop all jobs."""
        for job in self.jobs:
            job.stop()


@dataclass(slots=True)
class JobLoop:
    """Runs a job each time the loop is woken.

    To wake the loop, call `wake` from any task of the event loop, or set `wake_event`, which the job and the timer may
    share.
    """

    job: BackgroundJob
    clock: Clock
    timer: Timer
    wake_event: asyncio.Event = field(default_factory=asyncio.Event)
    heartbeat: Heartbeat = field(default_factory=Heartbeat)
    _stopping: bool = False

    def wake(self) -> None:
        """Run the job: something may be due."""
        self.wake_event.set()

    def stop(self) -> None:
        """Stop the job and let `run` return."""
        self._stopping = True
        self.job.stop()
        self.wake_event.set()

    async def run(self) -> None:
        """Run the job until stopped. After an error the loop waits and runs the job again."""
        self.wake()
        try:
            while not self._stopping:
                await self._run_once()
        finally:
            self.heartbeat.stop()

    async def _run_once(self) -> None:
        self.heartbeat.beat()
        await self.wake_event.wait()
        # Cleared before the job looks for work: an item added meanwhile sets it again.
        self.wake_event.clear()
        if self._stopping:
            return
        self.heartbeat.beat()
        try:
            await self.job.run_due()
            self.timer.wake_at(await self.job.next_due())
        # The loop outlives every error: pending work stays stored and is tried again.
        except Exception:
            log.exception("a background job failed and is tried again")
            self.timer.wake_at(self.clock.now() + RETRY_AFTER)
