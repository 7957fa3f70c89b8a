"""Recordings of the sessions that an attendee wants to watch later: when they appeared, and when to report them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta

from bot.domain.attendee.attendee import Attendance, Choice
from bot.domain.schedule.conference import Schedule
from bot.domain.schedule.session import Session
from bot.domain.times.zones import day_of, resolve_wall

EVENING = time(18)
"""The evening recap comes at this time, or after the last session."""


def watchable_since(session: Session) -> datetime | None:
    """Return since when the recording can be watched; None without an address.

    Some addresses are known before the session takes place.
    """
    if not session.recording_url or session.recording_at is None:
        return None
    return max(session.recording_at, session.ends_at)


def can_watch(session: Session, now: datetime) -> bool:
    """Whether the recording is available."""
    since = watchable_since(session)
    return since is not None and since <= now


def new_recordings(chosen: Iterable[Attendance], schedule: Schedule) -> Mapping[date, Sequence[Session]]:
    """Return recordings that appeared after the attendee put the session on the list, by the day of the report.

    Recordings that appear after the evening has begun are reported on the next day.
    """
    by_evening: dict[date, list[Session]] = {}
    for attendance in chosen:
        session = schedule.by_id.get(attendance.session)
        since = watchable_since(session) if session and attendance.choice is Choice.LATER else None
        if session and since and (attendance.chosen_at is None or attendance.chosen_at < since):
            by_evening.setdefault(_evening_after(since, schedule), []).append(session)
    return {
        day: sorted(sessions, key=lambda session: (session.starts_at, session.code))
        for day, sessions in by_evening.items()
    }


def _evening_after(moment: datetime, schedule: Schedule) -> date:
    zone = schedule.conference.tz
    day = day_of(moment, zone)
    evening, _ = resolve_wall(datetime.combine(day, EVENING), zone)
    return day if moment < evening else day + timedelta(days=1)
