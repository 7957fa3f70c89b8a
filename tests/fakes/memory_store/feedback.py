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
        return [each for key, each in sorted(self.data.feedback.items()) if key[:2] == (attendee, conference)]

    async def rate(self, attendee: int, conference: str, session: str, word: str, *, useful: bool) -> None:
        known = self.data.feedback.get((attendee, conference, session), Feedback(session))
        self.data.feedback[attendee, conference, session] = replace(known, useful=useful, word=word)

    async def tap(self, attendee: int, conference: str, session: str, room: RoomTap) -> None:
        known = self.data.feedback.get((attendee, conference, session), Feedback(session))
        self.data.feedback[attendee, conference, session] = replace(known, room=room)

    async def counts(
        self, community: int, conference: str, sessions: Collection[str] | None = None
    ) -> Mapping[str, FeedbackCount]:
        found = self._of_community(community, conference)
        counts: dict[str, FeedbackCount] = {}
        for session in {each.session for each in found if sessions is None or each.session in sessions}:
            of = [each for each in found if each.session == session]
            useful, rooms = Counter(each.useful for each in of), Counter(each.room for each in of)
            counts[session] = FeedbackCount(useful[True], useful[False], rooms[RoomTap.FULL], rooms[RoomTap.IN])
        return counts

    async def people_at_doors(self, community: int, conference: str, sessions: Collection[str]) -> int:
        people = self.data.attendees
        return len(
            {
                who
                for (who, slug, session), each in self.data.feedback.items()
                if slug == conference
                and session in sessions
                and each.room is not None
                and people[who].community.id == community
            }
        )

    async def words(self, community: int, conference: str) -> Mapping[str, Sequence[str]]:
        found = [each for each in self._of_community(community, conference) if each.word]
        sessions = {each.session for each in found}
        return {session: sorted(each.word for each in found if each.session == session) for session in sessions}

    def _of_community(self, community: int, conference: str) -> Sequence[Feedback]:
        people = self.data.attendees
        return [
            each
            for (who, slug, _), each in self.data.feedback.items()
            if slug == conference and people[who].community.id == community
        ]
