"""Pending changes: chosen sessions that differ from what their attendees were last notified of."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.attendee.attendee import Attendance
from bot.domain.attendee.last_notified import LastNotified
from bot.domain.schedule.session import Session


@dataclass(frozen=True, slots=True)
class PendingChange:
    """A chosen session that differs from what its attendee was last notified of."""

    attendance: Attendance
    known: LastNotified
    session: Session

    @property
    def starts_at(self) -> datetime:
        """The earlier of the old and the new start."""
        return min(self.known.starts_at, self.session.starts_at)

    @property
    def ends_at(self) -> datetime:
        """The later of the old and the new end; after it the message is useless."""
        return max(self.known.ends_at, self.session.ends_at)


def after_change(attendance: Attendance, before: Session, after: Session, now: datetime) -> Attendance:
    """Return the attendance after its session changed from `before` to `after`, with what was last sent recorded."""
    known = attendance.known or LastNotified.of(before, now)
    if known.agrees(before) and not known.agrees(after):
        known = replace(known, since=now)
    return replace(attendance, known=known)


def pending_changes(attendances: Iterable[Attendance], sessions: Mapping[str, Session]) -> list[PendingChange]:
    """Return the chosen sessions that differ from what was last sent."""
    pairs = ((each, each.known, sessions.get(each.session)) for each in attendances)
    return [
        PendingChange(each, known, session)
        for each, known, session in pairs
        if known and session and not known.agrees(session)
    ]
