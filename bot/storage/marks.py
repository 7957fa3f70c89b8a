"""What a process leaves for the next one, in SQL."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import tables
from bot.storage.upsert import insert_for

MARK = tables.mark.c


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
