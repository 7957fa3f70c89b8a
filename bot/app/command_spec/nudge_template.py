"""The declaration of a kind of nudge: the function that writes its text at the time of sending."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from bot.app.messages import LinkButton, Reply
from bot.app.ports import Delivery, PersonRecipient, Recipient, UnitOfWork
from bot.app.text.page_links import public_links
from bot.app.text.web_side import WebSide
from bot.domain.attendee.attendee import Attendance, Attendee, Community
from bot.domain.attendee.last_notified import LastNotified
from bot.domain.nudges.nudge import Nudge, NudgeKind
from bot.domain.schedule.conference import Schedule
from bot.domain.schedule.session import Session


class NotYetError(Exception):
    """The nudge is paused: it is sent only after somebody resumes it."""


class RenderContext(NamedTuple):
    """The data from which a nudge is rendered.

    `late` is the time since the nudge was due, zero if it is on time. `read_transaction` opens a transaction in which
    a template can read more data. `web` is where browsers reach this installation, None if they do not.
    """

    nudge: Nudge
    recipient: Recipient
    schedule: Schedule
    now: datetime
    late: timedelta
    read_transaction: Callable[[], AbstractAsyncContextManager[UnitOfWork]]
    web: WebSide | None = None

    @property
    def attendee(self) -> Attendee:
        """The recipient of the nudge; only for nudges that are never sent to a channel."""
        assert isinstance(self.recipient, PersonRecipient), "a channel is no person"
        return self.recipient.attendee

    @property
    def community(self) -> Community:
        """The community of the person or the channel."""
        return self.recipient.community

    def page_links(self, *sessions: Session) -> tuple[LinkButton, ...]:
        """The buttons that open sessions on the public page of the community; none if it has no such page."""
        return public_links(self.web, self.community, sessions)

    async def chosen(self) -> Sequence[Attendance]:
        """The attendee's choices in this conference."""
        async with self.read_transaction() as work:
            return await work.attendances.of_attendee(self.attendee.id, self.schedule.conference.slug)

    async def deliveries(self) -> Sequence[Delivery]:
        """All deliveries to the attendee, sent or not."""
        async with self.read_transaction() as work:
            return await work.deliveries.of_attendee(self.attendee.id)


Writer = Callable[[RenderContext], Awaitable[Reply | None]]


def nothing_new(_: RenderContext) -> Mapping[str, LastNotified]:
    """Return no states: the default for nudges that tell their reader nothing new about a session."""
    return {}


@dataclass(frozen=True, slots=True)
class NudgeTemplate:
    """The text of one kind of nudge; None where there is nothing left to say, and then nothing is sent.

    It may raise `NotYetError`.

    `notified_states` returns, by session id, the states that its reader knows after it was sent. `replacement` returns
    what a message that it replaces becomes, None if it replaces none. If it `edits`, what it writes takes the place of
    the last leave-by message about the same session, and nothing else is sent.
    """

    kind: NudgeKind
    write: Writer
    notified_states: Callable[[RenderContext], Mapping[str, LastNotified]] = nothing_new
    replacement: Callable[[RenderContext], Reply | None] | None = None
    edits: bool = False
