"""The blocks of attendees: their own entries between sessions."""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from bot.domain.attendee.block import Block


class Blocks(Protocol):
    """The blocks of attendees. Each is visible only to its attendee."""

    async def of_attendees(self, attendees: Collection[int], conference: str) -> Mapping[int, Sequence[Block]]:
        """Return the blocks of some attendees by attendee id, soonest first; those without blocks are left out."""
        ...

    async def add(self, attendee: int, conference: str, block: Block) -> Block:
        """Store a block. Returns it with its number, which is never used again."""
        ...

    async def remove(self, attendee: int, conference: str, number: int) -> bool:
        """Delete one block. Returns False if the attendee has no such block."""
        ...
