"""The timers of the background jobs: one APScheduler for the process, with one job in it for each of them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.app.ports import Clock

LONGEST_SLEEP = timedelta(seconds=30)
"""Maximum time between two wake-ups of a job, in real time: another process may add work that is due sooner."""


def _scheduler() -> AsyncIOScheduler:
    # APScheduler's default drops a job that runs more than a second late; here a late job still runs.
    defaults = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
    return AsyncIOScheduler(jobstores={"default": MemoryJobStore()}, job_defaults=defaults, timezone=UTC)


@dataclass(slots=True)
class TimerScheduler:
    """The APScheduler of this process. Its timers fire only between `start` and `shutdown`.

    `clock` may run `speed` times as fast as `real`, by which APScheduler runs.
    """

    clock: Clock
    real: Clock
    speed: float = 1
    _scheduler: AsyncIOScheduler = field(default_factory=_scheduler)
    _running: bool = False

    def timer(self, job: str, wake: Callable[[], None]) -> "ScheduledTimer":
        """Make the timer of the job with that id; it calls `wake` in the event loop."""
        return ScheduledTimer(self, job, wake)

    def start(self) -> None:
        """Let the timers fire, in the running event loop."""
        self._scheduler.start()
        self._running = True

    def shutdown(self) -> None:
        """Let no timer fire any more."""
        if self._running:
            self._scheduler.shutdown(wait=False)
            self._running = False

    def schedule(self, job: str, moment: datetime | None, wake: Callable[[], None]) -> None:
        """Replace the moment at which `wake` is called for a job; it is at most 30 real seconds away."""
        if not self._running:
            return
        wait = LONGEST_SLEEP
        if moment is not None and self.speed:
            wait = min(max((moment - self.clock.now()) / self.speed, timedelta()), LONGEST_SLEEP)
        at = self.real.now() + wait
        self._scheduler.add_job(_call, "date", (wake,), id=job, run_date=at, replace_existing=True)


@dataclass(frozen=True, slots=True)
class ScheduledTimer:
    """`ports.Timer`: one job in the scheduler."""

    scheduler: TimerScheduler
    job: str
    wake: Callable[[], None]

    def wake_at(self, moment: datetime | None) -> None:
        """Replace the moment of the next wake-up."""
        self.scheduler.schedule(self.job, moment, self.wake)


async def _call(wake: Callable[[], None]) -> None:
    """Run in the event loop: APScheduler runs a plain function in a thread."""
    wake()
