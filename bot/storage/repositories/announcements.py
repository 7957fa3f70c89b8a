"""Announcements, in SQL."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from typing_extensions import override

from bot.app.ports import Announcements, DeliveryFilter
from bot.domain.announcements.announcement import WAITING, Announcement
from bot.storage import tables
from bot.storage.mappers.announcements import ANNOUNCEMENT_COLUMNS, announcement_of, announcement_row

ANNOUNCEMENT, COMMUNITY = tables.announcement.c, tables.community.c
COLUMNS = tuple(ANNOUNCEMENT[name] for name in ANNOUNCEMENT_COLUMNS)


@dataclass(frozen=True, slots=True)
class SqlAnnouncements(Announcements):
    """`ports.Announcements` on one connection. With `writes`, an announcement that is read is locked."""

    connection: AsyncConnection
    writes: bool = False

    @override
    async def add(self, announcement: Announcement) -> Announcement:
        statement = insert(tables.announcement).values(announcement_row(announcement)).returning(*COLUMNS)
        return announcement_of((await self.connection.execute(statement)).one())

    @override
    async def get(self, id_: int) -> Announcement | None:
        announcements = await self._all(self._locked(select(*COLUMNS).where(ANNOUNCEMENT.id == id_)))
        return announcements[0] if announcements else None

    @override
    async def save(self, announcement: Announcement, wake_at: datetime | None) -> None:
        row = {**announcement_row(announcement), "wake_at": wake_at}
        change = update(tables.announcement).where(ANNOUNCEMENT.id == announcement.id).values(row)
        await self.connection.execute(change)

    @override
    async def of_community(self, community: int, limit: int) -> Sequence[Announcement]:
        query = select(*COLUMNS).where(ANNOUNCEMENT.community == community)
        return await self._all(query.order_by(ANNOUNCEMENT.id.desc()).limit(limit))

    @override
    async def waiting(self) -> Sequence[Announcement]:
        query = select(*COLUMNS).where(ANNOUNCEMENT.stage.in_([stage.value for stage in WAITING]))
        return await self._all(self._locked(query.order_by(ANNOUNCEMENT.id)))

    @override
    async def count_urgent(self, communities: Collection[int], since: datetime) -> Mapping[int, int]:
        # There are a few urgent announcements a day, so all of them are read.
        query = select(*COLUMNS).where(ANNOUNCEMENT.urgent, ANNOUNCEMENT.confirmed_at > since)
        got = Counter(id_ for announcement in await self._all(query) for id_ in announcement.communities)
        return {id_: got[id_] for id_ in communities}

    @override
    async def claim(
        self, scopes: Collection[DeliveryFilter], now: datetime, until: datetime, limit: int
    ) -> Sequence[Announcement]:
        # One statement, so that two processes never lease the same row.
        due = select(ANNOUNCEMENT.id).where(ANNOUNCEMENT.wake_at <= now, _in_scopes(scopes))
        picked = (
            due.order_by(ANNOUNCEMENT.wake_at, ANNOUNCEMENT.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
            .cte("due")
        )
        lease = update(tables.announcement).where(ANNOUNCEMENT.id.in_(select(picked.c.id))).values(wake_at=until)
        claimed = await self.connection.execute(lease.returning(*COLUMNS))
        return sorted(map(announcement_of, claimed), key=lambda announcement: announcement.id)

    @override
    async def next_due(self, scopes: Collection[DeliveryFilter]) -> datetime | None:
        query = select(func.min(ANNOUNCEMENT.wake_at)).where(_in_scopes(scopes))
        due: datetime | None = await self.connection.scalar(query)
        return due

    async def _all(self, query: Select[Any]) -> list[Announcement]:
        return [announcement_of(row) for row in await self.connection.execute(query)]

    def _locked(self, query: Select[Any]) -> Select[Any]:
        return query.with_for_update() if self.writes else query


def _in_scopes(scopes: Collection[DeliveryFilter]) -> ColumnElement[bool]:
    """Return the condition that the announcement's community is in one of `scopes`."""
    wide = [scope.platform for scope in scopes if scope.community is None]
    narrow = [scope.community for scope in scopes if scope.community is not None]
    communities = select(COMMUNITY.id).where(or_(COMMUNITY.platform.in_(wide), COMMUNITY.id.in_(narrow)))
    return ANNOUNCEMENT.community.in_(communities)


async def forget_author(connection: AsyncConnection, attendees: Collection[int], communities: Collection[int]) -> None:
    """Delete the announcements of these authors that were never sent, and take the author out of the others."""
    query = select(*COLUMNS).where(ANNOUNCEMENT.community.in_(communities))
    announcements = [announcement_of(row) for row in await connection.execute(query)]
    for announcement in announcements:
        if announcement.author not in attendees:
            continue
        is_it = ANNOUNCEMENT.id == announcement.id
        if (remaining := announcement.without_author()) is None:
            await connection.execute(delete(tables.announcement).where(is_it))
        else:
            await connection.execute(update(tables.announcement).where(is_it).values(announcement_row(remaining)))
