"""Records when the recordings of sessions appeared."""

from dataclasses import replace
from datetime import datetime

from bot.domain.schedule.conference import Schedule


def with_recording_times(schedule: Schedule, now: datetime) -> Schedule:
    """Return the schedule with `now` as the time of each new address of a recording."""
    if not any(session.recording_url and session.recording_at is None for session in schedule.sessions):
        return schedule
    sessions = (
        replace(session, recording_at=now) if session.recording_url and session.recording_at is None else session
        for session in schedule.sessions
    )
    return replace(schedule, sessions=tuple(sessions))
