"""Recordings of the sessions that an attendee wants to watch later: since when they are there, and when to say so."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta

from bot.domain.attendee.attendee import Attendance, Choice
from bot.domain.schedule.conference import Schedule
from bot.domain.schedule.session import Session
from bot.domain.times.zones import day_of, resolve_wall

EVENING = time(18)
"""The evening recap comes at this time, or after the last session."""


def watchable_since(session: Session) -> datetime | None:
    """Return since when it can be watched; None without an address. Some addresses are known before it takes place."""
    if not session.recording_url or session.recording_at is None:
        return None
    return max(session.recording_at, session.ends_at)


def can_watch(session: Session, now: datetime) -> bool:
    """Whether its recording is there."""
    since = watchable_since(session)
    return since is not None and since <= now


def new_recordings(chosen: Iterable[Attendance], schedule: Schedule) -> Mapping[date, Sequence[Session]]:
    """Return the recordings that appeared after somebody put the session on the list, by the day that says so.

    What appears after the evening has begun is said on the next one.
    """
    found: dict[date, list[Session]] = {}
    for attendance in chosen:
        session = schedule.by_id.get(attendance.session)
        since = watchable_since(session) if session and attendance.choice is Choice.LATER else None
        if session and since and (attendance.chosen_at is None or attendance.chosen_at < since):
            found.setdefault(_evening_after(since, schedule), []).append(session)
    return {day: sorted(each, key=lambda session: (session.starts_at, session.code)) for day, each in found.items()}


def _evening_after(moment: datetime, schedule: Schedule) -> date:
    zone = schedule.conference.tz
    day = day_of(moment, zone)
    evening, _ = resolve_wall(datetime.combine(day, EVENING), zone)
    return day if moment < evening else day + timedelta(days=1)
