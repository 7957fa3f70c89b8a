"""Other ways to store one reminder per person, small enough to be read.

The timer table is the algorithm of RoboDanny's `reminder.py`, written again: a loop reads the next row, sleeps until it
is due, deletes it, and only then dispatches it as a task that nobody waits for. APScheduler is the library itself.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

import aiosqlite
import asyncpg
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler

Send = Callable[[int], Awaitable[None]]
CREATE = "CREATE TABLE IF NOT EXISTS reminders (id INTEGER PRIMARY KEY, expires DOUBLE PRECISION, extra TEXT)"
INDEX = "CREATE INDEX IF NOT EXISTS by_expires ON reminders (expires)"
NEXT = "SELECT id, expires FROM reminders ORDER BY expires LIMIT 1"
EXTRA = '{"args": [], "kwargs": {"message": "Leave Venetian by 13:05"}}'
TASKS: set["asyncio.Future[None]"] = set()
SENDING: list[Send] = []
"""A stored job of APScheduler names its function, so the function finds here what to call."""


class Rival(Protocol):
    """Stores reminders and sends them."""

    async def fill(self, numbers: Sequence[int], due: float) -> None:
        """Add a reminder per number, all due at the same moment (seconds since the epoch)."""
        ...

    async def serve(self, send: Send) -> None:
        """Send what is due through `send`, until cancelled."""
        ...


def dispatch(work: Awaitable[None]) -> None:
    """As a client library dispatches an event: nobody waits for it."""
    task = asyncio.ensure_future(work)
    TASKS.add(task)
    task.add_done_callback(TASKS.discard)


@dataclass(slots=True)
class TimerTableSqlite:
    """The timer table on aiosqlite, in WAL mode."""

    file: str

    async def _open(self) -> aiosqlite.Connection:
        connection = await aiosqlite.connect(self.file)
        await connection.execute("PRAGMA journal_mode = WAL")
        await connection.execute(CREATE)
        await connection.execute(INDEX)
        return connection

    async def fill(self, numbers: Sequence[int], due: float) -> None:
        """All in one transaction."""
        connection = await self._open()
        values = [(number, due, EXTRA) for number in numbers]
        await connection.executemany("INSERT INTO reminders VALUES (?, ?, ?)", values)
        await connection.commit()
        await connection.close()

    async def serve(self, send: Send) -> None:
        """Next row, sleep, delete, dispatch."""
        connection = await self._open()
        try:
            while True:
                row = await (await connection.execute(NEXT)).fetchone()
                if row is None:
                    await asyncio.sleep(0.05)
                    continue
                await asyncio.sleep(max(row[1] - time.time(), 0))
                await connection.execute("DELETE FROM reminders WHERE id = ?", (row[0],))
                await connection.commit()
                dispatch(send(row[0]))
        finally:
            await connection.close()


@dataclass(slots=True)
class TimerTablePostgres:
    """The timer table on asyncpg."""

    url: str

    async def _open(self) -> Any:
        connection = await asyncpg.connect(self.url)
        await connection.execute(CREATE)
        await connection.execute(INDEX)
        return connection

    async def fill(self, numbers: Sequence[int], due: float) -> None:
        """All by COPY."""
        connection = await self._open()
        await connection.copy_records_to_table("reminders", records=[(number, due, EXTRA) for number in numbers])
        await connection.close()

    async def serve(self, send: Send) -> None:
        """Next row, sleep, delete, dispatch."""
        connection = await self._open()
        try:
            while True:
                row = await connection.fetchrow(NEXT)
                if row is None:
                    await asyncio.sleep(0.05)
                    continue
                await asyncio.sleep(max(row["expires"] - time.time(), 0))
                await connection.execute("DELETE FROM reminders WHERE id = $1", row["id"])
                dispatch(send(row["id"]))
        finally:
            await connection.close()


async def remind(number: int) -> None:
    """The function that APScheduler calls."""
    await SENDING[-1](number)


@dataclass(slots=True)
class ScheduledJobs:
    """One job per reminder in APScheduler's SQLAlchemy store. No job is dropped for being late."""

    file: str
    scheduler: Any = field(init=False)

    def __post_init__(self) -> None:
        """Not started yet."""
        stores = {"default": SQLAlchemyJobStore(f"sqlite:///{self.file}")}
        self.scheduler = AsyncIOScheduler(jobstores=stores, job_defaults={"misfire_grace_time": None}, timezone=UTC)

    async def fill(self, numbers: Sequence[int], due: float) -> None:
        """One at a time: it has no other way."""
        self.scheduler.start(paused=True)
        at = datetime.fromtimestamp(due, UTC)
        for number in numbers:
            self.scheduler.add_job("benchmarks.rivals:remind", "date", run_date=at, args=(number,), id=str(number))
        self.scheduler.shutdown(wait=False)

    async def serve(self, send: Send) -> None:
        """Runs in the event loop."""
        SENDING.append(send)
        self.scheduler.start()
        try:
            await asyncio.Event().wait()
        finally:
            self.scheduler.shutdown(wait=False)


@dataclass(frozen=True, slots=True)
class Named:
    """A rival's name, and how to make one for its place: a file, or the URL of a PostgreSQL database."""

    name: str
    make: Callable[[str], Rival]


RIVALS = {
    "timers": Named("timer table, aiosqlite", TimerTableSqlite),
    "timers-pg": Named("timer table, asyncpg", TimerTablePostgres),
    "jobs": Named("APScheduler 3, SQLAlchemy store", ScheduledJobs),
}
