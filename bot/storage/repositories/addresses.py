"""Private addresses, in SQL."""

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import datetime
from hashlib import sha256
from itertools import count
from typing import Any

from sqlalchemy import Text, cast, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from typing_extensions import override

from bot.app.ports import Addresses
from bot.domain.attendee.private_address import CalendarEvent, PrivateAddress
from bot.storage import tables
from bot.storage.bulk import insert_for
from bot.storage.types import from_microseconds, to_microseconds

ADDRESS = tables.private_address.c
NUMBERS = count()
"""Names of connections to SQLite, whose version of the data means nothing on another connection."""


@dataclass(frozen=True, slots=True)
class SqlAddresses(Addresses):
    """`ports.Addresses` on one connection; with `writes`, an address that is found is locked."""

    connection: AsyncConnection
    writes: bool = False

    @override
    async def of_attendee(self, attendee: int) -> PrivateAddress | None:
        query = select(ADDRESS.digest, ADDRESS.salt, ADDRESS.made_at, ADDRESS.events)
        query = query.where(ADDRESS.attendee == attendee)
        row = (await self.connection.execute(query.with_for_update() if self.writes else query)).first()
        return PrivateAddress(row.digest, row.salt, row.made_at, _events_of(row.events)) if row else None

    @override
    async def put(self, attendee: int, address: PrivateAddress) -> None:
        values = {
            "digest": address.digest,
            "salt": address.salt,
            "made_at": address.made_at,
            "events": _row_of(address.events),
        }
        statement = insert_for(self.connection, tables.private_address).values({"attendee": attendee, **values})
        await self.connection.execute(statement.on_conflict_do_update(index_elements=[ADDRESS.attendee], set_=values))

    @override
    async def owner(self, digest: str) -> int | None:
        attendee: int | None = await self.connection.scalar(select(ADDRESS.attendee).where(ADDRESS.digest == digest))
        return attendee

    @override
    async def fingerprint(self, digest: str) -> str | None:
        person = select(tables.private_address, tables.attendee, tables.community)
        person = person.join(tables.attendee, tables.attendee.c.id == ADDRESS.attendee)
        person = person.join(tables.community, tables.community.c.id == tables.attendee.c.community)
        row = (await self.connection.execute(person.where(ADDRESS.digest == digest))).first()
        if row is None:
            return None
        chosen = select(tables.attendance).where(tables.attendance.c.attendee == row[0])
        schedules = select(tables.conference).order_by(tables.conference.c.slug)
        facts = [tuple(fact) for query in (chosen, schedules) for fact in await self.connection.execute(query)]
        return sha256(repr((tuple(row), sorted(map(repr, facts)))).encode()).hexdigest()

    @override
    async def version(self) -> tuple[str, str]:
        if self.connection.dialect.name == "postgresql":
            # Which transactions are over: it is the same on every connection.
            return "", str(await self.connection.scalar(select(cast(func.pg_current_snapshot(), Text))))
        raw = await self.connection.get_raw_connection()
        name = raw.info.setdefault("hallway_name", str(next(NUMBERS)))
        return name, str((await self.connection.exec_driver_sql("PRAGMA data_version")).scalar())

    @override
    async def save_events(self, attendee: int, digest: str, events: Mapping[str, CalendarEvent]) -> None:
        conditions = (ADDRESS.attendee == attendee, ADDRESS.digest == digest)
        await self.connection.execute(update(tables.private_address).where(*conditions).values(events=_row_of(events)))


def _row_of(events: Mapping[str, CalendarEvent]) -> dict[str, Any]:
    return {
        uid: [to_microseconds(value) if isinstance(value, datetime) else value for value in astuple(event)]
        for uid, event in events.items()
    }


def _events_of(stored: Mapping[str, Any]) -> dict[str, CalendarEvent]:
    return {uid: _event_of(values) for uid, values in stored.items()}


def _event_of(values: Sequence[Any]) -> CalendarEvent:
    digest, sequence, changed, starts, ends, title, cancelled = values
    changed, starts, ends = map(from_microseconds, (changed, starts, ends))
    return CalendarEvent(digest, sequence, changed, starts, ends, title, cancelled)
