"""What there is to tell people about the sessions they chose: where the schedule is not what they know."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.attendee.attendee import Attendance
from bot.domain.attendee.last_notified import LastNotified
from bot.domain.schedule.session import Session


@dataclass(frozen=True, slots=True)
class News:
    """A chosen session that is not what its attendee knows."""

    attendance: Attendance
    known: LastNotified
    session: Session

    @property
    def starts_at(self) -> datetime:
        """The start that comes first, old or new."""
        return min(self.known.starts_at, self.session.starts_at)

    @property
    def ends_at(self) -> datetime:
        """The end that comes last: after it nobody is helped."""
        return max(self.known.ends_at, self.session.ends_at)


def after_change(attendance: Attendance, before: Session, after: Session, now: datetime) -> Attendance:
    """The choice of a session that just changed from `before` to `after`: what its attendee knew is kept."""
    known = attendance.known or LastNotified.of(before, now)
    if known.agrees(before) and not known.agrees(after):
        known = replace(known, since=now)
    return replace(attendance, known=known)


def news_of(attendances: Iterable[Attendance], sessions: Mapping[str, Session]) -> list[News]:
    """What there is to tell about the chosen sessions."""
    pairs = ((each, each.known, sessions.get(each.session)) for each in attendances)
    return [
        News(each, known, session) for each, known, session in pairs if known and session and not known.agrees(session)
    ]
