"""What leave-by nudges were sent for a session, and whether new facts are worth another one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from bot.domain.attendee.agenda import Agenda, Stop
from bot.domain.attendee.departure import Departure, Origin
from bot.domain.travel.way import LegSource

WORTH_SENDING = timedelta(minutes=5)
"""By how much the moment to leave has to move until the attendee hears of it again."""
AGAIN_AFTER = timedelta(minutes=1)
"""The shortest time between two leave-by nudges of one session; doubles with each one sent."""
MOST_DOUBLED = 6
WAIT_FOR_PLACE = timedelta(minutes=5)
"""How long an answer that asked where somebody is waits for theirs, until the longest walk counts."""
SOON = timedelta(minutes=1)
"""A leave-by nudge that is due this soon after an answer with the same advice only repeats it."""


@dataclass(frozen=True, slots=True)
class SentLeaveBy:
    """The leave-by nudges of one session that its attendee was sent.

    Attributes:
        revision: the session's revision in the newest one.
        edition: the number of the newest one of this revision, from 0.
        count: how many there are.
        at: when the newest one was sent, or began to be sent.
        departure: the advice of the newest one that may have arrived; None if there is none.
        also: the ids of later sessions in the same room that it named.
        asked: whether the newest one was an answer to a command, which asked where its attendee is.
        stands: whether there is a message that can be edited, and was not taken back.
    """

    revision: int
    edition: int
    count: int
    at: datetime
    departure: Departure | None = None
    also: frozenset[str] = frozenset()
    asked: bool = False
    stands: bool = False

    @property
    def next_at(self) -> datetime:
        """The earliest moment of the next one, so that nobody who changes their mind gets a message each time."""
        doubled: int = 2 ** min(self.count - 1, MOST_DOUBLED)
        return self.at + AGAIN_AFTER * doubled

    def next_edition(self, revision: int) -> int:
        """Return the edition of the next nudge about this revision of the session."""
        return self.edition + 1 if revision == self.revision else 0


SentLeaveBys = Mapping[str, SentLeaveBy]
"""By the id of the session."""
NONE_SENT: SentLeaveBys = MappingProxyType({})


def is_news(stop: Stop, sent: SentLeaveBy | None, now: datetime, notice: timedelta) -> bool:
    """Whether to send when to leave for `stop`: it was not sent yet, or it has moved and can still be followed.

    Args:
        notice: how long before the moment to leave the attendee wants to hear of it.
    """
    if sent is None or sent.departure is None:
        return True
    old, new = sent.departure, stop.departure
    if abs(new.leave_by - old.leave_by) < WORTH_SENDING and _target(new) == _target(old):
        return False
    if new.origin is Origin.HERE and new.leg and new.leg.source is LegSource.INSIDE and _target(new) == _target(old):
        # They have arrived at the venue, and need no order to leave; but they may have come hours before.
        return now < new.leave_by - notice
    # The longest walk counts where the start is unknown: one may be nearer.
    unknown = new.leg is None or new.origin is Origin.UNKNOWN
    return unknown or max(now, new.leave_by) + (new.arrival - new.leave_by) <= stop.session.starts_at


def waits_for_place(stop: Stop, sent: SentLeaveBy | None) -> bool:
    """Whether the attendee was asked where they are, and has not said it yet."""
    return sent is not None and sent.asked and stop.departure.origin is Origin.UNKNOWN


def is_due_soon(departure: Departure, now: datetime, notice: timedelta) -> bool:
    """Whether the moment to tell somebody when to leave has passed, or comes within a minute.

    Args:
        notice: how long before the moment to leave the attendee wants to hear of it.
    """
    return departure.leave_by - notice <= now + SOON


def _target(departure: Departure) -> str:
    return departure.leg.target if departure.leg else ""


def stays(agenda: Agenda, sent: SentLeaveBys, now: datetime) -> Mapping[str, Sequence[str]]:
    """Return, by the id of a session in the room where the attendee sits, the later ones that its nudge also names.

    Nobody is told again to stay for those. A session that was chosen after the message was sent is not among them.
    """
    found: dict[str, list[str]] = {}
    head_of: dict[str, str] = {}
    for stop in agenda.path:
        if not stop.departure.stays or stop.on_the_way:
            continue
        id_, head = stop.session.id, head_of.get(stop.before.id) if stop.before else None
        if head and _names(agenda, head, id_, sent, now):
            found[head].append(id_)
            head_of[id_] = head
        else:
            found[id_], head_of[id_] = [], id_
    return found


def _names(agenda: Agenda, head: str, other: str, sent: SentLeaveBys, now: datetime) -> bool:
    """Whether the message about `head` names `other`, or will."""
    if head in sent:
        return other in sent[head].also
    return any(stop.session.id == head and stop.session.starts_at > now for stop in agenda.path)
