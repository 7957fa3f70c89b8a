"""What attendees say about a session and its room, and what follows for those on their way."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.attendee.attendee import Attendance
from bot.domain.schedule.conference import Schedule
from bot.domain.schedule.session import Session

FEWEST_ANSWERS = 5
"""The fewest answers about a session that are shown, and the fewest people whose taps make a chance."""
MOST_CHARACTERS = 200
"""The most characters of the words that come with an answer; the rest is cut off."""
DOORS_BEFORE = timedelta(minutes=30)
"""How long before its start people can say that a room is full, or that they got in."""

TODAY = timedelta(hours=16)
"""How long after its end "that talk" still means a session."""


class RoomTap(StrEnum):
    """What somebody said about a room at its door."""

    FULL = "full"
    IN = "in"


@dataclass(frozen=True, slots=True)
class Feedback:
    """What one attendee says about one session; None is what they did not say."""

    session: str
    useful: bool | None = None
    word: str = ""
    room: RoomTap | None = None


@dataclass(frozen=True, slots=True)
class FeedbackCount:
    """How many people said what about one session; `got_in` and `full` are about its room."""

    useful: int = 0
    not_useful: int = 0
    full: int = 0
    got_in: int = 0

    @property
    def answers(self) -> int:
        """The people who said whether it was useful."""
        return self.useful + self.not_useful


def peers_of(session: Session, schedule: Schedule) -> set[str]:
    """Return the ids of the sessions that fill as `session` does: of its kind, at its hour, on any day."""
    hour = session.starts_at.astimezone(schedule.conference.tz).hour
    return {
        peer.id
        for peer in schedule.sessions
        if peer.kind == session.kind and peer.starts_at.astimezone(schedule.conference.tz).hour == hour
    }


def chance_of_room(counts: Iterable[FeedbackCount], people: int) -> float | None:
    """Return the share of people without a seat who get in: the mean of Beta(1 + got in, 1 + full).

    None from fewer than `FEWEST_ANSWERS` people, however many taps they made. A person has one voice for each session,
    the last one.

    Args:
        people: how many different people the counts are from.
    """
    if people < FEWEST_ANSWERS:
        return None
    all_counts = list(counts)
    got_in, full = sum(count.got_in for count in all_counts), sum(count.full for count in all_counts)
    return (1 + got_in) / (2 + got_in + full)


def is_awaited(session: Session, attendance: Attendance | None, now: datetime) -> bool:
    """Whether the attendee is on the way to a session, or goes there and it has not begun."""
    if attendance is None or not attendance.is_decided or now >= session.ends_at:
        return False
    return attendance.has_left_for(session) or now < session.starts_at


def at_the_door(going: Iterable[Session], now: datetime) -> Session | None:
    """Return the session at whose door somebody stands who says that a room is full: its start is nearest to now.

    Args:
        going: the sessions that they go to.
        now: doors open `DOORS_BEFORE` before a session, until its end.
    """
    near = [
        session
        for session in going
        if session.starts_at - DOORS_BEFORE <= now < session.ends_at and not session.needs_no_walk
    ]
    return min(near, key=lambda session: (abs(session.starts_at - now), session.starts_at), default=None)


def just_seen(going: Iterable[Session], now: datetime) -> list[Session]:
    """Return the sessions of today that somebody has seen, or of which they have seen half, the last one first."""
    half_over = [
        session for session in going if session.starts_at + session.length / 2 <= now and now - session.ends_at < TODAY
    ]
    begun = [session for session in half_over if not session.is_block]
    return sorted(begun, key=lambda session: (min(session.ends_at, now), session.starts_at), reverse=True)


@dataclass(frozen=True, slots=True)
class RoomNews:
    """What is known about the room of a session: its own taps, and the chance by those of its peers."""

    here: FeedbackCount = FeedbackCount()
    chance: float | None = None

    @classmethod
    def of(cls, session: Session, counts: Mapping[str, FeedbackCount], people: int) -> "RoomNews":
        """Build it from the counts of the session and its peers, and how many people tapped there."""
        return cls(counts.get(session.id, FeedbackCount()), chance_of_room(counts.values(), people))
