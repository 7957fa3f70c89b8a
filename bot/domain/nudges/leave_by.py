"""The leave-by nudges that were sent for a session, and whether new facts are worth another one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from bot.domain.attendee.agenda import Agenda, Stop
from bot.domain.attendee.departure import Departure, Origin
from bot.domain.travel.way import LegSource

WORTH_SENDING = timedelta(minutes=5)
"""A new leave-by nudge is sent if the time to leave moves by at least this much."""
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
        """The earliest time of the next one, so that an attendee who changes their mind often gets few messages."""
        doubled: int = 2 ** min(self.count - 1, MOST_DOUBLED)
        return self.at + AGAIN_AFTER * doubled

    def next_edition(self, revision: int) -> int:
        """Return the edition of the next nudge about this revision of the session."""
        return self.edition + 1 if revision == self.revision else 0


SentLeaveBys = Mapping[str, SentLeaveBy]
"""The sent leave-by nudges by the id of their session."""
NONE_SENT: SentLeaveBys = MappingProxyType({})


def is_news(stop: Stop, sent: SentLeaveBy | None, now: datetime, notice: timedelta) -> bool:
    """Whether to send when to leave for `stop`: it was not sent yet, or it has moved and is still possible.

    Args:
        notice: how long before the time to leave the attendee wants the nudge.
    """
    if sent is None or sent.departure is None:
        return True
    old, new = sent.departure, stop.departure
    if abs(new.leave_by - old.leave_by) < WORTH_SENDING and _target(new) == _target(old):
        return False
    if new.origin is Origin.HERE and new.leg and new.leg.source is LegSource.INSIDE and _target(new) == _target(old):
        # They have arrived at the venue, and need no order to leave; but they may have come hours before.
        return now < new.leave_by - notice
    # The longest walk counts where the start is unknown: the attendee may be nearer.
    unknown = new.leg is None or new.origin is Origin.UNKNOWN
    return unknown or max(now, new.leave_by) + (new.arrival - new.leave_by) <= stop.session.starts_at


def waits_for_place(stop: Stop, sent: SentLeaveBy | None) -> bool:
    """Whether the attendee was asked for their place, and has not answered yet."""
    return sent is not None and sent.asked and stop.departure.origin is Origin.UNKNOWN


def is_due_soon(departure: Departure, now: datetime, notice: timedelta) -> bool:
    """Whether the time of the leave-by nudge has passed, or comes within a minute.

    Args:
        notice: how long before the time to leave the attendee wants the nudge.
    """
    return departure.leave_by - notice <= now + SOON


def _target(departure: Departure) -> str:
    return departure.leg.target if departure.leg else ""


def stays(agenda: Agenda, sent: SentLeaveBys, now: datetime) -> Mapping[str, Sequence[str]]:
    """Return, by session id, the later sessions in the same room that its nudge also names.

    No further nudge is sent for those. A session that was chosen after the nudge was sent is not among them.
    """
    stays_by_head: dict[str, list[str]] = {}
    head_of: dict[str, str] = {}
    for stop in agenda.path:
        if not stop.departure.stays or stop.on_the_way:
            continue
        id_, head = stop.session.id, head_of.get(stop.before.id) if stop.before else None
        if head and _names(agenda, head, id_, sent, now):
            stays_by_head[head].append(id_)
            head_of[id_] = head
        else:
            stays_by_head[id_], head_of[id_] = [], id_
    return stays_by_head


def _names(agenda: Agenda, head: str, other: str, sent: SentLeaveBys, now: datetime) -> bool:
    """Whether the message about `head` names `other`, or will name it."""
    if head in sent:
        return other in sent[head].also
    return any(stop.session.id == head and stop.session.starts_at > now for stop in agenda.path)
