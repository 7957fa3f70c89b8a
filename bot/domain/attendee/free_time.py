"""The sessions that fit an agenda: those that an attendee can attend without missing another."""

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta

from bot.domain.attendee.agenda import build_agenda
from bot.domain.attendee.attendee import Attendance, Attendee
from bot.domain.schedule.conference import Schedule
from bot.domain.schedule.session import Session


def fits_agenda(
    attendee: Attendee, attendances: Iterable[Attendance], schedule: Schedule, now: datetime
) -> Callable[[Session], bool]:
    """Return a test whether a session is still to come, not chosen yet, and in reach before and after what is planned.

    A starred one is not chosen yet. A walk that is not known counts as 0 minutes, as it does where sessions clash.
    """
    chosen = list(attendances)
    decided = {attendance.session for attendance in chosen if attendance.is_decided}
    planned: dict[date, list[Session]] = {}

    def fits(session: Session) -> bool:
        if session.starts_at <= now or session.id in decided or not session.takes_place:
            return False
        day = schedule.day_by_id[session.id]
        if day not in planned:
            planned[day] = [stop.session for stop in build_agenda(attendee, chosen, schedule, day).path]
        return all(_in_reach(attendee, session, other, schedule) for other in planned[day])

    return fits


def _in_reach(attendee: Attendee, session: Session, other: Session, schedule: Schedule) -> bool:
    earlier, later = (session, other) if session.starts_at <= other.starts_at else (other, session)
    if earlier.overlaps(later):
        return False
    gap = later.starts_at - earlier.ends_at
    if earlier.place is None or later.place is None:
        return True
    leg = schedule.travel.best(earlier.place, later.place, attendee.walker, earlier.ends_at)
    return leg is None or timedelta(minutes=leg.median) <= gap
