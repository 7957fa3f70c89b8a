"""A rehearsal: a clock that is moved by hand or runs fast, and everything that comes due on the way, in order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.app.delivery.scheduler import DeliveryScheduler
from bot.app.dispatcher import Dispatch
from bot.app.messages import Reply, Request
from bot.app.runtime.job_loop import Errand, Errands
from bot.domain.errors import BadInputError
from bot.domain.schedule.conference import Schedule


class MovableClock(Protocol):
    """A clock that can be set."""

    def now(self) -> datetime:
        """This instant, aware, in UTC."""
        ...

    def move_to(self, moment: datetime) -> None:
        """Make it `moment` now."""
        ...


@dataclass(slots=True)
class Rehearsal:
    """A conference to talk to. With a `stage` clock it is rehearsed; without, the real time passes.

    `besides` is what is done when it is due before anything is sent.
    """

    dispatch: Dispatch
    outbox: DeliveryScheduler
    stage: MovableClock | None = None
    zone: str = "UTC"
    besides: Sequence[Errand] = ()

    def now(self) -> datetime:
        """The moment it is in here."""
        return self.dispatch.clock.now()

    async def handle(self, request: Request) -> Reply:
        """Answer a command."""
        reply = await self.dispatch.handle(request)
        await self.look_at(request.platform, request.tenant)
        return reply

    async def look_at(self, platform: str, tenant: str) -> Schedule | None:
        """The schedule that a community follows; its zone is the one spoken in from now on."""
        kept = await self.dispatch.schedule_of(platform, tenant)
        self.zone = kept.conference.zone if kept else self.zone
        return kept

    async def words(self, platform: str, tenant: str) -> Sequence[str]:
        """The codes of the sessions and the names of the venues."""
        kept = await self.look_at(platform, tenant)
        if kept is None:
            return ()
        return [session.code for session in kept.sessions] + [venue.name for venue in kept.venues]

    async def wait(self, duration: timedelta) -> None:
        """Let the clock run on for `duration`; everything that comes due is delivered at its own moment."""
        clock = self._movable()
        until = clock.now() + duration
        while (due := await self.next_due()) and due <= until:
            clock.move_to(max(due, clock.now()))
            if not await self._errands.deliver_due() and await self.next_due() == due:
                break
        clock.move_to(max(until, clock.now()))
        await self.settle()

    async def jump(self, moment: datetime) -> None:
        """Set the clock without living through the time between: what expired meanwhile is never sent."""
        self._movable().move_to(moment)
        # Nobody was away: in a rehearsal that time has never been.
        self.outbox.tells_missed = False
        try:
            await self.settle()
        finally:
            self.outbox.tells_missed = True

    async def settle(self) -> None:
        """Deliver what is due now."""
        await self._errands.deliver_due()

    async def next_due(self) -> datetime | None:
        """When something happens next."""
        return await self._errands.next_due()

    @property
    def _errands(self) -> Errands:
        return Errands((*self.besides, self.outbox))

    def _movable(self) -> MovableClock:
        if self.stage is None:
            message = "I can't move the real clock. To rehearse, start with --at TIME."
            raise BadInputError(message)
        return self.stage
