"""An event loop with its own clock: hours of waiting pass in the time that the program needs to compute."""

import asyncio
import selectors
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any

from bot.app.ports import Commits, Store, UnitOfWork

ROUND = 1e-6
"""Virtual seconds that one round of the loop takes, so that a timer whose time was rounded down is reached."""


class StuckError(Exception):
    """No timer is set and no task can run: nothing will ever happen again."""


class VirtualLoop(asyncio.SelectorEventLoop):
    """`asyncio` in virtual seconds: where a real loop would sleep, the time jumps to the next timer.

    Work for an executor runs at once in the loop's own thread, so that the same seed gives the same run.

    Args:
        threads: whether other threads (those of a real database) wake the loop. Then no time passes while a
            transaction of a `StillStore` is open, and the runs of one seed may differ.
    """

    def __init__(self, *, threads: bool = False) -> None:
        self.elapsed = 0.0
        self.open_transactions = 0
        super().__init__(_ThreadsSelector(self) if threads else _JumpingSelector(self))

    def time(self) -> float:
        return self.elapsed

    def run_in_executor(self, executor: Any, func: Any, *args: Any) -> Any:  # type: ignore[override]
        done = self.create_future()
        try:
            done.set_result(func(*args))
        except Exception as error:  # noqa: BLE001 — the caller gets it from the future
            done.set_exception(error)
        return done


class _JumpingSelector(selectors.SelectSelector):
    """Never looks at a file or a socket."""

    def __init__(self, loop: VirtualLoop) -> None:
        super().__init__()
        self.loop = loop

    def select(self, timeout: float | None = None) -> list[Any]:
        if timeout is None:
            raise StuckError
        self.loop.elapsed += max(timeout, 0.0) + ROUND
        return []


class _ThreadsSelector(selectors.DefaultSelector):
    """Waits really for other threads where nothing else can happen, or a transaction is open."""

    def __init__(self, loop: VirtualLoop) -> None:
        super().__init__()
        self.loop = loop

    def select(self, timeout: float | None = None) -> Any:
        if self.loop.open_transactions:
            return super().select(None if timeout is None or timeout > 0 else 0)
        found = super().select(None if timeout is None else 0)
        if not found and timeout:
            self.loop.elapsed += timeout + ROUND
        return found


@dataclass(frozen=True, slots=True)
class StillStore:
    """`ports.Store` on a real database, in whose transactions no virtual time passes."""

    store: Store
    loop: VirtualLoop
    commits: Commits = field(default_factory=Commits)

    @asynccontextmanager
    async def read_transaction(self) -> AsyncIterator[UnitOfWork]:
        with self._still():
            async with self.store.read_transaction() as work:
                yield work

    @asynccontextmanager
    async def write_transaction(self) -> AsyncIterator[UnitOfWork]:
        with self._still():
            async with self.store.write_transaction() as work:
                yield work

    @contextmanager
    def _still(self) -> Iterator[None]:
        self.loop.open_transactions += 1
        try:
            yield
        finally:
            self.loop.open_transactions -= 1
