"""Communities and attendees, in SQL."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, Table, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.attendee import Attendee, Community
from bot.storage import rows, tables
from bot.storage.among import among
from bot.storage.upsert import insert_for

COMMUNITY, PERSON = tables.community.c, tables.attendee.c


def people_query(*, held: bool = False) -> Select[Any]:
    """Attendees together with their communities, by id; read its rows with `attendee_of`.

    `held` until the transaction ends: who changes an attendee, or plans for one, reads what the last one wrote.
    SQLite has one writer at a time and needs no lock; PostgreSQL lost 275 of 300 changes at once without it.
    """
    with_them = (COMMUNITY.platform, COMMUNITY.tenant, COMMUNITY.conference)
    query = select(tables.attendee, *with_them).join(tables.community, COMMUNITY.id == PERSON.community)
    query = query.order_by(PERSON.id)
    return query.with_for_update(key_share=True, of=tables.attendee) if held else query


def attendee_of(row: rows.Row) -> Attendee:
    """The attendee of a row of `people_query()`."""
    lives_in = Community(row["community"], row["platform"], row["tenant"], row["conference"])
    return rows.attendee_of(row, lives_in)


@dataclass(frozen=True, slots=True)
class SqlPeople:
    """`ports.People` on one connection; one that `writes` holds the attendees it finds."""

    connection: AsyncConnection
    writes: bool = False

    async def find(self, platform: str, tenant: str, user: str) -> Attendee | None:
        """The attendee, if known."""
        lives_there = (COMMUNITY.platform == platform, COMMUNITY.tenant == tenant)
        query = people_query(held=self.writes).where(*lives_there, PERSON.user == user)
        row = (await self.connection.execute(query)).mappings().first()
        return attendee_of(row) if row else None

    async def join(self, platform: str, tenant: str, user: str, name: str = "") -> Attendee:
        """The attendee, made if new."""
        known = await self.find(platform, tenant, user)
        if known is None:
            lives_in = await self._community(platform, tenant)
            new = Attendee(0, lives_in, user, name)
            row = {**rows.attendee_row(new), "community": lives_in.id, "user": user}
            await self._insert_once(tables.attendee, row)
        elif name and name != known.name:
            await self.connection.execute(update(tables.attendee).where(PERSON.id == known.id).values(name=name))
        else:
            return known
        found = await self.find(platform, tenant, user)
        if found is None:
            message = "an attendee that was just added is not there"
            raise RuntimeError(message)
        return found

    async def following(self, platform: str, tenant: str) -> str | None:
        """The conference that a community chose to follow."""
        query = select(COMMUNITY.conference).where(COMMUNITY.platform == platform, COMMUNITY.tenant == tenant)
        return await self.connection.scalar(query)

    async def follow(self, community: int, conference: str) -> None:
        """Let the community follow a conference."""
        change = update(tables.community).where(COMMUNITY.id == community).values(conference=conference)
        await self.connection.execute(change)

    async def by_id(self, attendees: Collection[int]) -> Mapping[int, Attendee]:
        """Those that exist, by id."""
        query = people_query().where(among(self.connection, PERSON.id, attendees))
        return {row["id"]: attendee_of(row) for row in (await self.connection.execute(query)).mappings()}

    async def save(self, attendee: Attendee) -> None:
        """Keep everything about one attendee."""
        change = update(tables.attendee).where(PERSON.id == attendee.id).values(rows.attendee_row(attendee))
        await self.connection.execute(change)

    async def forget(self, attendee: int) -> None:
        """The attendances and deliveries go with the attendee."""
        await self.connection.execute(delete(tables.attendee).where(PERSON.id == attendee))

    async def _community(self, platform: str, tenant: str) -> Community:
        query = select(COMMUNITY.id, COMMUNITY.platform, COMMUNITY.tenant, COMMUNITY.conference)
        query = query.where(COMMUNITY.platform == platform, COMMUNITY.tenant == tenant)
        row = (await self.connection.execute(query)).first()
        if row is None:
            await self._insert_once(tables.community, {"platform": platform, "tenant": tenant})
            row = (await self.connection.execute(query)).one()
        return Community(*row)

    async def _insert_once(self, table: Table, row: Mapping[str, object]) -> None:
        """Insert unless another process was faster."""
        statement = insert_for(self.connection, table).values(row).on_conflict_do_nothing()
        await self.connection.execute(statement)
