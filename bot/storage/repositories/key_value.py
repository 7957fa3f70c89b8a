"""Values by name and idempotency keys, in SQL."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection
from typing_extensions import override

from bot.app.ports import IdempotencyKeys, KeyValueStore
from bot.storage import tables
from bot.storage.bulk import insert_for

MARK, CLAIM = tables.mark.c, tables.claim.c


@dataclass(frozen=True, slots=True)
class SqlKeyValueStore(KeyValueStore):
    """`ports.KeyValueStore` on one connection."""

    connection: AsyncConnection

    @override
    async def get(self, name: str) -> str | None:
        value: str | None = await self.connection.scalar(select(MARK.value).where(MARK.name == name))
        return value

    @override
    async def put(self, name: str, value: str) -> None:
        statement = insert_for(self.connection, tables.mark).values(name=name, value=value)
        await self.connection.execute(
            statement.on_conflict_do_update(index_elements=[MARK.name], set_={"value": value})
        )


@dataclass(frozen=True, slots=True)
class SqlIdempotencyKeys(IdempotencyKeys):
    """`ports.IdempotencyKeys` on one connection."""

    connection: AsyncConnection

    @override
    async def claim(self, ends: Mapping[str, datetime], now: datetime) -> Collection[str]:
        # Sorted names: two processes lock the rows in the same order and cannot deadlock.
        statement = insert_for(self.connection, tables.claim).values(
            [{"name": name, "ends_at": ends[name]} for name in sorted(ends)]
        )
        statement = statement.on_conflict_do_update(
            index_elements=[CLAIM.name], set_={"ends_at": statement.excluded.ends_at}, where=CLAIM.ends_at <= now
        )
        return set(await self.connection.scalars(statement.returning(CLAIM.name)))

    @override
    async def remove_expired(self, now: datetime) -> None:
        await self.connection.execute(delete(tables.claim).where(CLAIM.ends_at <= now))
