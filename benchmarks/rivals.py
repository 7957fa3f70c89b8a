"""What others do with one reminder per attendee: their algorithms, small enough to be read.

APScheduler 3 and Procrastinate are the libraries themselves, used as their documentation shows it. The timer table is
the algorithm of RoboDanny's `reminder.py`, written anew: one loop that reads the next row, sleeps until it is due,
deletes it and only then dispatches it, as a task that nobody waits for.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

import aiosqlite
import asyncpg
import procrastinate
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler

Send = Callable[[int], Awaitable[None]]
CREATE = "CREATE TABLE IF NOT EXISTS reminders (id INTEGER PRIMARY KEY, expires DOUBLE PRECISION, extra TEXT)"
EXTRA = '{"args": [], "kwargs": {"message": "Leave Venetian by 13:05"}}'
TASKS: set["asyncio.Task[None]"] = set()


class Rival(Protocol):
    """Stores reminders and sends them."""

    async def fill(self, numbers: Sequence[int], due: float, singly: int) -> float:
        """Add a reminder per number, the first `singly` of them one at a time; returns how many of those a second."""
        ...

    async def serve(self, send: Send) -> None:
        """Send what is due through `send`, until cancelled."""
        ...


async def rate_of(numbers: Sequence[int], add: Callable[[int], Awaitable[Any]]) -> float:
    """How many were added a second, one at a time; others get their turn after each, as in a handler."""
    begins = time.perf_counter()
    for number in numbers:
        await add(number)
        await asyncio.sleep(0)
    return len(numbers) / (time.perf_counter() - begins)


def dispatch(work: Awaitable[None]) -> None:
    """As a client library dispatches an event: nobody waits for it."""
    task = asyncio.ensure_future(work)
    TASKS.add(task)
    task.add_done_callback(TASKS.discard)


@dataclass(slots=True)
class TaskEach:
    """One task per reminder, which sleeps until it is due. In memory only."""

    url: str = ""
    send: Send | None = None

    async def fill(self, numbers: Sequence[int], due: float, singly: int) -> float:
        """All one at a time."""
        del singly

        async def remind(number: int) -> None:
            await asyncio.sleep(due - time.time())
            assert self.send
            await self.send(number)

        async def add(number: int) -> None:
            dispatch(remind(number))

        return await rate_of(numbers, add)

    async def serve(self, send: Send) -> None:
        """They wake by themselves."""
        self.send = send
        await asyncio.Event().wait()


SENDING: list[Send] = []
"""A stored job names its function and cannot hold ours."""


async def remind(number: int) -> None:
    """What APScheduler calls."""
    await SENDING[-1](number)


@dataclass(slots=True)
class JobEach:
    """One job per reminder in APScheduler 3, in memory or in its SQLAlchemy store; `grace` () is its default."""

    url: str = ""
    grace: tuple[None, ...] = ()
    scheduler: Any = field(init=False)

    def __post_init__(self) -> None:
        """Not started yet."""
        store = SQLAlchemyJobStore(self.url) if self.url else MemoryJobStore()
        defaults = {"misfire_grace_time": None} if self.grace else {}
        self.scheduler = AsyncIOScheduler(jobstores={"default": store}, job_defaults=defaults, timezone=UTC)

    async def fill(self, numbers: Sequence[int], due: float, singly: int) -> float:
        """It knows no other way than one at a time."""
        del singly
        self.scheduler.start()
        at = datetime.fromtimestamp(due, UTC)

        async def add(number: int) -> None:
            self.scheduler.add_job("benchmarks.rivals:remind", "date", run_date=at, args=(number,), id=str(number))

        return await rate_of(numbers, add)

    async def serve(self, send: Send) -> None:
        """Runs in the event loop."""
        SENDING.append(send)
        if not self.scheduler.running:
            self.scheduler.start()
        try:
            await asyncio.Event().wait()
        finally:
            self.scheduler.shutdown(wait=False)


@dataclass(slots=True)
class TimerTableSqlite:
    """The timer table on aiosqlite, with WAL."""

    url: str

    async def _open(self) -> aiosqlite.Connection:
        connection = await aiosqlite.connect(self.url)
        await connection.execute("PRAGMA journal_mode = WAL")
        await connection.execute(CREATE)
        await connection.execute("CREATE INDEX IF NOT EXISTS by_expires ON reminders (expires)")
        return connection

    async def fill(self, numbers: Sequence[int], due: float, singly: int) -> float:
        """A commit each; what is left in one."""
        connection = await self._open()

        async def add(number: int) -> None:
            await connection.execute("INSERT INTO reminders VALUES (?, ?, ?)", (number, due, EXTRA))
            await connection.commit()

        rate = await rate_of(numbers[:singly], add)
        rest = [(number, due, EXTRA) for number in numbers[singly:]]
        await connection.executemany("INSERT INTO reminders VALUES (?, ?, ?)", rest)
        await connection.commit()
        await connection.close()
        return rate

    async def serve(self, send: Send) -> None:
        """Next row, sleep, delete, dispatch."""
        connection = await self._open()
        try:
            while True:
                cursor = await connection.execute("SELECT id, expires FROM reminders ORDER BY expires LIMIT 1")
                row = await cursor.fetchone()
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
        connection = await asyncpg.connect(plain(self.url))
        await connection.execute(CREATE)
        await connection.execute("CREATE INDEX IF NOT EXISTS by_expires ON reminders (expires)")
        return connection

    async def fill(self, numbers: Sequence[int], due: float, singly: int) -> float:
        """A commit each; what is left by COPY."""
        connection = await self._open()
        insert = "INSERT INTO reminders VALUES ($1, $2, $3)"
        rate = await rate_of(numbers[:singly], lambda number: connection.execute(insert, number, due, EXTRA))
        rest = [(number, due, EXTRA) for number in numbers[singly:]]
        await connection.copy_records_to_table("reminders", records=rest)
        await connection.close()
        return rate

    async def serve(self, send: Send) -> None:
        """Next row, sleep, delete, dispatch."""
        connection = await self._open()
        try:
            while True:
                row = await connection.fetchrow("SELECT id, expires FROM reminders ORDER BY expires LIMIT 1")
                if row is None:
                    await asyncio.sleep(0.05)
                    continue
                await asyncio.sleep(max(row["expires"] - time.time(), 0))
                await connection.execute("DELETE FROM reminders WHERE id = $1", row["id"])
                dispatch(send(row["id"]))
        finally:
            await connection.close()


@dataclass(slots=True)
class JobQueue:
    """Procrastinate: a deferred job per reminder, one worker of concurrency 100."""

    url: str
    app: Any = field(init=False)
    task: Any = field(init=False)

    def __post_init__(self) -> None:
        """One task."""
        self.app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=plain(self.url)))
        self.task = self.app.task(name="remind")(remind)

    async def fill(self, numbers: Sequence[int], due: float, singly: int) -> float:
        """What is left in batches of 1,000."""
        async with self.app.open_async():
            await self.app.schema_manager.apply_schema_async()
            deferrer = self.task.configure(schedule_at=datetime.fromtimestamp(due, UTC))
            rate = await rate_of(numbers[:singly], lambda number: deferrer.defer_async(number=number))
            rest = numbers[singly:]
            for start in range(0, len(rest), 1_000):
                await deferrer.batch_defer_async(*({"number": number} for number in rest[start : start + 1_000]))
        return rate

    async def serve(self, send: Send) -> None:
        """Its own worker, with its own defaults otherwise."""
        SENDING.append(send)
        async with self.app.open_async():
            await self.app.run_worker_async(concurrency=100, install_signal_handlers=False)


def plain(url: str) -> str:
    """Without the driver that SQLAlchemy needs named."""
    return url.replace("+asyncpg", "")


RIVALS: dict[str, tuple[str, Callable[[str], Rival]]] = {
    "task": ("one asyncio task each", TaskEach),
    "jobs": ("APScheduler 3, memory", lambda _: JobEach()),
    "jobs-patient": ("APScheduler 3, memory, misfire None", lambda _: JobEach("", (None,))),
    "jobs-sql": ("APScheduler 3, SQLAlchemy store", JobEach),
    "jobs-sql-patient": ("APScheduler 3, SQLAlchemy store, misfire None", lambda url: JobEach(url, (None,))),
    "timers": ("timer table, aiosqlite", TimerTableSqlite),
    "timers-pg": ("timer table, asyncpg", TimerTablePostgres),
    "queue": ("Procrastinate", JobQueue),
}
"""What each is called, and how it is made for a database (a URL; the timer table on SQLite wants a file)."""
