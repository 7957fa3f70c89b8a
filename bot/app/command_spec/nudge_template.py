"""The declaration of a kind of nudge: the function that writes its text at the time of sending."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from bot.app.messages import Reply
from bot.app.ports import Delivery, UnitOfWork
from bot.domain.attendee.attendee import Attendance, Attendee
from bot.domain.attendee.last_notified import LastNotified
from bot.domain.nudges.nudge import Nudge, NudgeKind
from bot.domain.schedule.conference import Schedule


class NotYetError(Exception):
    """The nudge is paused: it is sent only after somebody resumes it."""


class RenderContext(NamedTuple):
    """What a nudge is written from; `late` is zero if it is on time, `reading` opens a transaction for the rest.

    Where it is for a channel, the `attendee` is nobody (id 0) in the community: they chose nothing and have no zone.
    """

    nudge: Nudge
    attendee: Attendee
    schedule: Schedule
    now: datetime
    late: timedelta
    read_transaction: Callable[[], AbstractAsyncContextManager[UnitOfWork]]

    async def chosen(self) -> Sequence[Attendance]:
        """The attendee's choices in this conference."""
        async with self.read_transaction() as work:
            return await work.attendances.of(self.attendee.id, self.schedule.conference.slug)

    async def deliveries(self) -> Sequence[Delivery]:
        """All deliveries to the attendee, sent or not."""
        async with self.read_transaction() as work:
            return await work.deliveries.of(self.attendee.id)


Writer = Callable[[RenderContext], Awaitable[Reply | None]]


def nothing_new(_: RenderContext) -> Mapping[str, LastNotified]:
    """The default: the nudge does not tell its reader anything new about a session."""
    return {}


@dataclass(frozen=True, slots=True)
class NudgeTemplate:
    """The text of one kind of nudge; None where there is nothing left to say, and then nothing is sent.

    It may raise `NotYetError`.

    `teaches` is what its reader knows of which sessions once it was sent.
    """

    kind: NudgeKind
    write: Writer
    teaches: Callable[[RenderContext], Mapping[str, LastNotified]] = nothing_new
