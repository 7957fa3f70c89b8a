"""Guilds and workspaces, in SQL."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, String, and_, cast, delete, literal_column, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from typing_extensions import override

from bot.app.ports import Communities, DeliveryState
from bot.domain.attendee.attendee import Community
from bot.storage import tables
from bot.storage.bulk import among, insert_for
from bot.storage.erasure import mark_erased
from bot.storage.mappers.communities import COMMUNITY_COLUMNS, community_of, community_row

COMMUNITY, PERSON, OUTBOX = tables.community.c, tables.attendee.c, tables.delivery.c
COLUMNS = tuple(COMMUNITY[name] for name in COMMUNITY_COLUMNS)
ANNOUNCEMENT = tables.announcement.c
ANNOUNCED = OUTBOX.kind == literal_column("'announcement'")
UNSENT = (DeliveryState.OWED.value, DeliveryState.CLAIMED.value, DeliveryState.HELD.value)


@dataclass(frozen=True, slots=True)
class SqlCommunities(Communities):
    """`ports.Communities` on one connection."""

    connection: AsyncConnection

    @override
    async def get(self, platform: str, tenant: str) -> Community | None:
        communities = await self._all(
            select(*COLUMNS).where(COMMUNITY.platform == platform, COMMUNITY.tenant == tenant)
        )
        return communities[0] if communities else None

    @override
    async def add(self, platform: str, tenant: str) -> Community:
        community = await self.get(platform, tenant)
        if community is None:
            statement = insert_for(self.connection, tables.community).values(platform=platform, tenant=tenant)
            await self.connection.execute(statement.on_conflict_do_nothing())
            community = await self.get(platform, tenant)
        if community is None:
            raise RuntimeError("a community that was just added is not there")
        return community

    @override
    async def save(self, community: Community) -> None:
        change = update(tables.community).where(COMMUNITY.id == community.id).values(community_row(community))
        await self.connection.execute(change)
        if community.left_at:
            owed = (OUTBOX.community == community.id, OUTBOX.state.in_(UNSENT))
            await self.connection.execute(delete(tables.delivery).where(*owed))

    @override
    async def by_id(self, communities: Collection[int]) -> Mapping[int, Community]:
        if not communities:
            return {}
        rows = await self._all(select(*COLUMNS).where(among(self.connection, COMMUNITY.id, communities)))
        return {community.id: community for community in rows}

    @override
    async def on_platform(self, platform: str) -> Sequence[Community]:
        conditions = (COMMUNITY.platform == platform, COMMUNITY.left_at.is_(None))
        return await self._all(select(*COLUMNS).where(*conditions).order_by(COMMUNITY.id))

    @override
    async def with_digest(self) -> Sequence[Community]:
        conditions = (COMMUNITY.digest != "", COMMUNITY.left_at.is_(None))
        return await self._all(select(*COLUMNS).where(*conditions).order_by(COMMUNITY.id))

    @override
    async def by_page(self, page: str) -> Community | None:
        communities = await self._all(select(*COLUMNS).where(COMMUNITY.page == page, COMMUNITY.left_at.is_(None)))
        return communities[0] if communities else None

    @override
    async def pin(self, slug: str) -> None:
        used = select(PERSON.id).where(PERSON.community == COMMUNITY.id).exists()
        change = update(tables.community).where(COMMUNITY.conference.is_(None), used)
        await self.connection.execute(change.values(conference=slug))

    @override
    async def following(self, slug: str) -> Sequence[Community]:
        conditions = (COMMUNITY.conference == slug, COMMUNITY.left_at.is_(None))
        return await self._all(select(*COLUMNS).where(*conditions).order_by(COMMUNITY.id))

    @override
    async def of_user(self, platform: str, user: str) -> Sequence[Community]:
        joined = select(*COLUMNS).join(tables.attendee, PERSON.community == COMMUNITY.id)
        conditions = (PERSON.user == user, COMMUNITY.platform == platform, COMMUNITY.left_at.is_(None))
        return await self._all(joined.where(*conditions).order_by(PERSON.current.desc(), COMMUNITY.id))

    @override
    async def forget_left(self, before: datetime) -> int:
        left_communities = select(COMMUNITY.id).where(COMMUNITY.left_at < before)
        # Channel deliveries do not cascade from an attendee. Deliveries of this community's announcements elsewhere are
        # deleted too, because SQLite may use the number of an announcement again.
        numbers = select(cast(ANNOUNCEMENT.id, String)).where(ANNOUNCEMENT.community.in_(left_communities))
        of_announcements = and_(ANNOUNCED, OUTBOX.subject.in_(numbers))
        await self.connection.execute(
            delete(tables.delivery).where(or_(OUTBOX.community.in_(left_communities), of_announcements))
        )
        owned = update(tables.conference).where(tables.conference.c.owner.in_(left_communities)).values(owner=None)
        await self.connection.execute(owned)
        result = await self.connection.execute(delete(tables.community).where(COMMUNITY.left_at < before))
        mark_erased(self.connection)
        return result.rowcount

    async def _all(self, query: Select[Any]) -> list[Community]:
        return [community_of(row) for row in await self.connection.execute(query)]
