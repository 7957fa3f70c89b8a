"""The answers of attendees about sessions and rooms."""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from bot.domain.attendee.feedback import Feedback, FeedbackCount, RoomTap


class SessionFeedback(Protocol):
    """The answers of attendees, one for each person and session. Others see counts only."""

    async def of_attendee(self, attendee: int, conference: str) -> Sequence[Feedback]:
        """Return the answers of one attendee, by session id."""
        ...

    async def rate(self, attendee: int, conference: str, session: str, word: str, *, useful: bool) -> None:
        """Store whether the session was useful, in place of the attendee's earlier answer."""
        ...

    async def tap(self, attendee: int, conference: str, session: str, room: RoomTap) -> None:
        """Store what the attendee saw at the door, in place of their earlier answer."""
        ...

    async def counts(
        self, community: int, conference: str, sessions: Collection[str] | None = None
    ) -> Mapping[str, FeedbackCount]:
        """Return the counts of a community by session id, for all or some sessions, without unanswered ones."""
        ...

    async def people_at_doors(self, community: int, conference: str, sessions: Collection[str]) -> int:
        """Count the different people of a community who reported from the doors of these sessions."""
        ...

    async def words(self, community: int, conference: str) -> Mapping[str, Sequence[str]]:
        """Return the words of a community by session id, sorted, so that the order says nothing about people."""
        ...
