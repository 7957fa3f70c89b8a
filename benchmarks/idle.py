"""What a process costs that has nothing to do: 1,000,000 nudges stored, none of them due; SQLite and PostgreSQL.

Beside it the same process on an empty store, and APScheduler 3 with its jobs in memory, of which fewer have to do.
"""

import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.children import OURS, RIVAL, Told, told_by
from benchmarks.crowd import go
from benchmarks.figures import Figure, tell
from tests.stores import new_database, postgresql_server


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many nudges in which store, how many jobs, and for how many seconds they are watched."""

    stores: Sequence[tuple[str, int]]
    jobs: int
    seconds: float


MILLION = 1_000_000
FULL = Sizes((("SQLite", MILLION), ("PostgreSQL", MILLION), ("SQLite", 0)), 100_000, 75)
SMALL = Sizes((("SQLite", 1_000),), 500, 1.5)


def row(name: str, told: Told, *, promised: bool) -> list[Figure]:
    """Share of a core, and what memory did."""
    return [
        Figure(f"{name}: share of a core", told["share"] * 100, "%", 1 if promised else None),
        Figure(f"{name}: memory held", told["held"] / 2**20, "MiB"),
        Figure(f"{name}: growth of memory while watched", told["grown"] / 2**20, "MiB", 1 if promised else None),
    ]


async def main(sizes: Sizes) -> bool:
    """One after the other; whether every bound is kept."""
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory() as folder, postgresql_server() as server:
        for database, count in sizes.stores:
            async with new_database(server) as url:
                place = f"sqlite:///{folder}/{count}.db" if database == "SQLite" else url
                await told_by(OURS, "fill_future", place, count)
                told = await told_by(OURS, "idle", place, sizes.seconds)
            figures += row(f"ours, {database}, {count:,} stored", told, promised=count > 0)
    told = await told_by(RIVAL, "idle", sizes.jobs, sizes.seconds)
    figures += row(f"APScheduler 3, memory, {sizes.jobs:,} jobs", told, promised=False)
    return tell(f"Nothing to do, watched for {sizes.seconds:g} s", figures)


if __name__ == "__main__":
    small = "--small" in sys.argv
    if not go(main(SMALL if small else FULL)) and not small:
        sys.exit(1)
