"""The blocks of attendees: their own entries between sessions."""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from bot.domain.attendee.block import Block


class Blocks(Protocol):
    """The blocks of attendees. Nobody but their attendee sees them."""

    async def of_attendees(self, attendees: Collection[int], conference: str) -> Mapping[int, Sequence[Block]]:
        """Return the blocks of some attendees by attendee id, soonest first; those without blocks are left out."""
        ...

    async def add(self, attendee: int, conference: str, block: Block) -> Block:
        """Store a block. Returns it with its number, which no other block ever had."""
        ...

    async def remove(self, attendee: int, conference: str, number: int) -> bool:
        """Delete one block. Returns False if the attendee has no such block."""
        ...
