"""Feeds and held copies, in SQL. A lease decides which process polls a feed."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from typing_extensions import override

from bot.app.ports import Feeds, HeldCopies
from bot.domain.imports.feed import Feed
from bot.storage import tables
from bot.storage.bulk import insert_for
from bot.storage.mappers.conferences import Row

FEED, HELD = tables.feed.c, tables.held_copy.c
FEED_COLUMNS = tuple(FEED[field.name] for field in fields(Feed))


@dataclass(frozen=True, slots=True)
class SqlFeeds(Feeds):
    """`ports.Feeds` on one connection."""

    connection: AsyncConnection

    @override
    async def get(self, conference: str) -> Feed | None:
        query = select(*FEED_COLUMNS).where(FEED.conference == conference)
        row = (await self.connection.execute(query)).mappings().first()
        return _feed_of(row) if row else None

    @override
    async def all(self) -> Sequence[Feed]:
        feeds = map(_feed_of, (await self.connection.execute(select(*FEED_COLUMNS))).mappings())
        return sorted(feeds, key=lambda feed: feed.conference)

    @override
    async def save(self, feed: Feed) -> None:
        # A higher lease number: a process that claimed the old feed loses its claim.
        row = _row(feed)
        statement = insert_for(self.connection, tables.feed).values(row)
        change = {**row, "lease": FEED.lease + 1}
        await self.connection.execute(statement.on_conflict_do_update(index_elements=[FEED.conference], set_=change))

    @override
    async def remove(self, conference: str) -> None:
        await self.connection.execute(delete(tables.feed).where(FEED.conference == conference))
        await self.connection.execute(delete(tables.held_copy).where(HELD.conference == conference))

    @override
    async def claim(self, now: datetime, until: datetime, conference: str = "") -> Feed | None:
        # One statement, so that two processes never lease the same row.
        due = select(FEED.conference).order_by(FEED.wake_at, FEED.conference).limit(1)
        due = due.where(FEED.conference == conference) if conference else due.where(FEED.wake_at <= now)
        picked = due.with_for_update(skip_locked=not conference).cte("due")
        which = FEED.conference.in_(select(picked.c.conference))
        lease = {"lease": FEED.lease + 1, "wake_at": until}
        statement = update(tables.feed).where(which).values(lease).returning(*FEED_COLUMNS)
        row = (await self.connection.execute(statement)).mappings().first()
        return _feed_of(row) if row else None

    @override
    async def release(self, feed: Feed) -> bool:
        conditions = (FEED.conference == feed.conference, FEED.lease == feed.lease)
        row = {**_row(feed), "lease": feed.lease + 1}
        result = await self.connection.execute(update(tables.feed).where(*conditions).values(row))
        return result.rowcount > 0

    @override
    async def next_due(self) -> datetime | None:
        due: datetime | None = await self.connection.scalar(select(func.min(FEED.wake_at)))
        return due


@dataclass(frozen=True, slots=True)
class SqlHeldCopies(HeldCopies):
    """`ports.HeldCopies` on one connection."""

    connection: AsyncConnection

    @override
    async def get(self, conference: str) -> bytes | None:
        body: bytes | None = await self.connection.scalar(select(HELD.body).where(HELD.conference == conference))
        return body

    @override
    async def put(self, conference: str, body: bytes | None) -> None:
        await self.connection.execute(delete(tables.held_copy).where(HELD.conference == conference))
        if body is not None:
            values = {"conference": conference, "body": body}
            await self.connection.execute(tables.held_copy.insert().values(values))


def _row(feed: Feed) -> dict[str, Any]:
    return {**asdict(feed), "organizers": list(feed.organizers), "wake_at": feed.due_at}


def _feed_of(row: Row) -> Feed:
    return Feed(**{**row, "organizers": tuple(row["organizers"])})
