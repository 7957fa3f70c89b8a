"""Chats have priority over pages: a page waits while somebody in a chat waits for an answer."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field

from bot.domain.errors import HallwayError

SHARE = 4
"""While a chat is answered, pages rest this many times as long as their last piece of work took."""
SHORTEST_REST = 0.01
"""Seconds of such a rest at least: more than most answers take, so most of them meet no page at all."""
LONGEST_REST = 0.1
"""Seconds of such a rest at most: a command that takes long waits for somebody else, and pages need not."""
AT_ONCE = 2
"""Pages that ask the store or are rendered at a time; the others are answered from memory."""
PATIENCE = 10.0
"""Seconds for which a page waits for its place: longer than a store needs that answers."""


class CrowdedError(HallwayError):
    """Too many pages are read and rendered at this moment, or the store is too slow for them."""


@dataclass(slots=True)
class Precedence:
    """Decides when a page may do its next piece of work in this process.

    Everything runs in one thread, so whatever a page does makes all chats wait. While no chat is answered, pages go
    on. While one is, they go on one after another, and rest after each piece of work: they have at most a fifth of the
    time.
    """

    _chats: int = 0
    _waiting: deque[asyncio.Future[None]] = field(default_factory=deque)
    _is_working: bool = False
    _rests_until: float = 0.0
    _next: asyncio.Handle | None = None
    _places: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE), repr=False)

    @contextmanager
    def chat(self) -> Iterator[None]:
        """Count a chat as waiting for its answer while the block runs."""
        self._chats += 1
        try:
            yield
        finally:
            self._chats -= 1
            if not self._chats and self._waiting:
                self._stop_resting()

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """Wait for a slot, then run the block, which reads the store or renders for a page.

        Raises:
            CrowdedError: there was no slot in time.
        """
        try:
            async with asyncio.timeout(PATIENCE):
                await self._places.acquire()
        except TimeoutError:
            raise CrowdedError("Too many pages wait.") from None
        try:
            await self.turn()
            yield
        finally:
            self._places.release()

    @property
    def is_busy(self) -> bool:
        """Whether a page has to wait for its turn."""
        return self._chats > 0 or len(self._waiting) > 0

    async def turn(self) -> None:
        """Wait until a page may do its next piece of work."""
        if not self.is_busy:
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        self._plan()
        await turn

    def _plan(self) -> None:
        """Schedule the first waiting page, after the rest if there is one."""
        if not self._waiting or self._is_working or self._next:
            return
        loop = asyncio.get_running_loop()
        if self._chats:
            self._next = loop.call_at(max(self._rests_until, loop.time() + SHORTEST_REST), self._begin)
        else:
            self._next = loop.call_soon(self._begin)

    def _stop_resting(self) -> None:
        if self._next:
            self._next.cancel()
            self._next = None
        self._plan()

    def _begin(self) -> None:
        """Resume the first page that is still waiting."""
        self._next = None
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                self._is_working = True
                loop = asyncio.get_running_loop()
                # It runs after the piece of work, because the page was made ready before.
                loop.call_soon(self._end, loop.time())
                return

    def _end(self, began: float) -> None:
        self._is_working = False
        now = asyncio.get_running_loop().time()
        self._rests_until = now + min(max(SHARE * (now - began), SHORTEST_REST), LONGEST_REST)
        self._plan()
