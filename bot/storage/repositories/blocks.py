"""The blocks of attendees, in SQL."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection
from typing_extensions import override

from bot.app.ports import Blocks
from bot.domain.attendee.block import Block
from bot.storage import tables
from bot.storage.bulk import among

BLOCK = tables.block.c


@dataclass(frozen=True, slots=True)
class SqlBlocks(Blocks):
    """`ports.Blocks` on one connection."""

    connection: AsyncConnection

    @override
    async def of_attendees(self, attendees: Collection[int], conference: str) -> Mapping[int, Sequence[Block]]:
        by_attendee = among(self.connection, BLOCK.attendee, attendees)
        query = select(tables.block).where(by_attendee, BLOCK.conference == conference)
        blocks: dict[int, list[Block]] = {}
        rows = await self.connection.execute(query.order_by(BLOCK.starts_at, BLOCK.number))
        for row in rows.mappings():
            block = Block(row["number"], row["starts_at"], row["ends_at"], row["title"], row["venue"])
            blocks.setdefault(row["attendee"], []).append(block)
        return blocks

    @override
    async def add(self, attendee: int, conference: str, block: Block) -> Block:
        row = {
            "attendee": attendee,
            "conference": conference,
            "starts_at": block.starts_at,
            "ends_at": block.ends_at,
            "title": block.title,
            "venue": block.venue,
        }
        number = await self.connection.scalar(insert(tables.block).values(row).returning(BLOCK.number))
        return replace(block, number=int(number))

    @override
    async def remove(self, attendee: int, conference: str, number: int) -> bool:
        which = (BLOCK.attendee == attendee, BLOCK.conference == conference, BLOCK.number == number)
        result = await self.connection.execute(delete(tables.block).where(*which))
        return result.rowcount > 0
