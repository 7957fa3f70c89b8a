"""Memory and open files of one process over half an hour of commands, while one person floods it.

Every minute a line is printed. The figures compare the last third of the time with the middle third: caches are full by
then, so what still grows is a leak.
"""

import asyncio
import gc
import os
import random
import statistics
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.conference import OPENS, SESSIONS, attendees, filled, schedule, with_choices
from benchmarks.figures import Figure, is_small, quiet, show
from benchmarks.flood import ASKING, FLOOD, WORST
from bot.app.dispatcher import CommandLimits
from bot.app.messages import Request
from bot.cli.application import Application, build_application
from bot.domain.attendee.attendee import Community
from bot.timing.clock import RehearsalClock

PEOPLE, LINES_PRINTED = 2_000, 30
LINES = (
    *("/nextsession", "/agenda", "/now", "/find queues keys monday", "/session ARC301", "/attend 1", "/skip 1"),
    *(
        "/hotel MGM Grand",
        "/here Venetian",
        "/nudges",
        "/recap",
        "/whosgoing 1",
        "/help",
        "/timezone Berlin",
        "/mydata",
    ),
    *("/find zzz{number}", "/session nonsense {number}", "/nosuchcommand{number}"),
)
"""What the others type. Those with a number are new each time, so that a cache without a limit grows."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What the process holds at one moment."""

    mib: float
    files: int
    tasks: int


@dataclass(slots=True)
class Soak:
    """Asks one application, and reads what the process holds from time to time."""

    application: Application
    asked: int = 0
    readings: list[Reading] = field(default_factory=list)
    _random: random.Random = field(default_factory=lambda: random.Random(3))
    _tasks: set[asyncio.Task[object]] = field(default_factory=set)

    def ask(self, line: str, user: str) -> None:
        """Ask, without waiting for the answer."""
        command, _, rest = line.format(number=self.asked).removeprefix("/").partition(" ")
        request = Request("console", "crowd", user, command, rest)
        task: asyncio.Task[object] = asyncio.create_task(self.application.dispatch.handle(request))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        self.asked += 1

    async def run(self, seconds: float) -> None:
        """Ask at the pace of the benchmark of floods."""
        loop = asyncio.get_running_loop()
        begins, number = loop.time(), 0
        while (passed := loop.time() - begins) < seconds:
            if passed >= len(self.readings) * seconds / LINES_PRINTED:
                self._read(passed)
            self.ask(self._random.choice(LINES), f"user{self._random.randint(2, PEOPLE)}")
            if number % ASKING < FLOOD:
                self.ask(self._random.choice(WORST), "user1")
            number += 1
            await asyncio.sleep(max(0.0, begins + number / ASKING - loop.time()))
        await asyncio.gather(*self._tasks)

    def _read(self, passed: float) -> None:
        gc.collect()
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        files = len(list(Path("/proc/self/fd").iterdir()))
        self.readings.append(Reading(pages * os.sysconf("SC_PAGE_SIZE") / 2**20, files, len(asyncio.all_tasks())))
        now = self.readings[-1]
        print(
            f"{passed:6.0f} s {self.asked:8,} commands {now.mib:7.1f} MiB {now.files:4} files {now.tasks:4} tasks",
            flush=True,
        )


async def main(people: int, seconds: float) -> None:
    """Soak one application on SQLite."""
    conference = schedule(SESSIONS)
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'soak.db'}"
        store = await filled(
            url, conference, with_choices(attendees(people, Community(1, "console", "crowd")), conference)
        )
        await store.close()
        limits = CommandLimits(time.monotonic)
        async with build_application(url, RehearsalClock(OPENS), {}, [], limits=limits) as application:
            soak = Soak(application)
            await soak.run(seconds)
    third = len(soak.readings) // 3
    middle, last = soak.readings[third : 2 * third] or soak.readings[:1], soak.readings[2 * third :]
    mib, files = (
        statistics.median(getattr(sample, name) for sample in last)
        - statistics.median(getattr(sample, name) for sample in middle)
        for name in ("mib", "files")
    )
    figures = [
        Figure("commands", soak.asked, ""),
        Figure("memory at the end", soak.readings[-1].mib, "MiB"),
        Figure("growth of memory, the last third to the middle one", mib, "MiB", 8),
        Figure("open files at the end", soak.readings[-1].files, ""),
        Figure("growth of open files", files, "", 1),
    ]
    show(f"Hallway for half an hour, with a flood, {SESSIONS:,} sessions, {people:,} attendees", figures)


if __name__ == "__main__":
    quiet()
    asyncio.run(main(*((50, 1.5) if is_small() else (PEOPLE, 1_800.0))))
