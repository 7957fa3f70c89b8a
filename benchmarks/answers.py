"""How fast `/nextsession`, `/agenda` and `/find` answer on SQLite, with 2,000 and with 20,000 attendees.

Ten times as many attendees would take ten times as long if an answer read all of them; the bound is 1.5 times.
"""

import asyncio
import random
import tempfile
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path

from benchmarks.conference import OPENS, SESSIONS, attendees, filled, schedule, with_choices
from benchmarks.figures import Figure, is_small, percentile, quiet, show
from bot.app.messages import Request
from bot.cli.application import Application, build_application
from bot.domain.attendee.attendee import Community
from bot.timing.clock import RehearsalClock

LINES = ("/nextsession", "/agenda", "/find queues keys monday")
WARMING = 10
"""The first answers, which read the schedule, are not counted."""


async def fill(url: str, count: int) -> None:
    """A database with `count` attendees."""
    conference = schedule(SESSIONS)
    people = attendees(count, Community(1, "console", "crowd"))
    store = await filled(url, conference, with_choices(people, conference))
    await store.close()


async def answered(application: Application, line: str, user: int) -> float:
    """The milliseconds of one answer."""
    command, _, rest = line.removeprefix("/").partition(" ")
    begins = time.perf_counter()
    reply = await application.dispatch.handle(Request("console", "crowd", f"user{user}", command, rest))
    assert not reply.is_error
    return (time.perf_counter() - begins) * 1000


async def measured(folder: Path, sizes: Sequence[int], times: int) -> list[dict[str, list[float]]]:
    """Milliseconds of each command for each size, asked by `times` different people."""
    random_ = random.Random(3)
    samples = [{line: list[float]() for line in LINES} for _ in sizes]
    async with AsyncExitStack() as stack:
        applications = []
        for count in sizes:
            url = f"sqlite:///{folder / f'{count}.db'}"
            await fill(url, count)
            opened = build_application(url, RehearsalClock(OPENS), {}, [])
            applications.append(await stack.enter_async_context(opened))
        # In turn, so that a busy moment of the machine falls on both sizes.
        for _ in range(times + WARMING):
            for line in LINES:
                for application, count, times_by_line in zip(applications, sizes, samples, strict=True):
                    times_by_line[line].append(await answered(application, line, random_.randint(1, count)))
    return [{line: times_by_line[line][WARMING:] for line in LINES} for times_by_line in samples]


async def main(few: int, many: int, times: int) -> None:
    """Measure both sizes."""
    with tempfile.TemporaryDirectory() as folder:
        small, large = await measured(Path(folder), (few, many), times)
    figures = []
    for line in LINES:
        growth = percentile(large[line], 50) / percentile(small[line], 50)
        figures += [
            Figure(f"{line}: median, {many:,} attendees", percentile(large[line], 50), "ms"),
            Figure(f"{line}: p99, {many:,} attendees", percentile(large[line], 99), "ms", 50),
            Figure(f"{line}: median, to that with {few:,}", growth, "x", 1.5),
        ]
    show(f"Answers on SQLite, {SESSIONS:,} sessions", figures)


if __name__ == "__main__":
    quiet()
    asyncio.run(main(*((50, 100, 20) if is_small() else (2_000, 20_000, 400))))
