"""The attendees, in SQL."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from sqlalchemy import Select, bindparam, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from typing_extensions import override

from bot.app.ports import People
from bot.domain.attendee.attendee import Attendee, Community, Reach
from bot.storage import tables
from bot.storage.bulk import among, insert_for
from bot.storage.erasure import mark_erased
from bot.storage.mappers.people import ATTENDEE_COLUMNS, attendee_of, attendee_row, reach_row
from bot.storage.repositories.announcements import forget_author
from bot.storage.repositories.communities import SqlCommunities
from bot.storage.repositories.permissions import forget_organizer
from bot.storage.repositories.walks import SqlWalks

COMMUNITY, PERSON = tables.community.c, tables.attendee.c
COLUMNS = tuple(PERSON[name] for name in ATTENDEE_COLUMNS)
COMMUNITY_OF = itemgetter(ATTENDEE_COLUMNS.index("community"))


def people_query(*, locked: bool = False) -> Select[Any]:
    """Return a query of attendees and communities; read its result with `people_of`.

    With `locked`, the rows are locked until the transaction ends: a transaction that changes an attendee, or plans for
    one, then reads what the last one wrote. SQLite has one writer at a time and needs no lock; PostgreSQL lost 275 of
    300 concurrent changes without it.
    """
    query = select(*COLUMNS).join(tables.community, COMMUNITY.id == PERSON.community).order_by(PERSON.id)
    return query.with_for_update(key_share=True, of=tables.attendee) if locked else query


async def people_of(connection: AsyncConnection, query: Select[Any]) -> list[Attendee]:
    """Return the attendees that a `people_query()` finds; communities, which many share, are built once."""
    rows = (await connection.execute(query)).all()
    lived_in = set(map(COMMUNITY_OF, rows))
    communities = await SqlCommunities(connection).by_id(lived_in)
    # Gone with their community, if it went between the two.
    return [attendee_of(row, communities) for row in rows if COMMUNITY_OF(row) in communities]


@dataclass(frozen=True, slots=True)
class SqlPeople(People):
    """`ports.People` on one connection. With `writes`, an attendee that is found is locked."""

    connection: AsyncConnection
    writes: bool = False

    @override
    async def find(self, platform: str, tenant: str, user: str) -> Attendee | None:
        lives_there = (COMMUNITY.platform == platform, COMMUNITY.tenant == tenant)
        query = people_query(locked=self.writes).where(*lives_there, PERSON.user == user)
        attendees = await people_of(self.connection, query)
        return attendees[0] if attendees else None

    @override
    async def join(self, platform: str, tenant: str, user: str, name: str = "") -> Attendee:
        attendee = await self.find(platform, tenant, user)
        if attendee is None:
            await self._add(await SqlCommunities(self.connection).add(platform, tenant), user, name)
        elif name and name != attendee.name:
            await self.connection.execute(update(tables.attendee).where(PERSON.id == attendee.id).values(name=name))
        else:
            return attendee
        existing = await self.find(platform, tenant, user)
        if existing is None:
            raise RuntimeError("an attendee that was just added is not there")
        return existing

    @override
    async def by_id(self, attendees: Collection[int]) -> Mapping[int, Attendee]:
        if not attendees:
            return {}
        query = people_query().where(among(self.connection, PERSON.id, attendees))
        people = await people_of(self.connection, query)
        return {attendee.id: attendee for attendee in people}

    @override
    async def save(self, attendee: Attendee) -> None:
        change = update(tables.attendee).where(PERSON.id == attendee.id).values(attendee_row(attendee))
        await self.connection.execute(change)

    @override
    async def save_reach(self, reaches: Mapping[int, Reach]) -> None:
        if reaches:
            changes = [{"who": id_, **_prefixed(reach_row(reach))} for id_, reach in reaches.items()]
            values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in reach_row(Reach())}
            statement = update(tables.attendee).where(PERSON.id == bindparam("who")).values(**values)
            await self.connection.execute(statement, changes)

    @override
    async def set_current(self, attendee: Attendee) -> None:
        communities = select(COMMUNITY.id).where(COMMUNITY.platform == attendee.community.platform)
        statement = update(tables.attendee).where(PERSON.user == attendee.user, PERSON.community.in_(communities))
        await self.connection.execute(statement.values(current=PERSON.id == attendee.id))

    @override
    async def forget(self, attendee: Attendee) -> None:
        communities = select(COMMUNITY.id).where(COMMUNITY.platform == attendee.community.platform)
        is_theirs = (PERSON.user == attendee.user, PERSON.community.in_(communities))
        lived = (await self.connection.execute(select(PERSON.id, PERSON.community).where(*is_theirs))).all()
        await forget_author(self.connection, {row.id for row in lived}, {row.community for row in lived})
        await self.connection.execute(delete(tables.attendee).where(*is_theirs))
        await forget_organizer(self.connection, attendee.user, communities)
        await SqlWalks(self.connection).forget(attendee.community.platform, attendee.user)
        mark_erased(self.connection)

    async def _add(self, lives_in: Community, user: str, name: str) -> None:
        """Insert unless another process was faster; what somebody just joined is what they use now."""
        row = {**attendee_row(Attendee(0, lives_in, user, name)), "community": lives_in.id, "user": user}
        await self.connection.execute(insert_for(self.connection, tables.attendee).values(row).on_conflict_do_nothing())
        added = await self.find(lives_in.platform, lives_in.tenant, user)
        if added:
            await self.set_current(added)


def _prefixed(row: Mapping[str, Any]) -> dict[str, Any]:
    return {f"new_{name}": value for name, value in row.items()}
