"""What a process leaves for the next one, in SQL."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import tables
from bot.storage.bulk import insert_for

MARK, CLAIM = tables.mark.c, tables.claim.c


@dataclass(frozen=True, slots=True)
class SqlMarks:
    """`ports.Marks` on one connection."""

    connection: AsyncConnection

    async def get(self, name: str) -> str:
        """What was put, "" if nothing was."""
        return await self.connection.scalar(select(MARK.value).where(MARK.name == name)) or ""

    async def put(self, name: str, value: str) -> None:
        """Add or replace."""
        statement = insert_for(self.connection, tables.mark).values(name=name, value=value)
        await self.connection.execute(
            statement.on_conflict_do_update(index_elements=[MARK.name], set_={"value": value})
        )

    async def claim(self, ends: Mapping[str, datetime], now: datetime) -> Collection[str]:
        """By one statement: the row decides. In order, so that two processes never wait for each other."""
        statement = insert_for(self.connection, tables.claim).values(
            [{"name": name, "ends_at": ends[name]} for name in sorted(ends)]
        )
        statement = statement.on_conflict_do_update(
            index_elements=[CLAIM.name], set_={"ends_at": statement.excluded.ends_at}, where=CLAIM.ends_at <= now
        )
        return set(await self.connection.scalars(statement.returning(CLAIM.name)))

    async def forget_claims(self, now: datetime) -> None:
        """Remove the claims that are over."""
        await self.connection.execute(delete(tables.claim).where(CLAIM.ends_at <= now))
