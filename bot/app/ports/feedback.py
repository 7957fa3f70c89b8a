"""What attendees say about sessions and rooms."""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from bot.domain.attendee.feedback import Feedback, FeedbackCount, RoomTap


class SessionFeedback(Protocol):
    """The answers of attendees, one for each person and session. Others see counts only."""

    async def of_attendee(self, attendee: int, conference: str) -> Sequence[Feedback]:
        """Return what one attendee said, by session id."""
        ...

    async def rate(self, attendee: int, conference: str, session: str, word: str, *, useful: bool) -> None:
        """Store whether the session was useful, instead of what the attendee said about that before."""
        ...

    async def tap(self, attendee: int, conference: str, session: str, room: RoomTap) -> None:
        """Store what the attendee saw at the door, instead of what they said about that before."""
        ...

    async def counts(
        self, community: int, conference: str, sessions: Collection[str] | None = None
    ) -> Mapping[str, FeedbackCount]:
        """Return the counts of a community by session id; of all sessions, or of some. Without answers: left out."""
        ...

    async def people_at_doors(self, community: int, conference: str, sessions: Collection[str]) -> int:
        """Return how many different people of a community said what they saw at the doors of these sessions."""
        ...

    async def words(self, community: int, conference: str) -> Mapping[str, Sequence[str]]:
        """Return the words of a community by session id, sorted, so that the order says nothing about people."""
        ...
