"""Announcements and those who make them, in SQL."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.app.ports import Entry, Grant, Scope
from bot.domain.announcement import Announcement
from bot.storage import tables
from bot.storage.announcement_rows import announcement_of, announcement_row
from bot.storage.upsert import insert_for

ORGANIZER, AUDIT, ANNOUNCEMENT = tables.organizer.c, tables.audit.c, tables.announcement.c
COMMUNITY = tables.community.c
GRANT = (ORGANIZER.user, ORGANIZER.by, ORGANIZER.since, ORGANIZER.until)
ENTRY = (AUDIT.at, AUDIT.user, AUDIT.name, AUDIT.command, AUDIT.told, AUDIT.allowed)
WHOLE = (
    ANNOUNCEMENT.id,
    ANNOUNCEMENT.community,
    ANNOUNCEMENT.stage,
    ANNOUNCEMENT.urgent,
    ANNOUNCEMENT.confirmed_at,
    ANNOUNCEMENT.body,
)


def granted(now: datetime) -> ColumnElement[bool]:
    """Whether a grant holds at a moment."""
    return or_(ORGANIZER.until.is_(None), ORGANIZER.until > now)


@dataclass(frozen=True, slots=True)
class SqlOrganizers:
    """`ports.Organizers` on one connection."""

    connection: AsyncConnection

    async def of(self, community: int, now: datetime) -> Sequence[Grant]:
        """Oldest first."""
        query = select(*GRANT).where(ORGANIZER.community == community, granted(now))
        found = await self.connection.execute(query.order_by(ORGANIZER.since, ORGANIZER.user))
        return [Grant(*row) for row in found]

    async def grant(self, community: int, grant: Grant) -> None:
        """Add or replace."""
        change = {"by": grant.by, "since": grant.since, "until": grant.until}
        row = {"community": community, "user": grant.user, **change}
        statement = insert_for(self.connection, tables.organizer).values(row)
        keys = [ORGANIZER.community, ORGANIZER.user]
        await self.connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=change))

    async def revoke(self, community: int, user: str) -> bool:
        """False if there was none."""
        which = (ORGANIZER.community == community, ORGANIZER.user == user)
        return (await self.connection.execute(delete(tables.organizer).where(*which))).rowcount > 0

    async def note(self, community: int, entry: Entry) -> None:
        """Add a line."""
        row = {name: getattr(entry, name) for name in ("at", "user", "name", "command", "told", "allowed")}
        await self.connection.execute(insert(tables.audit).values(community=community, **row))

    async def log(self, community: int, limit: int) -> Sequence[Entry]:
        """Newest first."""
        query = select(*ENTRY).where(AUDIT.community == community).order_by(AUDIT.id.desc()).limit(limit)
        return [Entry(*row) for row in await self.connection.execute(query)]


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

    async def claim(
        self, scopes: Collection[Scope], now: datetime, until: datetime, limit: int
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

    async def next_due(self, scopes: Collection[Scope]) -> datetime | None:
        """The earliest moment."""
        query = select(func.min(ANNOUNCEMENT.wake_at)).where(_within(scopes))
        due: datetime | None = await self.connection.scalar(query)
        return due

    async def _all(self, query: Select[Any]) -> list[Announcement]:
        return [announcement_of(row) for row in await self.connection.execute(query)]

    def _held(self, query: Select[Any]) -> Select[Any]:
        return query.with_for_update() if self.writes else query


def _within(scopes: Collection[Scope]) -> ColumnElement[bool]:
    """Whose community is in one of the scopes."""
    wide = [scope.platform for scope in scopes if scope.community is None]
    narrow = [scope.community for scope in scopes if scope.community is not None]
    there = select(COMMUNITY.id).where(or_(COMMUNITY.platform.in_(wide), COMMUNITY.id.in_(narrow)))
    return ANNOUNCEMENT.community.in_(there)
