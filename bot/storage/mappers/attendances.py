"""Attendances as rows."""

from typing import Any

from sqlalchemy import RowMapping

from bot.domain.attendee.attendee import Attendance, Choice
from bot.domain.attendee.last_notified import LastNotified
from bot.domain.schedule.session import SessionState
from bot.storage.types import from_microseconds, to_microseconds

Row = RowMapping


def attendance_row(attendee: int, conference: str, attendance: Attendance) -> dict[str, Any]:
    """A choice as a row."""
    return {
        "attendee": attendee,
        "conference": conference,
        "session": attendance.session,
        "choice": attendance.choice.value,
        "reserved": attendance.reserved,
        "backup_of": attendance.backup_of,
        "left_at": attendance.left_at,
        "known": known_row(attendance.known) if attendance.known else None,
    }


def attendance_of(row: Row) -> Attendance:
    """The choice of a row."""
    facts = (row["reserved"], row["backup_of"], row["left_at"])
    return Attendance(row["session"], Choice(row["choice"]), *facts, known_of(row["known"]))


def known_row(known: LastNotified) -> list[Any]:
    """What is known of a session as plain values."""
    instants = (to_microseconds(each) for each in (known.starts_at, known.ends_at, known.since))
    return [*instants, known.venue, known.room, known.state.value, known.told]


def known_of(values: list[Any] | None) -> LastNotified | None:
    """The other way round."""
    if values is None:
        return None
    starts, ends, since, venue, room, state, told = values
    at = from_microseconds
    return LastNotified(at(starts), at(ends), venue, room, SessionState(state), at(since), told)
