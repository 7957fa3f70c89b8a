"""Chats go before pages: a page waits while somebody in a chat waits for an answer."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field

SHARE = 4
"""While a chat is answered, pages rest this many times as long as their last piece of work took."""
SHORTEST_REST = 0.01
"""Seconds of such a rest at least: more than most answers take, so most of them meet no page at all."""
LONGEST_REST = 0.1
"""Seconds of such a rest at most: a command that takes long waits for somebody else, and pages need not."""
AT_ONCE = 2
"""Pages that ask the store or are rendered at a time; the others are answered from memory."""


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
        """Answer a chat in the block."""
        self._chats += 1
        try:
            yield
        finally:
            self._chats -= 1
            if not self._chats and self._waiting:
                self._stop_resting()

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """Read the store for a page, or render it, in the block."""
        async with self._places:
            await self.turn()
            yield

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
        """See that the first page goes on, after the rest if there is one."""
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
        """Let the first page go on that still wants to."""
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
