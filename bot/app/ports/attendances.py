"""The sessions that attendees chose."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.domain.attendee.attendee import Attendance, Attendee
from bot.domain.attendee.last_notified import LastNotified


@dataclass(frozen=True, slots=True)
class Fellow:
    """An attendee who goes to a session and lets the community see it."""

    user: str
    name: str


class Attendances(Protocol):
    """The sessions that attendees chose."""

    async def of_attendee(self, attendee: int, conference: str) -> Sequence[Attendance]:
        """Return the choices of one attendee, by session id."""
        ...

    async def put(self, attendee: int, conference: str, attendance: Attendance) -> None:
        """Add or replace the choice of one session."""
        ...

    async def count_seated(self, conference: str) -> int:
        """Count the attendees who have a reserved seat at a conference."""
        ...

    async def save_last_notified(self, conference: str, states: Mapping[tuple[int, str], LastNotified]) -> None:
        """Store the session states that attendees were last notified of.

        Args:
            conference: the slug of the conference.
            states: the states by attendee id and session id. Sessions that the attendee no longer has are ignored.
        """
        ...

    async def remove(self, attendee: int, conference: str, session: str) -> bool:
        """Delete one choice. Returns False if it did not exist."""
        ...

    async def going(self, community: int, conference: str, session: str) -> tuple[int, Sequence[Fellow]]:
        """Count the members of a community who go to a session, and list those who let it be seen, by name."""
        ...

    def everyone(
        self, conference: str, sessions: Collection[str] | None = None, community: int | None = None
    ) -> AsyncIterator[Sequence[tuple[Attendee, Sequence[Attendance]]]]:
        """Yield the attendees with choices in a conference and all those choices, in chunks.

        In a write transaction the attendees of a chunk are locked until the transaction ends.

        Args:
            conference: the slug of the conference.
            sessions: only attendees who chose at least one of these session ids.
            community: only attendees of this community. By default all, without communities that Hallway left.
        """
        ...
