"""Simulated time: a clock that is moved by hand or runs fast, and everything that comes due on the way, in order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.app.delivery.scheduler import DeliveryScheduler
from bot.app.dispatcher import Dispatcher
from bot.app.messages import Reply, Request
from bot.app.runtime.job_loop import BackgroundJob, JobGroup
from bot.app.text import s
from bot.domain.errors import BadInputError
from bot.domain.schedule.conference import Schedule


class MovableClock(Protocol):
    """A clock that can be set."""

    def now(self) -> datetime:
        """The simulated time, as an aware datetime in UTC."""
        ...

    def move_to(self, moment: datetime) -> None:
        """Set the clock to `moment`."""
        ...


@dataclass(slots=True)
class Rehearsal:
    """A conference to talk to, in simulated time if a `simulated_clock` is given, else in real time.

    `other_jobs` run before the deliveries of the same moment.
    """

    dispatch: Dispatcher
    scheduler: DeliveryScheduler
    simulated_clock: MovableClock | None = None
    zone: str = "UTC"
    other_jobs: Sequence[BackgroundJob] = ()

    def now(self) -> datetime:
        """The current time at the conference: simulated if there is a `simulated_clock`, otherwise real."""
        return self.dispatch.clock.now()

    async def handle(self, request: Request) -> Reply:
        """Answer a command, and use the zone of its conference from then on."""
        reply = await self.dispatch.handle(request)
        await self.look_at(request.platform, request.tenant)
        return reply

    async def interpret(self, request: Request) -> tuple[str, Reply | None]:
        """Answer plain words. Returns the name of the command that they mean, "" for none, and the reply, if any."""
        meaning = await self.dispatch.interpret(request)
        if not isinstance(meaning, Request):
            return "", meaning
        reply = await self.dispatch.handle_admitted(meaning)
        await self.look_at(request.platform, request.tenant)
        return meaning.command, reply

    async def look_at(self, platform: str, tenant: str) -> Schedule | None:
        """Return the schedule that a community follows; its zone is used from then on."""
        schedule = await self.dispatch.schedule_of(platform, tenant)
        self.zone = schedule.conference.zone if schedule else self.zone
        return schedule

    async def words(self, platform: str, tenant: str) -> Sequence[str]:
        """The codes of the sessions and the names of the venues."""
        schedule = await self.look_at(platform, tenant)
        if schedule is None:
            return ()
        return [session.code for session in schedule.sessions] + [venue.name for venue in schedule.venues]

    async def wait(self, duration: timedelta) -> None:
        """Move the clock by `duration`; everything that comes due on the way is delivered at its own moment."""
        clock = self._movable()
        until = clock.now() + duration
        while (due := await self.next_due()) and due <= until:
            clock.move_to(max(due, clock.now()))
            if not await self._jobs.run_due() and await self.next_due() == due:
                break
        clock.move_to(max(until, clock.now()))
        await self.deliver_due()

    async def jump(self, moment: datetime) -> None:
        """Set the clock; deliveries that expired in between are never sent."""
        self._movable().move_to(moment)
        # A simulated clock jump is not an outage: send no "missed" summary.
        self.scheduler.summarizes_missed = False
        try:
            await self.deliver_due()
        finally:
            self.scheduler.summarizes_missed = True

    async def deliver_due(self) -> None:
        """Deliver what is due now."""
        await self._jobs.run_due()

    async def next_due(self) -> datetime | None:
        """When something happens next."""
        return await self._jobs.next_due()

    @property
    def _jobs(self) -> JobGroup:
        return JobGroup((*self.other_jobs, self.scheduler))

    def _movable(self) -> MovableClock:
        if self.simulated_clock is None:
            raise BadInputError(s("I can't move the real clock. To rehearse, start with --at TIME."))
        return self.simulated_clock
