"""Links of communities, in SQL."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import delete, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.announcements.link import Link
from bot.storage import tables
from bot.storage.bulk import insert_for

LINK, OFFER = tables.link.c, tables.link_offer.c


@dataclass(frozen=True, slots=True)
class SqlLinks:
    """`ports.Links` on one connection."""

    connection: AsyncConnection

    async def of(self, community: int | None = None) -> Sequence[Link]:
        """By when they were made, then by id."""
        query = select(LINK.one, LINK.other, LINK.conference, LINK.since).order_by(LINK.since, LINK.one, LINK.other)
        if community is not None:
            query = query.where(or_(LINK.one == community, LINK.other == community))
        return [Link(*row) for row in await self.connection.execute(query)]

    async def add(self, link: Link) -> None:
        """Add or replace."""
        statement = insert_for(self.connection, tables.link).values(asdict(link))
        change = {"conference": link.conference, "since": link.since}
        keys = [LINK.one, LINK.other]
        await self.connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=change))

    async def remove(self, link: Link) -> bool:
        """False if there was none."""
        pair = (LINK.one == link.one, LINK.other == link.other)
        return (await self.connection.execute(delete(tables.link).where(*pair))).rowcount > 0

    async def offer(self, community: int, digest: str, until: datetime) -> None:
        """Add or replace."""
        change = {"digest": digest, "ends_at": until}
        statement = insert_for(self.connection, tables.link_offer).values({"community": community, **change})
        await self.connection.execute(statement.on_conflict_do_update(index_elements=[OFFER.community], set_=change))

    async def offered(self, digest: str, now: datetime) -> int | None:
        """By the digest, one row."""
        query = select(OFFER.community).where(OFFER.digest == digest, OFFER.ends_at > now)
        whose: int | None = await self.connection.scalar(query)
        return whose

    async def take(self, digest: str, now: datetime) -> int | None:
        """One statement takes it."""
        statement = delete(tables.link_offer).where(OFFER.digest == digest, OFFER.ends_at > now)
        whose: int | None = await self.connection.scalar(statement.returning(OFFER.community))
        return whose
