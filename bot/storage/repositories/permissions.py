"""Organizers and the audit log, in SQL."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from typing_extensions import override

from bot.app.ports import MAX_REFUSED_ENTRIES, Audit, Organizers
from bot.domain.announcements.organizer import AuditEntry, Organizer
from bot.storage import tables
from bot.storage.bulk import insert_for

ORGANIZER, DEED = tables.organizer.c, tables.deed.c
ORGANIZERS = tuple(ORGANIZER[attribute.name] for attribute in fields(Organizer))
DEEDS = tuple(DEED[attribute.name] for attribute in fields(AuditEntry))


@dataclass(frozen=True, slots=True)
class SqlOrganizers(Organizers):
    """`ports.Organizers` on one connection."""

    connection: AsyncConnection

    @override
    async def is_organizer(self, community: int, user: str, at: datetime) -> bool:
        holds = or_(ORGANIZER.until.is_(None), ORGANIZER.until > at)
        query = select(ORGANIZER.user).where(ORGANIZER.community == community, ORGANIZER.user == user, holds)
        return await self.connection.scalar(query) is not None

    @override
    async def of_community(self, community: int) -> Sequence[Organizer]:
        query = select(*ORGANIZERS).where(ORGANIZER.community == community).order_by(ORGANIZER.since, ORGANIZER.user)
        return [Organizer(*row) for row in await self.connection.execute(query)]

    @override
    async def add(self, community: int, organizer: Organizer) -> None:
        row = {**asdict(organizer), "community": community}
        change = {name: row[name] for name in ("name", "since", "until")}
        statement = insert_for(self.connection, tables.organizer).values(row)
        keys = [ORGANIZER.community, ORGANIZER.user]
        await self.connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=change))

    @override
    async def remove(self, community: int, user: str) -> bool:
        conditions = (ORGANIZER.community == community, ORGANIZER.user == user)
        return (await self.connection.execute(delete(tables.organizer).where(*conditions))).rowcount > 0


@dataclass(frozen=True, slots=True)
class SqlAudit(Audit):
    """`ports.Audit` on one connection."""

    connection: AsyncConnection

    @override
    async def add(self, community: int, entry: AuditEntry) -> int:
        statement = tables.deed.insert().values(asdict(entry) | {"community": community}).returning(DEED.id)
        id_: int = (await self.connection.execute(statement)).scalar_one()
        if not entry.allowed:
            refused = (DEED.community == community, DEED.allowed.is_(False))
            newest = select(DEED.id).where(*refused).order_by(DEED.id.desc()).limit(MAX_REFUSED_ENTRIES)
            await self.connection.execute(delete(tables.deed).where(*refused, DEED.id.not_in(newest)))
        return id_

    @override
    async def mark_failed(self, entry: int) -> None:
        await self.connection.execute(update(tables.deed).where(DEED.id == entry).values(failed=True))

    @override
    async def latest(self, community: int, limit: int) -> Sequence[AuditEntry]:
        return await self._all(select(*DEEDS).where(DEED.community == community).limit(limit))

    @override
    async def by_user(self, community: int, user: str) -> Sequence[AuditEntry]:
        return await self._all(select(*DEEDS).where(DEED.community == community, DEED.user == user))

    async def _all(self, query: Select[Any]) -> list[AuditEntry]:
        return [AuditEntry(*row) for row in await self.connection.execute(query.order_by(DEED.id.desc()))]


async def forget_organizer(connection: AsyncConnection, user: str, communities: Select[Any]) -> None:
    """Delete a person from the organizers and the log, which keeps the commands without their arguments."""
    in_communities = DEED.community.in_(communities)
    await connection.execute(
        delete(tables.organizer).where(ORGANIZER.user == user, ORGANIZER.community.in_(communities))
    )
    for column, anonymized in ((DEED.user, AuditEntry.without_doer), (DEED.whom, AuditEntry.without_concerned)):
        for id_, *row in await connection.execute(select(DEED.id, *DEEDS).where(column == user, in_communities)):
            anonymous = asdict(anonymized(AuditEntry(*row)))
            await connection.execute(update(tables.deed).where(DEED.id == id_).values(anonymous))
