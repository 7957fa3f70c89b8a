"""Conferences and their schedules, in SQL."""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import Table, delete, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from typing_extensions import override

from bot.app.ports import ConferenceRecord, Conferences
from bot.domain.schedule.conference import Conference, Schedule
from bot.domain.schedule.organizer_changes import OrganizerChanges
from bot.domain.schedule.session import Session
from bot.storage import tables
from bot.storage.bulk import among
from bot.storage.erasure import mark_erased
from bot.storage.mappers.conferences import (
    Row,
    change_of,
    change_row,
    conference_of,
    record_of,
    room_way_of,
    room_way_row,
    session_of,
    session_row,
    topic_of,
    topic_row,
    venue_of,
    venue_row,
    way_of,
    way_row,
)

CONFERENCE = tables.conference.c


@dataclass(frozen=True, slots=True)
class SqlConferences(Conferences):
    """`ports.Conferences` on one connection. With `writes`, a loaded conference is locked."""

    connection: AsyncConnection
    writes: bool = False

    @override
    async def get(self, slug: str) -> Conference | None:
        query = select(tables.conference).where(tables.conference.c.slug == slug)
        row = (await self.connection.execute(query)).mappings().first()
        return conference_of(row) if row else None

    @override
    async def published(self) -> Sequence[Conference]:
        return await self.available(())

    @override
    async def available(self, communities: Collection[int]) -> Sequence[Conference]:
        offered = or_(CONFERENCE.published, CONFERENCE.owner.in_(communities))
        query = select(tables.conference).where(offered, ~CONFERENCE.archived).order_by(CONFERENCE.slug)
        return [conference_of(row) for row in (await self.connection.execute(query)).mappings()]

    @override
    async def record(self, slug: str) -> ConferenceRecord | None:
        query = select(tables.conference).where(CONFERENCE.slug == slug)
        row = (await self.connection.execute(query)).mappings().first()
        return record_of(row) if row else None

    @override
    async def records(self) -> Sequence[ConferenceRecord]:
        query = select(tables.conference).order_by(CONFERENCE.slug)
        return [record_of(row) for row in (await self.connection.execute(query)).mappings()]

    @override
    async def save_record(self, record: ConferenceRecord) -> None:
        state = {"published": record.published, "archived": record.archived, "owner": record.owner}
        change = update(tables.conference).where(CONFERENCE.slug == record.conference.slug)
        await self.connection.execute(change.values({**asdict(record.conference), **state}))

    @override
    async def delete(self, slug: str) -> None:
        for table in (
            tables.attendance,
            tables.block,
            tables.feedback,
            tables.feed,
            tables.held_copy,
            tables.uploaded_copy,
            tables.link,
        ):
            await self.connection.execute(delete(table).where(table.c.conference == slug))
        freed = update(tables.community).where(tables.community.c.conference == slug).values(conference=None)
        await self.connection.execute(freed)
        await self.connection.execute(delete(tables.conference).where(CONFERENCE.slug == slug))
        mark_erased(self.connection)

    @override
    async def load(self, slug: str) -> Schedule | None:
        conference_query = select(tables.conference).where(tables.conference.c.slug == slug)
        conference_query = conference_query.with_for_update(key_share=True) if self.writes else conference_query
        row = (await self.connection.execute(conference_query)).mappings().first()
        if row is None:
            return None
        return Schedule(
            conference_of(row),
            tuple(venue_of(row) for row in await self._all(tables.venue, slug)),
            tuple(way_of(row) for row in await self._all(tables.way, slug)),
            tuple((await self._sessions(slug)).values()),
            tuple(topic_of(row) for row in await self._all(tables.topic, slug)),
            await self._changes(slug),
            tuple(room_way_of(row) for row in await self._all(tables.room_way, slug)),
        )

    @override
    async def save(self, schedule: Schedule, stored: Schedule | None = None, owner: int | None = None) -> None:
        slug = schedule.conference.slug
        await self._save_conference(schedule.conference, owner)
        venues = [venue_row(slug, n, venue) for n, venue in enumerate(schedule.venues)]
        await self._replace(tables.venue, slug, venues)
        await self._replace(tables.way, slug, [way_row(slug, way) for way in schedule.ways])
        await self._replace(tables.room_way, slug, [room_way_row(slug, way) for way in schedule.room_ways])
        topics = [topic_row(slug, n, topic) for n, topic in enumerate(schedule.topics)]
        await self._replace(tables.topic, slug, topics)
        changes = [change_row(slug, change) for change in schedule.organizer_changes.rows]
        await self._replace(tables.organizer_change, slug, changes)
        stored_sessions = stored.by_id if stored else await self._sessions(slug)
        outdated = [id_ for id_, session in stored_sessions.items() if schedule.by_id.get(id_) != session]
        changed = [session for session in schedule.sessions if stored_sessions.get(session.id) != session]
        if outdated:
            column = tables.session.c
            which = (column.conference == slug, among(self.connection, column.id, outdated))
            await self.connection.execute(delete(tables.session).where(*which))
        if changed:
            await self.connection.execute(insert(tables.session), [session_row(slug, session) for session in changed])

    async def _save_conference(self, conference: Conference, owner: int | None) -> None:
        values = asdict(conference)
        if await self.get(conference.slug) is None:
            new = {**values, "published": owner is None, "owner": owner}
            await self.connection.execute(insert(tables.conference), new)
        else:
            change = update(tables.conference).where(CONFERENCE.slug == conference.slug)
            await self.connection.execute(change.values(values))

    async def _changes(self, slug: str) -> OrganizerChanges:
        query = select(tables.organizer_change).where(tables.organizer_change.c.conference == slug)
        rows = (await self.connection.execute(query)).mappings()
        return OrganizerChanges(tuple(map(change_of, rows)))

    async def _sessions(self, slug: str) -> dict[str, Session]:
        query = select(tables.session).where(tables.session.c.conference == slug)
        rows = (await self.connection.execute(query)).mappings().all()
        # In a thread: for 2,400 sessions it takes 50 ms, in which the event loop would answer nobody.
        return await asyncio.to_thread(lambda: {row["id"]: session_of(row) for row in rows})

    async def _all(self, table: Table, slug: str) -> Sequence[Row]:
        order = [table.c.position] if "position" in table.c else list(table.primary_key.columns)
        query = select(table).where(table.c.conference == slug).order_by(*order)
        return (await self.connection.execute(query)).mappings().all()

    async def _replace(self, table: Table, slug: str, values: list[dict[str, object]]) -> None:
        await self.connection.execute(delete(table).where(table.c.conference == slug))
        if values:
            await self.connection.execute(insert(table), values)
