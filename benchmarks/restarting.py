"""A process that starts and finds 25,000 reminders overdue: ours beside what others do, from the moment it is spawned.

What Python needs to load the code is told apart: `hallway run` loads more than a benchmark does.
"""

import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from benchmarks.children import OURS, RIVAL, Told, filled, place_of, told_by
from benchmarks.crowd import go
from benchmarks.figures import Figure, tell
from benchmarks.rivals import RIVALS
from tests.stores import new_database, postgresql_server


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many of what."""

    nudges: int
    databases: Sequence[str]
    rivals: Mapping[str, int]


FULL = Sizes(
    25_000,
    ("SQLite", "PostgreSQL"),
    {"jobs-sql": 500, "jobs-sql-patient": 500, "timers": 25_000, "timers-pg": 25_000, "queue": 3_000},
)
SMALL = Sizes(100, ("SQLite",), {"timers": 10})


async def restarted(whose: str, *arguments: object) -> Told:
    """What it tells, with every moment in seconds since the process was spawned."""
    spawned = time.time()
    told = await told_by(whose, "restart", *arguments)
    return {**told, **{name: max(told[name] - spawned, 0) for name in ("loaded", "first", "last")}}


def row(name: str, count: int, told: Told, *, promised: bool) -> list[Figure]:
    """What became of them; ours is promised from the moment at which its code is loaded."""
    loaded, first, last = told["loaded"], told["first"], told["last"]
    figures = [Figure(f"{name} ({count:,}): lost", count - told["distinct"], "reminders", 0 if promised else None)]
    if told["distinct"]:
        figures += [
            Figure(f"{name}: code loaded after", loaded, "s"),
            Figure(f"{name}: first out after it was spawned", first, "s"),
            Figure(f"{name}: first out after its code was loaded", first - loaded, "s", 0.5 if promised else None),
            Figure(f"{name}: all out after its code was loaded", last - loaded, "s", 2 if promised else None),
        ]
    return [
        *figures,
        Figure(f"{name}: longest stall of the event loop", told["stall"] * 1000, "ms", 100 if promised else None),
    ]


async def main(sizes: Sizes) -> bool:
    """All, one after the other; whether every bound is kept."""
    figures: list[Figure] = []
    rates = {}
    with tempfile.TemporaryDirectory() as folder, postgresql_server() as server:
        for database in sizes.databases:
            async with new_database(server) as url:
                place = f"sqlite:///{folder}/ours.db" if database == "SQLite" else url
                await told_by(OURS, "fill", place, sizes.nudges)
                told = await restarted(OURS, place, sizes.nudges)
                # The promise is made for SQLite, as one installs it.
                figures += row(f"ours, {database}", sizes.nudges, told, promised=database == "SQLite")
                rates[database] = told["distinct"] / (told["last"] - told["loaded"])
        kept = tell(f"Started again with {sizes.nudges:,} overdue", figures)
        others: list[Figure] = []
        for key, count in sizes.rivals.items():
            async with new_database(server) as url:
                place = place_of(key, folder, url)
                await filled(key, place, count)
                told = await restarted(RIVAL, key, place, count)
                others += row(RIVALS[key][0], count, told, promised=False)
                rates[key] = told["distinct"] / max(told["last"] - told["loaded"], 0.001)
    tell("What others do", others)
    ratios = [
        Figure(f"sent a second, ours on SQLite to {RIVALS[key][0]}", rates["SQLite"] / rates[key], "x")
        for key in sizes.rivals
        if rates[key]
    ]
    return tell("Side by side, from the loaded code to the last message", ratios) and kept


if __name__ == "__main__":
    small = "--small" in sys.argv
    if not go(main(SMALL if small else FULL)) and not small:
        sys.exit(1)
