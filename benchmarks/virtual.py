"""Time that passes only where everybody waits for it: hours of a paced platform in minutes, on a real database.

While a transaction is open, time stands still: threads and sockets take no time at all. Everything else that
waits, waits for a moment of the loop's own time, and the next such moment comes at once.
"""

import asyncio
import selectors
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from bot.app.ports import Store, UnitOfWork

T = TypeVar("T")


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop with its own time, in seconds since it was made."""

    def __init__(self) -> None:
        self.passed = 0.0
        self.open_transactions = 0
        super().__init__(_Patient(self))

    def time(self) -> float:
        """Its own time."""
        return self.passed


class _Patient(selectors.DefaultSelector):
    """Lets the loop's time pass instead of waiting."""

    def __init__(self, loop: VirtualLoop) -> None:
        super().__init__()
        self.loop = loop

    def select(self, timeout: float | None = None) -> Any:
        """What happened; with nobody at work the time is over at once."""
        if self.loop.open_transactions:
            # Something will come of it, whatever timers there are.
            return super().select(None if timeout is None or timeout > 0 else 0)
        found = super().select(None if timeout is None else 0)
        if not found and timeout:
            # A little more, or a rounded sum might be just short of the timer for ever.
            self.loop.passed += timeout + 1e-9
        return found


@dataclass(frozen=True, slots=True)
class VirtualClock:
    """`ports.Clock` that begins at `start`."""

    start: datetime
    loop: VirtualLoop

    def now(self) -> datetime:
        """By the loop's time."""
        return self.start + timedelta(seconds=self.loop.time())


@dataclass(frozen=True, slots=True)
class StillStore:
    """`ports.Store` in whose transactions no time passes."""

    store: Store
    loop: VirtualLoop

    @asynccontextmanager
    async def read_transaction(self) -> AsyncIterator[UnitOfWork]:
        """As the store's."""
        with self._still():
            async with self.store.read_transaction() as work:
                yield work

    @asynccontextmanager
    async def write_transaction(self) -> AsyncIterator[UnitOfWork]:
        """As the store's."""
        with self._still():
            async with self.store.write_transaction() as work:
                yield work

    def _still(self) -> "_Still":
        return _Still(self.loop)


@dataclass(slots=True)
class _Still:
    loop: VirtualLoop

    def __enter__(self) -> None:
        self.loop.open_transactions += 1

    def __exit__(self, *_: object) -> None:
        self.loop.open_transactions -= 1


@dataclass(slots=True)
class VirtualTimer:
    """`ports.Timer`: wakes at a moment of the clock, at the latest after 30 seconds of it."""

    clock: VirtualClock
    wake: Callable[[], None] = lambda: None
    _timer: asyncio.TimerHandle | None = None

    def wake_at(self, moment: datetime | None) -> None:
        """One moment at a time."""
        if self._timer:
            self._timer.cancel()
        wait = 30.0 if moment is None else min(max((moment - self.clock.now()).total_seconds(), 0.0), 30.0)
        self._timer = self.clock.loop.call_later(wait, self.wake)


def passed(work: Callable[[VirtualLoop], Awaitable[T]]) -> T:
    """What the work gives, in a virtual loop of its own."""
    loop = VirtualLoop()
    try:
        return loop.run_until_complete(work(loop))
    finally:
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()
