"""Choices of sessions by attendees, in SQL."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, bindparam, delete, func, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from typing_extensions import override

from bot.app.ports import Attendances, Fellow
from bot.domain.attendee.attendee import Attendance, Attendee, Choice, Privacy
from bot.domain.attendee.last_notified import LastNotified
from bot.storage import tables
from bot.storage.bulk import among, insert_for
from bot.storage.mappers.attendances import attendance_of, attendance_row, last_notified_row
from bot.storage.repositories.people import COMMUNITY, PERSON, people_of, people_query

CHOSEN = tables.attendance.c
CHUNK = 500
HAS_CHOICE = CHOSEN.choice.in_([choice.value for choice in Choice])
"""The choices of this version. During an upgrade a newer process stores others, which this one leaves alone."""


@dataclass(frozen=True, slots=True)
class SqlAttendances(Attendances):
    """`ports.Attendances` on one connection. With `writes`, the attendees of `everyone` are locked."""

    connection: AsyncConnection
    writes: bool = False

    @override
    async def of_attendee(self, attendee: int, conference: str) -> Sequence[Attendance]:
        query = select(tables.attendance).where(
            CHOSEN.attendee == attendee, CHOSEN.conference == conference, HAS_CHOICE
        )
        attendances = map(attendance_of, (await self.connection.execute(query)).mappings())
        return sorted(attendances, key=_by_session)

    @override
    async def put(self, attendee: int, conference: str, attendance: Attendance) -> None:
        row = attendance_row(attendee, conference, attendance)
        names = ("choice", "reserved", "backup_of", "left_at", "known", "chosen_at", "must")
        change = {name: row[name] for name in names}
        statement = insert_for(self.connection, tables.attendance).values(row)
        keys = [CHOSEN.attendee, CHOSEN.conference, CHOSEN.session]
        await self.connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=change))

    @override
    async def count_seated(self, conference: str) -> int:
        seated = (CHOSEN.conference == conference, CHOSEN.reserved.is_(True))
        count = await self.connection.scalar(select(func.count(CHOSEN.attendee.distinct())).where(*seated))
        return int(count or 0)

    @override
    async def save_last_notified(self, conference: str, states: Mapping[tuple[int, str], LastNotified]) -> None:
        if states:
            by_attendee, by_session = CHOSEN.attendee == bindparam("whose"), CHOSEN.session == bindparam("what")
            statement = update(tables.attendance).where(by_attendee, by_session, CHOSEN.conference == conference)
            values = [
                {"whose": a, "what": b, "knows": last_notified_row(notified)} for (a, b), notified in states.items()
            ]
            await self.connection.execute(statement.values(known=bindparam("knows")), values)

    @override
    async def remove(self, attendee: int, conference: str, session: str) -> bool:
        which = (CHOSEN.attendee == attendee, CHOSEN.conference == conference, CHOSEN.session == session)
        result = await self.connection.execute(delete(tables.attendance).where(*which))
        return result.rowcount > 0

    @override
    async def going(self, community: int, conference: str, session: str) -> tuple[int, Sequence[Fellow]]:
        which = (
            CHOSEN.conference == conference,
            CHOSEN.session == session,
            CHOSEN.choice == Choice.GOING.value,
        )
        joined = tables.attendance.join(tables.attendee, PERSON.id == CHOSEN.attendee)
        of_community = (*which, PERSON.community == community)
        number = await self.connection.scalar(select(func.count()).select_from(joined).where(*of_community))
        is_public = PERSON.privacy == Privacy.COMMUNITY.value
        query = select(PERSON.user, PERSON.name).select_from(joined).where(*of_community, is_public)
        result = await self.connection.execute(query.order_by(PERSON.id))
        fellows = [Fellow(user, name) for user, name in result]
        # Sorted here, as a database sorts names by the rules of its own locale.
        return number or 0, sorted(fellows, key=lambda fellow: fellow.name or fellow.user)

    @override
    async def everyone(
        self, conference: str, sessions: Collection[str] | None = None, community: int | None = None
    ) -> AsyncIterator[Sequence[tuple[Attendee, Sequence[Attendance]]]]:
        # Pages by attendee id, so that only one chunk is in memory.
        last = 0
        while ids := await self._next(conference, sessions, community, last):
            locked_people = people_query(locked=self.writes).where(PERSON.id.in_(ids))
            people = await people_of(self.connection, locked_people)
            conditions = (CHOSEN.attendee.in_(ids), CHOSEN.conference == conference, HAS_CHOICE)
            query = select(tables.attendance).where(*conditions)
            chosen: dict[int, list[Attendance]] = {id_: [] for id_ in ids}
            for row in (await self.connection.execute(query)).mappings():
                chosen[row["attendee"]].append(attendance_of(row))
            yield [(attendee, sorted(chosen[attendee.id], key=_by_session)) for attendee in people]
            last = ids[-1]

    async def _next(
        self, conference: str, sessions: Collection[str] | None, community: int | None, last: int
    ) -> list[int]:
        if sessions is None:
            choice_of_person = select(literal(1)).where(CHOSEN.attendee == PERSON.id, CHOSEN.conference == conference)
            chose: ColumnElement[bool] = choice_of_person.exists()
        else:
            # Few sessions among many people: found by the session, not by asking each attendee.
            of_these = (CHOSEN.conference == conference, among(self.connection, CHOSEN.session, sessions))
            chose = PERSON.id.in_(select(CHOSEN.attendee).where(*of_these))
        present = select(COMMUNITY.id).where(COMMUNITY.left_at.is_(None))
        lives_there = PERSON.community.in_(present) if community is None else PERSON.community == community
        query = select(PERSON.id).where(PERSON.id > last, chose, lives_there)
        query = query.order_by(PERSON.id).limit(CHUNK)
        return list(await self.connection.scalars(query))


def _by_session(attendance: Attendance) -> str:
    """The order of choices, the same on every database whatever its locale."""
    return attendance.session
