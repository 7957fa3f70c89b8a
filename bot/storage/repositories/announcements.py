"""Announcements, in SQL."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.app.ports import DeliveryFilter
from bot.domain.announcements.announcement import Announcement
from bot.storage import tables
from bot.storage.mappers.announcements import announcement_of, announcement_row

ANNOUNCEMENT, COMMUNITY = tables.announcement.c, tables.community.c
WHOLE = (
    ANNOUNCEMENT.id,
    ANNOUNCEMENT.community,
    ANNOUNCEMENT.stage,
    ANNOUNCEMENT.urgent,
    ANNOUNCEMENT.confirmed_at,
    ANNOUNCEMENT.body,
)


@dataclass(frozen=True, slots=True)
class SqlAnnouncements:
    """`ports.Announcements` on one connection; one that `writes` holds those that it gets."""

    connection: AsyncConnection
    writes: bool = False

    async def add(self, announcement: Announcement) -> Announcement:
        """Keep it under a new number."""
        statement = insert(tables.announcement).values(announcement_row(announcement)).returning(*WHOLE)
        return announcement_of((await self.connection.execute(statement)).one())

    async def get(self, id_: int) -> Announcement | None:
        """The announcement, if there is one."""
        found = await self._all(self._held(select(*WHOLE).where(ANNOUNCEMENT.id == id_)))
        return found[0] if found else None

    async def save(self, announcement: Announcement, wake_at: datetime | None) -> None:
        """Keep everything."""
        row = {**announcement_row(announcement), "wake_at": wake_at}
        change = update(tables.announcement).where(ANNOUNCEMENT.id == announcement.id).values(row)
        await self.connection.execute(change)

    async def of(self, community: int, limit: int) -> Sequence[Announcement]:
        """Newest first."""
        query = select(*WHOLE).where(ANNOUNCEMENT.community == community)
        return await self._all(query.order_by(ANNOUNCEMENT.id.desc()).limit(limit))

    async def urgent(self, communities: Collection[int], since: datetime) -> Mapping[int, int]:
        """There are a few a day, so each is read."""
        query = select(*WHOLE).where(ANNOUNCEMENT.urgent, ANNOUNCEMENT.confirmed_at > since)
        got = Counter(id_ for each in await self._all(query) for id_ in each.communities)
        return {id_: got[id_] for id_ in communities}

    async def claim(
        self, scopes: Collection[DeliveryFilter], now: datetime, until: datetime, limit: int
    ) -> Sequence[Announcement]:
        """One statement: what it returns is leased to the caller and to nobody else."""
        due = select(ANNOUNCEMENT.id).where(ANNOUNCEMENT.wake_at <= now, _within(scopes))
        picked = (
            due.order_by(ANNOUNCEMENT.wake_at, ANNOUNCEMENT.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
            .cte("due")
        )
        lease = update(tables.announcement).where(ANNOUNCEMENT.id.in_(select(picked.c.id))).values(wake_at=until)
        claimed = await self.connection.execute(lease.returning(*WHOLE))
        return sorted(map(announcement_of, claimed), key=lambda each: each.id)

    async def next_due(self, scopes: Collection[DeliveryFilter]) -> datetime | None:
        """The earliest moment."""
        query = select(func.min(ANNOUNCEMENT.wake_at)).where(_within(scopes))
        due: datetime | None = await self.connection.scalar(query)
        return due

    async def _all(self, query: Select[Any]) -> list[Announcement]:
        return [announcement_of(row) for row in await self.connection.execute(query)]

    def _held(self, query: Select[Any]) -> Select[Any]:
        return query.with_for_update() if self.writes else query


def _within(scopes: Collection[DeliveryFilter]) -> ColumnElement[bool]:
    """Whose community is in one of the scopes."""
    wide = [scope.platform for scope in scopes if scope.community is None]
    narrow = [scope.community for scope in scopes if scope.community is not None]
    there = select(COMMUNITY.id).where(or_(COMMUNITY.platform.in_(wide), COMMUNITY.id.in_(narrow)))
    return ANNOUNCEMENT.community.in_(there)
