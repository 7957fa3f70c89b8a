"""Wakes the ticker at the next due time: one job in APScheduler, armed anew each time."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.app.ports import Clock

LONGEST_SLEEP = timedelta(seconds=30)
"""Another process may add what is due sooner, so nobody sleeps longer than this."""
JOB = "pump"


def _scheduler() -> AsyncIOScheduler:
    # A job that is late still runs: APScheduler's own default drops what it meets more than a second late.
    defaults = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
    return AsyncIOScheduler(jobstores={"default": MemoryJobStore()}, job_defaults=defaults, timezone=UTC)


@dataclass(slots=True)
class SchedulerAlarm:
    """`ports.Alarm` on APScheduler. The clock may run at `speed`; the scheduler lives in real time, told by `real`."""

    clock: Clock
    real: Clock
    speed: float = 1
    _scheduler: AsyncIOScheduler = field(default_factory=_scheduler)
    _ring: Callable[[], None] | None = None

    def start(self, ring: Callable[[], None]) -> None:
        """Ring by calling `ring` in the running event loop."""
        self._ring = ring
        self._scheduler.start()

    def wake_at(self, moment: datetime | None) -> None:
        """Ring at `moment` of the clock, at the latest after 30 real seconds."""
        if self._ring is None:
            return
        wait = LONGEST_SLEEP
        if moment is not None and self.speed:
            wait = min(max((moment - self.clock.now()) / self.speed, timedelta()), LONGEST_SLEEP)
        at = self.real.now() + wait
        self._scheduler.add_job(_call, "date", (self._ring,), id=JOB, run_date=at, replace_existing=True)

    def shutdown(self) -> None:
        """Ring no more."""
        if self._ring is not None:
            self._scheduler.shutdown(wait=False)
            self._ring = None


async def _call(ring: Callable[[], None]) -> None:
    """In the event loop: a plain function would run in a thread."""
    ring()
