"""Attendances as rows."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import RowMapping

from bot.domain.attendee.attendee import Attendance, Choice
from bot.domain.attendee.last_notified import LastNotified
from bot.domain.schedule.session import SessionState
from bot.storage.types import from_microseconds, to_microseconds

Row = RowMapping


def attendance_row(attendee: int, conference: str, attendance: Attendance) -> dict[str, Any]:
    """Return all columns of an attendance."""
    return {
        "attendee": attendee,
        "conference": conference,
        "session": attendance.session,
        "choice": attendance.choice.value,
        "reserved": attendance.reserved,
        "backup_of": attendance.backup_of,
        "left_at": attendance.left_at,
        "known": last_notified_row(attendance.last_notified) if attendance.last_notified else None,
        "chosen_at": attendance.chosen_at,
        "must": attendance.must,
    }


def attendance_of(row: Row) -> Attendance:
    """Build an attendance from its columns."""
    return Attendance(
        session=row["session"],
        choice=Choice(row["choice"]),
        reserved=row["reserved"],
        backup_of=row["backup_of"],
        left_at=row["left_at"],
        last_notified=last_notified_of(row["known"]),
        chosen_at=row["chosen_at"],
        must=row["must"],
    )


def last_notified_row(state: LastNotified) -> list[Any]:
    """Return the state as JSON values, which the column `known` holds."""
    return [
        to_microseconds(state.starts_at),
        to_microseconds(state.ends_at),
        to_microseconds(state.since),
        state.venue,
        state.room,
        state.state.value,
        state.notifications,
    ]


def last_notified_of(values: Sequence[Any] | None) -> LastNotified | None:
    """Build the state from the value of the column `known`."""
    if values is None:
        return None
    starts_at, ends_at, since, venue, room, state, notifications = values
    return LastNotified(
        starts_at=from_microseconds(starts_at),
        ends_at=from_microseconds(ends_at),
        venue=venue,
        room=room,
        state=SessionState(state),
        since=from_microseconds(since),
        notifications=notifications,
    )
