"""Feedback of attendees about a session and its room, and what it means for people on their way."""

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
    """A report about a room, made at its door."""

    FULL = "full"
    IN = "in"


@dataclass(frozen=True, slots=True)
class Feedback:
    """One attendee's feedback about one session; None for questions without an answer."""

    session: str
    useful: bool | None = None
    word: str = ""
    room: RoomTap | None = None


@dataclass(frozen=True, slots=True)
class FeedbackCount:
    """The number of people by answer, for one session; `got_in` and `full` are about its room."""

    useful: int = 0
    not_useful: int = 0
    full: int = 0
    got_in: int = 0

    @property
    def answers(self) -> int:
        """The number of people who rated the session."""
        return self.useful + self.not_useful


def peers_of(session: Session, schedule: Schedule) -> set[str]:
    """Return the ids of similar sessions, which fill up alike: of the same kind, at the same hour, on any day."""
    hour = session.starts_at.astimezone(schedule.conference.tz).hour
    return {
        peer.id
        for peer in schedule.sessions
        if peer.kind == session.kind and peer.starts_at.astimezone(schedule.conference.tz).hour == hour
    }


def chance_of_room(counts: Iterable[FeedbackCount], people: int) -> float | None:
    """Return the share of people without a seat who get in: the mean of Beta(1 + got in, 1 + full).

    None for fewer than `FEWEST_ANSWERS` people, however many reports they made. Only the last report of a person about
    a session counts.

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
    """Return the session whose door somebody stands at who says that a room is full: its start is nearest to now.

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
    """Return the sessions of today that somebody attended to the half or longer, the last one first."""
    half_over = [
        session for session in going if session.starts_at + session.length / 2 <= now and now - session.ends_at < TODAY
    ]
    begun = [session for session in half_over if not session.is_block]
    return sorted(begun, key=lambda session: (min(session.ends_at, now), session.starts_at), reverse=True)


@dataclass(frozen=True, slots=True)
class RoomNews:
    """The current reports about the room of a session, and the chance of getting in, from similar sessions."""

    here: FeedbackCount = FeedbackCount()
    chance: float | None = None

    @classmethod
    def of(cls, session: Session, counts: Mapping[str, FeedbackCount], people: int) -> "RoomNews":
        """Build the news from the counts of the session and of similar sessions, and the number of reporters."""
        return cls(counts.get(session.id, FeedbackCount()), chance_of_room(counts.values(), people))
