"""Four processes on one PostgreSQL: 20,000 nudges in eight lanes, each sent exactly once; beside one process alone.

Run freely, the processes and the database share the cores of this machine, which one process and the database nearly
fill. What more cores would bring is seen with each process held to a part of one core, so that none takes another's:
it may use so much processor time in each turn, as the kernel limits a container.
"""

import asyncio
import os
import signal
import statistics
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg

from benchmarks.children import OURS, Told, in_background, said_by, spawned, told_by
from benchmarks.crowd import go
from benchmarks.figures import Figure, tell
from benchmarks.rivals import plain
from tests.stores import new_database, postgresql_server

LANES = 8
SHARE, SLICE, LOOK = 0.2, 0.02, 0.001
"""Of a core for each process, in turns of so many seconds; how much it has used is looked at ever so many."""
CORES = os.cpu_count() or 1


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many of what; `lead` is the seconds that the processes have to start and to share the lanes."""

    nudges: int
    processes: int
    lead: float


FULL, SMALL = Sizes(20_000, 4, 20), Sizes(200, 2, 6)


@dataclass(slots=True)
class Database:
    """The server beside the race: what it used, and how long one small commit takes meanwhile."""

    connection: Any
    server: int
    commits: list[float] = field(default_factory=list)

    @property
    def processor(self) -> float:
        """Seconds of the server and of everything it started, also what is gone."""
        children = (int(each.name) for each in Path("/proc").iterdir() if each.name.isdecimal())
        mine = [pid for pid in children if pid == self.server or _fields(pid, 1, 2) == self.server]
        gone = _fields(self.server, 13, 15) / os.sysconf("SC_CLK_TCK")
        return gone + sum(_fields(pid, 11, 13) for pid in mine) / os.sysconf("SC_CLK_TCK")

    async def probe(self) -> None:
        """Ten a second."""
        await self.connection.execute("CREATE TABLE probe (number INTEGER)")
        while True:
            begins = time.perf_counter()
            await self.connection.execute("INSERT INTO probe VALUES (1)")
            self.commits.append((time.perf_counter() - begins) * 1000)
            await asyncio.sleep(0.1)


def _fields(pid: int, first: int, end: int) -> int:
    """The sum of some fields of a process's status, after its name; 0 of one that is gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return sum(map(int, fields[first:end]))


@asynccontextmanager
async def beside(url: str) -> AsyncIterator[Database]:
    """The server of a database on this machine."""
    connection = await asyncpg.connect(plain(url))
    backend = await connection.fetchval("SELECT pg_backend_pid()")
    database = Database(connection, _fields(backend, 1, 2))
    try:
        async with in_background(database.probe()):
            yield database
    finally:
        await connection.close()


def idle_seconds() -> float:
    """Of all cores of this machine together, since it started."""
    fields = Path("/proc/stat").read_text().splitlines()[0].split()
    return (int(fields[4]) + int(fields[5])) / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Race:
    """What so many processes did in so many `seconds`; cores are counted until the last of them is through."""

    seconds: float
    taken: Counter[str]
    shares: list[int]
    ours: float
    database: float
    busy: float
    commit: float


async def held(process: asyncio.subprocess.Process) -> None:
    """Stop it for the rest of every turn in which it has used its share, as the limit of a container does."""
    with suppress(ProcessLookupError):
        used, may = processor_of(process.pid), 0.0
        while process.returncode is None:
            ends = time.perf_counter() + SLICE
            # What it left is lost, what it took too much is owed.
            may = min(may, 0) + SHARE * SLICE
            while (left := ends - time.perf_counter()) > 0:
                before, used = used, processor_of(process.pid)
                may -= used - before
                if may > 0:
                    await asyncio.sleep(LOOK)
                    continue
                # Not by `send_signal`: it reaps a child that has just ended, and its status is lost.
                os.kill(process.pid, signal.SIGSTOP)
                try:
                    await asyncio.sleep(left)
                finally:
                    os.kill(process.pid, signal.SIGCONT)


def processor_of(pid: int) -> float:
    """The processor time of another process in seconds, exactly; the clock as `clock_getcpuclockid` of Linux has it."""
    try:
        return time.clock_gettime((~pid << 3) | 2)
    except OSError:
        raise ProcessLookupError(f"no process {pid}") from None


async def raced(url: str, sizes: Sizes, processes: int, *, holding: bool = False) -> Race:
    """They start, wait for the moment at which everything is due, and send."""
    await told_by(OURS, "fill", url, sizes.nudges, LANES)
    due = time.time() + sizes.lead
    workers = [await spawned(OURS, "work", url, due) for _ in range(processes)]
    working = asyncio.gather(*map(said_by, workers))
    await asyncio.sleep(due - time.time())
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(beside(url))
        for worker in workers if holding else ():
            await stack.enter_async_context(in_background(held(worker)))
        before, idle = database.processor, idle_seconds()
        done: list[Told] = await working
        used, idled, took = database.processor - before, idle_seconds() - idle, time.time() - due
    seconds = max(each["last"] for each in done) - due
    return Race(
        seconds,
        sum((Counter(each["taken"]) for each in done), Counter()),
        [len(each["taken"]) for each in done],
        sum(each["processor"] for each in done) / took,
        used / took,
        1 - idled / took / CORES,
        statistics.median(database.commits),
    )


def told(name: str, count: int, race: Race) -> list[Figure]:
    """Exactly once, and how fast."""
    return [
        Figure(f"{name}: sent a second", count / race.seconds, "nudges/s"),
        Figure(f"{name}: lost", count - len(race.taken), "nudges", 0),
        Figure(f"{name}: sent more than once", race.taken.total() - len(race.taken), "nudges", 0),
        Figure(f"{name}: cores that ours kept busy", race.ours, "cores"),
        Figure(f"{name}: cores that PostgreSQL kept busy", race.database, "cores"),
        Figure(f"{name}: of all cores, busy with anything", race.busy * 100, "%"),
        Figure(f"{name}: one small commit meanwhile, median", race.commit, "ms"),
    ]


async def main(sizes: Sizes) -> bool:
    """One alone, then all, freely and held; whether every bound is kept."""
    kept = True
    with postgresql_server() as server:
        for holding in (False, True):
            async with new_database(server) as url:
                one = await raced(url, sizes, 1, holding=holding)
            async with new_database(server) as url:
                many = await raced(url, sizes, sizes.processes, holding=holding)
            name = f"{sizes.processes} processes"
            figures = [
                *told("one process", sizes.nudges, one),
                *told(name, sizes.nudges, many),
                Figure(f"{name}: fewest of one", min(many.shares), f"nudges, the most {max(many.shares):,}"),
                # Freely, the cores are the limit: what they are busy with is told above.
                Figure(f"{name} to one", one.seconds / many.seconds, "x", at_least=2 if holding else None),
            ]
            how = f"each held to {SHARE:.0%} of a core" if holding else "as fast as they can"
            kept &= tell(f"{sizes.nudges:,} nudges in {LANES} lanes on one PostgreSQL, {how}", figures)
    return kept


if __name__ == "__main__":
    small = "--small" in sys.argv
    if not go(main(SMALL if small else FULL)) and not small:
        sys.exit(1)
