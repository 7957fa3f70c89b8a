"""Acknowledgements go first: Slack waits three seconds for one, and an answer may come when the rush is over."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field


def _open() -> asyncio.Event:
    event = asyncio.Event()
    event.set()
    return event


@dataclass(slots=True)
class AckPriority:
    """Counts what came and is not acknowledged yet."""

    _inside: int = 0
    _none: asyncio.Event = field(default_factory=_open)

    @contextmanager
    def inside(self) -> Iterator[None]:
        """While the block runs, something waits to be acknowledged."""
        self._inside += 1
        self._none.clear()
        try:
            yield
        finally:
            self._inside -= 1
            if not self._inside:
                self._none.set()

    async def over(self, seconds: float) -> None:
        """Wait until nothing does, so many seconds at most: then answers have waited long enough."""
        if not self._none.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(self._none.wait(), seconds)
