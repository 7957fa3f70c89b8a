"""The timers of the background jobs: the process has one APScheduler, with one APScheduler job for each timer."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from bot.app.ports import Clock

if TYPE_CHECKING:  # importing it takes a tenth of a second, and a command that answers and ends starts no timer
    from apscheduler.schedulers.asyncio import AsyncIOScheduler

LONGEST_SLEEP = timedelta(seconds=30)
"""Maximum time between two wake-ups of a job, in real time, because another process may add work that is due sooner."""


def _started_scheduler() -> "AsyncIOScheduler":
    from apscheduler.jobstores.memory import MemoryJobStore  # noqa: PLC0415 — see above
    from apscheduler.schedulers.asyncio import AsyncIOScheduler  # noqa: PLC0415 — see above

    # By default APScheduler drops a job that is more than a second late; here a late job still runs.
    defaults = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
    scheduler = AsyncIOScheduler(jobstores={"default": MemoryJobStore()}, job_defaults=defaults, timezone=UTC)
    scheduler.start()
    return scheduler


@dataclass(slots=True)
class TimerScheduler:
    """The APScheduler of this process. Its timers fire only between `start` and `shutdown`.

    Attributes:
        clock: the time of the application, which may be simulated.
        real: the real time, which APScheduler uses.
        speed: how many times faster `clock` runs than `real`; 0 if it stands still.
    """

    clock: Clock
    real: Clock
    speed: float = 1
    _scheduler: "AsyncIOScheduler | None" = field(default=None, init=False)

    def timer(self, job: str, wake: Callable[[], None]) -> "ScheduledTimer":
        """Create the timer of the job with the id `job`; the timer calls `wake` in the event loop."""
        return ScheduledTimer(self, job, wake)

    def start(self) -> None:
        """Start the timers in the running event loop."""
        self._scheduler = _started_scheduler()

    def shutdown(self) -> None:
        """Stop all timers."""
        if self._scheduler is not None:
            self._scheduler.shutdown(wait=False)
            self._scheduler = None

    def schedule(self, job: str, moment: datetime | None, wake: Callable[[], None]) -> None:
        """Set when `wake` is called for a job, in place of the earlier time.

        A `moment` more than `LONGEST_SLEEP` of real time away, or None, is replaced by that limit.
        """
        if self._scheduler is None:
            return
        wait = LONGEST_SLEEP
        if moment is not None and self.speed:
            wait = min(max((moment - self.clock.now()) / self.speed, timedelta()), LONGEST_SLEEP)
        at = self.real.now() + wait
        self._scheduler.add_job(_call, "date", (wake,), id=job, run_date=at, replace_existing=True)


@dataclass(frozen=True, slots=True)
class ScheduledTimer:
    """A `ports.Timer` with one job of the scheduler."""

    scheduler: TimerScheduler
    job: str
    wake: Callable[[], None]

    def wake_at(self, moment: datetime | None) -> None:
        """Set the time of the next wake-up, in place of the earlier one."""
        self.scheduler.schedule(self.job, moment, self.wake)


async def _call(wake: Callable[[], None]) -> None:
    """Call `wake` in the event loop. This function is async because APScheduler runs a plain function in a thread."""
    wake()
