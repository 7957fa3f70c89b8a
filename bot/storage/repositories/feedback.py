"""What attendees say about sessions and rooms, in SQL."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.ext.asyncio import AsyncConnection
from typing_extensions import override

from bot.app.ports import SessionFeedback
from bot.domain.attendee.feedback import Feedback, FeedbackCount, RoomTap
from bot.storage import tables
from bot.storage.bulk import among, insert_for
from bot.storage.repositories.people import PERSON

ANSWER = tables.feedback.c


@dataclass(frozen=True, slots=True)
class SqlFeedback(SessionFeedback):
    """`ports.SessionFeedback` on one connection."""

    connection: AsyncConnection

    @override
    async def of_attendee(self, attendee: int, conference: str) -> Sequence[Feedback]:
        of = (ANSWER.session, ANSWER.useful, ANSWER.word, ANSWER.room)
        query = select(*of).where(ANSWER.attendee == attendee, ANSWER.conference == conference)
        rows = await self.connection.execute(query)
        feedback = [
            Feedback(session, useful, word, RoomTap(room) if room else None) for session, useful, word, room in rows
        ]
        # Sorted here, as a database sorts by the rules of its own locale.
        return sorted(feedback, key=lambda answer: answer.session)

    @override
    async def rate(self, attendee: int, conference: str, session: str, word: str, *, useful: bool) -> None:
        await self._put(attendee, conference, session, {"useful": useful, "word": word})

    @override
    async def tap(self, attendee: int, conference: str, session: str, room: RoomTap) -> None:
        await self._put(attendee, conference, session, {"room": room.value})

    async def _put(self, attendee: int, conference: str, session: str, change: dict[str, Any]) -> None:
        row = {"attendee": attendee, "conference": conference, "session": session, **change}
        statement = insert_for(self.connection, tables.feedback).values(row)
        keys = [ANSWER.attendee, ANSWER.conference, ANSWER.session]
        await self.connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=change))

    @override
    async def counts(
        self, community: int, conference: str, sessions: Collection[str] | None = None
    ) -> Mapping[str, FeedbackCount]:
        sums = (
            _number_of(ANSWER.useful.is_(True)),
            _number_of(ANSWER.useful.is_(False)),
            _number_of(ANSWER.room == RoomTap.FULL.value),
            _number_of(ANSWER.room == RoomTap.IN.value),
        )
        joined = tables.feedback.join(tables.attendee, PERSON.id == ANSWER.attendee)
        of = (PERSON.community == community, ANSWER.conference == conference)
        query = select(ANSWER.session, *sums).select_from(joined).where(*of).group_by(ANSWER.session)
        if sessions is not None:
            query = query.where(among(self.connection, ANSWER.session, sessions))
        return {session: FeedbackCount(*map(int, sums)) for session, *sums in await self.connection.execute(query)}

    @override
    async def people_at_doors(self, community: int, conference: str, sessions: Collection[str]) -> int:
        joined = tables.feedback.join(tables.attendee, PERSON.id == ANSWER.attendee)
        of = (PERSON.community == community, ANSWER.conference == conference, ANSWER.room.is_not(None))
        query = select(func.count(ANSWER.attendee.distinct())).select_from(joined).where(*of)
        return int(await self.connection.scalar(query.where(among(self.connection, ANSWER.session, sessions))) or 0)

    @override
    async def words(self, community: int, conference: str) -> Mapping[str, Sequence[str]]:
        joined = tables.feedback.join(tables.attendee, PERSON.id == ANSWER.attendee)
        of = (PERSON.community == community, ANSWER.conference == conference, ANSWER.word != "")
        by_session: dict[str, list[str]] = {}
        for session, word in await self.connection.execute(
            select(ANSWER.session, ANSWER.word).select_from(joined).where(*of)
        ):
            by_session.setdefault(session, []).append(word)
        return {session: sorted(words) for session, words in by_session.items()}


def _number_of(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))
