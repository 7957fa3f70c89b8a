"""The leave-by messages to withdraw, because the day is no longer planned with their session."""

from collections.abc import Iterable
from datetime import datetime

from bot.domain.attendee.agenda import build_agenda
from bot.domain.attendee.attendee import Attendance, Attendee
from bot.domain.nudges.leave_by import SentLeaveBy, SentLeaveBys
from bot.domain.nudges.nudge import EDITION, Nudge, NudgeKind
from bot.domain.schedule.conference import Schedule
from bot.domain.schedule.session import BLOCK_ID


def take_backs(
    attendee: Attendee, attendances: Iterable[Attendance], schedule: Schedule, now: datetime, sent: SentLeaveBys
) -> list[Nudge]:
    """Return one nudge for each leave-by message about a coming session that is no longer planned.

    The nudge edits that message. A session that was cancelled or moved has a message of its own. For an own entry that
    was removed, the start is that of the message.
    """
    if not attendee.nudges_on or attendee.agreed_at is None:
        return []
    chosen, nudges = tuple(attendances), []
    for id_, message in sent.items():
        session = schedule.by_id.get(id_)
        if session is None and id_.startswith(BLOCK_ID) and message.stands and message.departure:
            expires = message.departure.starts_at
            nudges += [_take_back(attendee, id_, message, expires)] if expires > now else []
        if not message.stands or session is None or not session.takes_place or session.starts_at <= now:
            continue
        stop = build_agenda(attendee, chosen, schedule, schedule.day_by_id[id_]).stop_of(id_)
        if stop is None or not stop.assumed:
            nudges.append(_take_back(attendee, id_, message, session.starts_at))
    return nudges


def _take_back(attendee: Attendee, subject: str, message: SentLeaveBy, expires: datetime) -> Nudge:
    facts = {EDITION: message.edition} if message.edition else {}
    return Nudge(NudgeKind.TAKEN_BACK, attendee.id, subject, message.revision, message.at, expires, facts)
