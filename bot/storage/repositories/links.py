"""Links of communities, in SQL."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import delete, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection
from typing_extensions import override

from bot.app.ports import Links
from bot.domain.announcements.link import CommunityLink
from bot.storage import tables
from bot.storage.bulk import insert_for

LINK, OFFER = tables.link.c, tables.link_offer.c


@dataclass(frozen=True, slots=True)
class SqlLinks(Links):
    """`ports.Links` on one connection."""

    connection: AsyncConnection

    @override
    async def all(self, community: int | None = None) -> Sequence[CommunityLink]:
        query = select(LINK.one, LINK.other, LINK.conference, LINK.since).order_by(LINK.since, LINK.one, LINK.other)
        if community is not None:
            query = query.where(or_(LINK.one == community, LINK.other == community))
        return [CommunityLink(*row) for row in await self.connection.execute(query)]

    @override
    async def add(self, link: CommunityLink) -> None:
        statement = insert_for(self.connection, tables.link).values(asdict(link))
        change = {"conference": link.conference, "since": link.since}
        keys = [LINK.one, LINK.other]
        await self.connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=change))

    @override
    async def remove(self, link: CommunityLink) -> bool:
        pair = (LINK.one == link.one, LINK.other == link.other)
        return (await self.connection.execute(delete(tables.link).where(*pair))).rowcount > 0

    @override
    async def add_offer(self, community: int, digest: str, until: datetime) -> None:
        change = {"digest": digest, "ends_at": until}
        statement = insert_for(self.connection, tables.link_offer).values({"community": community, **change})
        await self.connection.execute(statement.on_conflict_do_update(index_elements=[OFFER.community], set_=change))

    @override
    async def find_offer(self, digest: str, now: datetime) -> int | None:
        query = select(OFFER.community).where(OFFER.digest == digest, OFFER.ends_at > now)
        community: int | None = await self.connection.scalar(query)
        return community

    @override
    async def accept_offer(self, digest: str, now: datetime) -> int | None:
        # One statement, so that only one of two concurrent calls gets the row.
        statement = delete(tables.link_offer).where(OFFER.digest == digest, OFFER.ends_at > now)
        community: int | None = await self.connection.scalar(statement.returning(OFFER.community))
        return community
