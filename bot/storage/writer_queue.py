"""The queue of write transactions of one process on SQLite, which has one writer at a time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.domain.errors import StoreError
from bot.storage.erasure import empty_wal
from bot.storage.faults import LOCKED, is_locked

FIRST_PAUSE, LONGEST_PAUSE = 0.005, 0.1
"""Seconds between two attempts to get the lock that another process holds."""
CHECKING = 0.25
"""Seconds between two checks of a waiting transaction whether it can still begin in time."""
SHORTEST = 0.3
"""Seconds that a transaction waits for the lock even if others have waited in vain before it."""


@dataclass(frozen=True, slots=True)
class Patience:
    """The longest wait of a write transaction before it begins.

    Attributes:
        locked: seconds for which another process may hold the lock, counted from the first transaction that met it.
        total: total seconds, including the time in which other transactions of this process write.
    """

    locked: float
    total: float


INTERACTIVE = Patience(locked=2.0, total=30.0)
"""For people who wait for an answer: a command needs up to three transactions, and answers within three seconds."""
BACKGROUND = Patience(locked=30.0, total=60.0)


@dataclass(slots=True)
class WriterQueue:
    """Lets the write transactions of this process begin one after another, first come, first served.

    The lock of SQLite is asked for again and again instead of waiting for it in a thread: so each transaction has its
    own limit of time, and a process can stop while another holds the lock.
    """

    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    _refused_since: float | None = None

    @asynccontextmanager
    async def transaction(self, engine: AsyncEngine, patience: Patience) -> AsyncIterator[AsyncConnection]:
        """Begin a write transaction, which commits at the end of the block and rolls back if the block raises.

        Raises:
            StoreError: other transactions of this process took too long.
            DBAPIError: another process holds the lock, or the database cannot be used.
        """
        arrived = asyncio.get_running_loop().time()
        await self._wait_for_turn(patience, arrived)
        try:
            async with engine.connect() as connection:
                await self._begin(connection, patience, arrived)
                yield connection
                await connection.commit()
                await empty_wal(connection)
        finally:
            self._turn.release()

    async def _wait_for_turn(self, patience: Patience, arrived: float) -> None:
        if not self._turn.locked():
            await self._turn.acquire()
            return
        waiting, is_ours = asyncio.ensure_future(self._turn.acquire()), False
        try:
            while not (await asyncio.wait({waiting}, timeout=CHECKING))[0]:
                if self._is_over(patience, arrived):
                    raise StoreError("The database is in use for too long: try again in a minute.", LOCKED)
            waiting.result()  # raises if this task was cancelled too, with all tasks of the process
            is_ours = True
        finally:
            if not is_ours and not waiting.cancel() and not waiting.cancelled():
                self._turn.release()

    async def _begin(self, connection: AsyncConnection, patience: Patience, arrived: float) -> None:
        pause = FIRST_PAUSE
        while True:
            try:
                await connection.begin()
            except DBAPIError as error:
                if not is_locked(error):
                    raise
                self._refused_since = self._refused_since or asyncio.get_running_loop().time()
                if self._is_over(patience, arrived):
                    raise
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
            else:
                self._refused_since = None
                return

    def _is_over(self, patience: Patience, arrived: float) -> bool:
        now = asyncio.get_running_loop().time()
        if self._refused_since is None:
            return now - arrived >= patience.total
        shortest = min(SHORTEST, patience.locked)
        return now - self._refused_since >= patience.locked and now - arrived >= shortest
