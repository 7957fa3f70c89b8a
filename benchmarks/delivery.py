"""25,000 and 100,000 nudges due in the same moment: ours on SQLite and PostgreSQL beside what others do, in one run.

Every row is a process of its own, and the platform answers at once. Ours is the house that `hallway run` wires; where
there is no limit, as here, it claims and reads what is due next in the second and a half before (how long that takes
without is in `benchmarks/restarting.py`). The slowest rivals get fewer reminders: their rate is what is compared.
"""

import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from benchmarks.children import OURS, RIVAL, Told, place_of, told_by
from benchmarks.crowd import go
from benchmarks.figures import Figure, tell
from benchmarks.rivals import RIVALS
from tests.stores import new_database, postgresql_server


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many of what: `rivals` says reminders, and the seconds given to add them.

    Ours takes a third of a second, in which anything may come between: it runs beside each of them.
    """

    nudges: int
    many: int
    rivals: Mapping[str, tuple[int, float]]
    singly: int = 1_000


FULL = Sizes(
    25_000,
    100_000,
    {
        "task": (25_000, 10),
        "jobs": (25_000, 30),
        "jobs-patient": (25_000, 30),
        "jobs-sql": (1_000, 45),
        "jobs-sql-patient": (1_000, 45),
        "timers": (25_000, 10),
        "timers-pg": (25_000, 10),
        "queue": (25_000, 45),
    },
)
SMALL = Sizes(100, 200, dict.fromkeys(("jobs-sql", "timers", "queue"), (10, 1.5)), 5)
Runs = Sequence[Told]


def ours(database: str, count: int, runs: Runs, *, within: float, bytes_each: float | None = None) -> list[Figure]:
    """What is promised of ours."""
    name, told = f"ours, {database}", usual(runs)
    wrong = sum(
        count - each["distinct"] + sum(abs(count - each[what]) for what in ("owed", "sent", "times")) for each in runs
    )
    figures = [
        Figure(f"{name}: bulk add", told["adds"], "nudges/s"),
        Figure(f"{name}: first sent after due", told["first"], "s"),
        Figure(f"{name}: last sent after due, median of {len(runs)}", told["last"], "s", within),
        Figure(f"{name}: last sent after due, slowest", max(each["last"] for each in runs), "s", within),
        Figure(f"{name}: lost, doubled, or not recorded", wrong, "nudges", 0),
        Figure(f"{name}: longest stall of the event loop", max(each["stall"] for each in runs) * 1000, "ms", 100),
    ]
    if bytes_each is not None:
        figures.insert(1, Figure(f"{name}: memory a pending nudge", told["each"], "bytes", bytes_each))
    return figures


def usual(runs: Runs) -> Told:
    """The median of each thing that was told."""
    return {what: statistics.median(each[what] for each in runs) for what in runs[0]}


def theirs(key: str, count: int, told: Told) -> list[Figure]:
    """The same of a rival."""
    name = f"{RIVALS[key][0]} ({count:,})"
    late = " (added too late: not comparable)" if told["ready"] > 0 else ""
    figures = [
        Figure(f"{name}: added one at a time", told["adds"], "/s"),
        Figure(f"{name}: memory each", told["each"], "bytes"),
        Figure(f"{name}: lost", count - told["distinct"], f"reminders{late}"),
        Figure(f"{name}: longest stall of the event loop", told["stall"] * 1000, "ms"),
    ]
    if told["distinct"]:
        figures.insert(2, Figure(f"{name}: last sent after due", told["last"], "s"))
    return figures


def handed(told: Told) -> float:
    """Messages a second, from the moment they were due; of a rival from its first one, which is kinder to it."""
    begins = told["first"] if "sent" not in told else 0.0
    return float(told["distinct"] / max(told["last"] - begins, 0.001))


def compared(told: Mapping[str, Runs], rivals: Mapping[str, Told]) -> list[Figure]:
    """The ratios."""
    lite, post = usual(told["SQLite"]), usual(told["PostgreSQL"])
    figures = [
        Figure(
            "bulk add, SQLite: ours to APScheduler's SQL store",
            lite["adds"] / rivals["jobs-sql"]["adds"],
            "x",
            at_least=100,
        )
    ]
    timers = Figure(
        "handed over a second, SQLite: ours to the timer table",
        handed(lite) / handed(rivals["timers"]),
        "x",
        at_least=15,
    )
    queue = Figure(
        "handed over a second: ours on SQLite to Procrastinate",
        handed(lite) / handed(rivals["queue"]),
        "x",
        at_least=100,
    )
    figures += [timers, queue]
    on_postgresql = (key for key in ("timers-pg", "queue") if key in rivals)
    return figures + [
        Figure(f"handed over a second, PostgreSQL: ours to {RIVALS[key][0]}", handed(post) / handed(rivals[key]), "x")
        for key in on_postgresql
    ]


async def race(folder: str, server: str, count: int, runs: defaultdict[str, list[Told]]) -> None:
    """Ours, once on each database."""
    runs["SQLite"].append(await told_by(OURS, "race", f"sqlite:///{folder}/{time.time_ns()}.db", count))
    async with new_database(server) as url:
        runs["PostgreSQL"].append(await told_by(OURS, "race", url, count))


async def main(sizes: Sizes) -> bool:
    """All, one after the other; whether every bound is kept."""
    told, many, rivals = defaultdict[str, list[Told]](list), defaultdict[str, list[Told]](list), {}
    with tempfile.TemporaryDirectory() as folder, postgresql_server() as server:
        await race(folder, server, sizes.many, many)
        for key, (count, lead) in sizes.rivals.items():
            await race(folder, server, sizes.nudges, told)
            async with new_database(server) as url:
                place = place_of(key, folder, url)
                rivals[key] = await told_by(RIVAL, "race", key, place, count, lead, sizes.singly)
    each, loose = (200, None) if sizes is FULL else (None, None)
    figures = [
        *ours("SQLite", sizes.nudges, told["SQLite"], within=1.5, bytes_each=each),
        *ours("PostgreSQL", sizes.nudges, told["PostgreSQL"], within=4, bytes_each=each),
    ]
    for key, (count, _) in sizes.rivals.items():
        figures += theirs(key, count, rivals[key])
    kept = tell(f"{sizes.nudges:,} nudges due in one moment", figures)
    bigger = [
        figure for name, found in many.items() for figure in ours(name, sizes.many, found, within=10, bytes_each=loose)
    ]
    kept = tell(f"{sizes.many:,} nudges due in one moment", bigger) and kept
    return tell("Side by side", compared(told, rivals)) and kept


if __name__ == "__main__":
    small = "--small" in sys.argv
    if not go(main(SMALL if small else FULL)) and not small:
        sys.exit(1)
