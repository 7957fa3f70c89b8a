"""Pending changes: chosen sessions that differ from the last notification, and when to send them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo

from bot.domain.attendee.attendee import Attendance, Attendee
from bot.domain.attendee.last_notified import LastNotified
from bot.domain.schedule.session import Session

SETTLING = timedelta(minutes=5)
"""How long a schedule change must stand before it is sent; doubles with each change sent before."""
LONGEST_SETTLING = timedelta(hours=1)
URGENT = timedelta(hours=2)
"""A change this close to the old or new start is sent at once, also in quiet hours."""


@dataclass(frozen=True, slots=True)
class PendingChange:
    """A chosen session that differs from the last notification to its attendee."""

    attendance: Attendance
    last_notified: LastNotified
    session: Session

    @property
    def starts_at(self) -> datetime:
        """The earlier of the old and the new start."""
        return min(self.last_notified.starts_at, self.session.starts_at)

    @property
    def ends_at(self) -> datetime:
        """The later of the old and the new end; after it the message is useless."""
        return max(self.last_notified.ends_at, self.session.ends_at)


def after_change(attendance: Attendance, before: Session, after: Session, now: datetime) -> Attendance:
    """Return the attendance after its session changed from `before` to `after`, with the last notified state."""
    last_notified = attendance.last_notified or LastNotified.of(before, now)
    if last_notified.agrees(before) and not last_notified.agrees(after):
        last_notified = replace(last_notified, since=now)
    return replace(attendance, last_notified=last_notified)


def pending_changes(attendances: Iterable[Attendance], sessions: Mapping[str, Session]) -> list[PendingChange]:
    """Return the chosen sessions that differ from the last notification; starred ones are left out."""
    decided = (attendance for attendance in attendances if attendance.is_decided)
    pairs = ((attendance, attendance.last_notified, sessions.get(attendance.session)) for attendance in decided)
    return [
        PendingChange(attendance, last_notified, session)
        for attendance, last_notified, session in pairs
        if last_notified and session and not last_notified.agrees(session)
    ]


def send_at(news: PendingChange, attendee: Attendee, zone: tzinfo) -> datetime:
    """Return when to send a change: after it was stable for a while, after quiet hours, at the latest when urgent."""
    last_notified = news.last_notified
    moment = last_notified.since + min(SETTLING * 2 ** min(last_notified.notifications, 8), LONGEST_SETTLING)
    quiet_until = attendee.quiet.end_after(moment, zone) if attendee.quiet else None
    # A feed that flips a session back and forth must not message the same person twice within minutes.
    soonest = last_notified.since + SETTLING if last_notified.notifications else last_notified.since
    return min(quiet_until or moment, max(soonest, news.starts_at - URGENT))
