"""What attendees say about sessions and rooms, on a dict."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.domain.attendee.feedback import Feedback, FeedbackCount, RoomTap
from tests.fakes.memory_store.data import Data


@dataclass(frozen=True, slots=True)
class MemoryFeedback:
    """`ports.SessionFeedback` on a dict."""

    data: Data

    async def of_attendee(self, attendee: int, conference: str) -> Sequence[Feedback]:
        return [feedback for key, feedback in sorted(self.data.feedback.items()) if key[:2] == (attendee, conference)]

    async def rate(self, attendee: int, conference: str, session: str, word: str, *, useful: bool) -> None:
        feedback = self.data.feedback.get((attendee, conference, session), Feedback(session))
        self.data.feedback[attendee, conference, session] = replace(feedback, useful=useful, word=word)

    async def tap(self, attendee: int, conference: str, session: str, room: RoomTap) -> None:
        feedback = self.data.feedback.get((attendee, conference, session), Feedback(session))
        self.data.feedback[attendee, conference, session] = replace(feedback, room=room)

    async def counts(
        self, community: int, conference: str, sessions: Collection[str] | None = None
    ) -> Mapping[str, FeedbackCount]:
        found = self._of_community(community, conference)
        counts: dict[str, FeedbackCount] = {}
        for session in {feedback.session for feedback in found if sessions is None or feedback.session in sessions}:
            of = [feedback for feedback in found if feedback.session == session]
            useful, rooms = Counter(feedback.useful for feedback in of), Counter(feedback.room for feedback in of)
            counts[session] = FeedbackCount(useful[True], useful[False], rooms[RoomTap.FULL], rooms[RoomTap.IN])
        return counts

    async def people_at_doors(self, community: int, conference: str, sessions: Collection[str]) -> int:
        people = self.data.attendees
        return len(
            {
                who
                for (who, slug, session), feedback in self.data.feedback.items()
                if slug == conference
                and session in sessions
                and feedback.room is not None
                and people[who].community.id == community
            }
        )

    async def words(self, community: int, conference: str) -> Mapping[str, Sequence[str]]:
        found = [feedback for feedback in self._of_community(community, conference) if feedback.word]
        sessions = {feedback.session for feedback in found}
        return {
            session: sorted(feedback.word for feedback in found if feedback.session == session) for session in sessions
        }

    def _of_community(self, community: int, conference: str) -> Sequence[Feedback]:
        people = self.data.attendees
        return [
            feedback
            for (who, slug, _), feedback in self.data.feedback.items()
            if slug == conference and people[who].community.id == community
        ]
