"""Four processes on one PostgreSQL: 20,000 nudges in eight lanes, each sent exactly once; beside one process alone.

Processor time is what four share with the database: where no core is left idle, more processes cannot send more.
"""

import asyncio
import os
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from benchmarks.children import OURS, Told, processor_seconds, told_by
from benchmarks.crowd import go
from benchmarks.figures import Figure, tell
from benchmarks.rivals import plain
from tests.stores import new_database, postgresql_server

LANES = 8


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many of what; `lead` is the seconds that the processes have to start."""

    nudges: int
    processes: int
    lead: float


FULL, SMALL = Sizes(20_000, 4, 8), Sizes(200, 2, 4)


async def database_processes(url: str) -> list[int]:
    """The process ids of the server and of everything it started, which are on this machine."""
    connection = await asyncpg.connect(plain(url))
    backend = await connection.fetchval("SELECT pg_backend_pid()")
    await connection.close()
    return family(parent(backend))


def family(server: int) -> list[int]:
    """A process and its children."""
    return [
        server,
        *(
            int(each.name)
            for each in Path("/proc").iterdir()
            if each.name.isdecimal() and parent(int(each.name)) == server
        ),
    ]


def parent(pid: int) -> int:
    """Of a process; 0 of one that is gone."""
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


def idle_seconds() -> float:
    """Of all cores of this machine together, since it started."""
    fields = Path("/proc/stat").read_text().splitlines()[0].split()
    return (int(fields[4]) + int(fields[5])) / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Race:
    """What so many processes did."""

    seconds: float
    taken: Counter[str]
    shares: list[int]
    ours: float
    database: float
    idle: float


async def raced(url: str, sizes: Sizes, processes: int) -> Race:
    """They start, wait for the moment at which everything is due, and send."""
    await told_by(OURS, "fill", url, sizes.nudges, LANES)
    due = time.time() + sizes.lead
    working = asyncio.gather(*(told_by(OURS, "work", url, due) for _ in range(processes)))
    await asyncio.sleep(due - time.time())
    pids, idle = await database_processes(url), idle_seconds()
    before = {pid: spent(pid) for pid in pids}
    done: list[Told] = await working
    after = await database_processes(url)
    seconds = max(each["last"] for each in done) - due
    waited = time.time() - due - seconds
    return Race(
        seconds,
        sum((Counter(each["taken"]) for each in done), Counter()),
        [len(each["taken"]) for each in done],
        sum(each["processor"] for each in done) / seconds,
        sum(spent(pid) - before.get(pid, 0) for pid in after) / seconds,
        max(idle_seconds() - idle - waited * (os.cpu_count() or 1), 0) / seconds,
    )


def spent(pid: int) -> float:
    """Processor time; of a process that is gone none."""
    try:
        return processor_seconds(pid)
    except OSError:
        return 0.0


def told(name: str, count: int, race: Race) -> list[Figure]:
    """Exactly once, and how fast."""
    return [
        Figure(f"{name}: sent a second", count / race.seconds, "nudges/s"),
        Figure(f"{name}: lost", count - len(race.taken), "nudges", 0),
        Figure(f"{name}: sent more than once", race.taken.total() - len(race.taken), "nudges", 0),
        Figure(f"{name}: cores that ours kept busy", race.ours, "cores"),
        Figure(f"{name}: cores that PostgreSQL kept busy", race.database, "cores"),
    ]


async def main(sizes: Sizes) -> bool:
    """One alone, then all; whether every bound is kept."""
    with postgresql_server() as server:
        async with new_database(server) as url:
            one = await raced(url, sizes, 1)
        async with new_database(server) as url:
            many = await raced(url, sizes, sizes.processes)
    cores = os.cpu_count() or 1
    ratio = one.seconds / many.seconds
    name = f"{sizes.processes} processes"
    used = (many.ours + many.database) / cores
    figures = [
        *told("one process", sizes.nudges, one),
        *told(name, sizes.nudges, many),
        Figure(f"{name}: fewest and most of one", min(many.shares), f"to {max(many.shares):,} nudges"),
        Figure(f"{name}: throughput to that of one", ratio, "x"),
        Figure(f"{name}: of {cores} cores, what they and PostgreSQL used", used * 100, "%"),
        Figure("at least 2 x one process, or the machine is full (70 %)", max(ratio / 2, used / 0.7), "", at_least=1),
    ]
    return tell(f"{sizes.nudges:,} nudges in {LANES} lanes on one PostgreSQL, {cores} cores", figures)


if __name__ == "__main__":
    small = "--small" in sys.argv
    if not go(main(SMALL if small else FULL)) and not small:
        sys.exit(1)
