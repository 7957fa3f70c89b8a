"""A rehearsal: a clock that is moved by hand or runs fast, and everything that comes due on the way, in order."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.app.dispatch import Dispatch
from bot.app.messages import Reply, Request
from bot.app.outbox import Outbox


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
    """One conference rehearsed: commands are answered, and waiting delivers what comes due."""

    dispatch: Dispatch
    outbox: Outbox
    clock: MovableClock

    async def handle(self, request: Request) -> Reply:
        """Answer a command, then deliver what it made due."""
        reply = await self.dispatch.handle(request)
        await self.outbox.deliver_due()
        return reply

    async def wait(self, duration: timedelta) -> None:
        """Let the clock run on for `duration`; everything that comes due is delivered at its own moment."""
        until = self.clock.now() + duration
        while (due := await self.outbox.next_due()) and due <= until:
            self.clock.move_to(max(due, self.clock.now()))
            if not await self.outbox.deliver_due():
                break
        self.clock.move_to(until)
        await self.outbox.deliver_due()

    async def jump(self, moment: datetime) -> None:
        """Set the clock without living through the time between: what expired meanwhile is never sent."""
        self.clock.move_to(moment)
        await self.outbox.deliver_due()

    async def settle(self) -> None:
        """Deliver what is due now."""
        await self.outbox.deliver_due()

    async def next_due(self) -> datetime | None:
        """When something happens next."""
        return await self.outbox.next_due()
