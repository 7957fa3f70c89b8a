"""`kill -9` while 1,000 reminders go out, and a new process after it: what is lost, what comes twice; beside rivals.

The platform takes 1,000 a second, each after half of 20 ms, and answers in the other half; 20 are in flight. The new
process starts when the leases of the old one are over. Discord makes one message of what comes twice under one key
while it remembers that key, about two minutes: what would show there is what came later than that.
"""

import asyncio
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from benchmarks.children import OURS, RIVAL, filled, place_of, spawned, told_by
from benchmarks.crowd import go
from benchmarks.figures import Figure, tell
from benchmarks.rivals import RIVALS
from bot.cli.application import LEASE
from tests.stores import new_database, postgresql_server

LATENCY, REMEMBERED = 0.02, 120.0
LEASE_OVER = LEASE.total_seconds() + 4
"""Seconds of the clock after which the leases of the killed process are over."""
QUIET = 5.0
"""Seconds without a message after which a process is taken to be through."""


@dataclass(slots=True)
class Seen:
    """What the platform took: by key, when. The moments are those of the clock of whoever sent it."""

    taken: dict[str, list[float]] = field(default_factory=dict)

    def add(self, line: bytes) -> None:
        """One line of a process that sends."""
        key, at = line.decode().split()
        self.taken.setdefault(key, []).append(float(at))

    @property
    def doubled(self) -> int:
        """How many came more than once."""
        return sum(len(each) > 1 for each in self.taken.values())

    @property
    def shown(self) -> int:
        """How many would show twice where a key is remembered for two minutes."""
        return sum(max(each) - min(each) > REMEMBERED for each in self.taken.values())


async def sending(seen: Seen, until: int, whose: str, *arguments: object) -> None:
    """A process that sends, killed once the platform has taken `until` messages, or when it has no more to send."""
    process = await spawned(whose, *arguments)
    assert process.stdout
    count = 0
    wait = 30.0
    while count < until:
        try:
            line = await asyncio.wait_for(process.stdout.readline(), wait)
        except TimeoutError:
            break
        if not line:
            break
        seen.add(line)
        count, wait = count + 1, QUIET
    process.kill()
    # What was taken before the signal came counts.
    rest = await process.communicate()
    for line in rest[0].splitlines():
        seen.add(line)


async def ours(place: str, count: int, kill_at: int) -> Seen:
    """Killed once, then run to the end."""
    await told_by(OURS, "fill", place, count)
    seen = Seen()
    await sending(seen, kill_at, OURS, "serve", place, 1, LATENCY)
    await sending(seen, count + 1, OURS, "serve", place, LEASE_OVER, LATENCY)
    return seen


async def theirs(key: str, place: str, count: int, kill_at: int, a_second: float) -> Seen:
    """The same for a rival."""
    await filled(key, place, count)
    seen = Seen()
    await sending(seen, kill_at, RIVAL, "serve", key, place, a_second)
    await sending(seen, count + 1, RIVAL, "serve", key, place, a_second)
    return seen


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many, killed when."""

    nudges: int
    databases: Sequence[str]
    kills: Sequence[int]
    rivals: Sequence[tuple[str, float]]


FULL = Sizes(
    1_000,
    ("SQLite", "PostgreSQL"),
    (1, 150, 400, 800, 985),
    (
        ("jobs-sql-patient", 1_000),
        ("timers", 1_000),
        ("timers", 50),
        ("timers-pg", 50),
        ("queue", 1_000),
        ("queue", 50),
    ),
)
SMALL = Sizes(60, ("SQLite",), (20,), ())


async def main(sizes: Sizes) -> bool:
    """All, one after the other; whether every bound is kept."""
    figures: list[Figure] = []
    total = Counter[str]()
    with tempfile.TemporaryDirectory() as folder, postgresql_server() as server:
        for database in sizes.databases:
            for kill_at in sizes.kills:
                async with new_database(server) as url:
                    place = f"sqlite:///{folder}/{kill_at}.db" if database == "SQLite" else url
                    seen = await ours(place, sizes.nudges, kill_at)
                name = f"ours, {database}, killed at {kill_at}"
                lost = sizes.nudges - len(seen.taken)
                total["lost"] += lost
                figures += [
                    Figure(f"{name}: lost", lost, "nudges", 0),
                    Figure(f"{name}: doubled", seen.doubled, "nudges", 50),
                    Figure(f"{name}: doubled where a key is remembered", seen.shown, "nudges", 0),
                ]
        kept = tell(f"kill -9 among {sizes.nudges:,} nudges at 1,000 a second", figures)
        kill_at = sizes.nudges * 2 // 5
        others = []
        for key, a_second in sizes.rivals:
            async with new_database(server) as url:
                place = place_of(key, folder, url)
                seen = await theirs(key, place, sizes.nudges, kill_at, a_second)
            name = f"{RIVALS[key][0]}, {a_second:,g} a second"
            others += [
                Figure(f"{name}: lost", sizes.nudges - len(seen.taken), "reminders"),
                Figure(f"{name}: doubled", seen.doubled, "reminders"),
            ]
    return tell(f"Others, killed at {kill_at}", others) and kept


if __name__ == "__main__":
    small = "--small" in sys.argv
    if not go(main(SMALL if small else FULL)) and not small:
        sys.exit(1)
