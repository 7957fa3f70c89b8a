"""Counts the answers that are in progress, so that a stop can wait for them."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass(slots=True)
class RunningAnswers:
    """The answers of one connection, to interactions and to plain words."""

    _count: int = 0
    _idle: asyncio.Event = field(default_factory=asyncio.Event)

    @contextmanager
    def answering(self) -> Iterator[None]:
        """Count an answer while the block runs."""
        self._count += 1
        try:
            yield
        finally:
            self._count -= 1
            self._idle.set()

    async def finish(self) -> None:
        """Wait until no answer is in progress."""
        while self._count:
            self._idle.clear()
            await self._idle.wait()
