"""How fast `/nextsession`, `/agenda` and `/find` answer on SQLite, with 2,000 and with 20,000 attendees.

Ten times as many attendees would take ten times as long if an answer read all of them; the bound is 1.5 times.
"""

import asyncio
import random
import tempfile
import time
from pathlib import Path

from benchmarks.conference import OPENS, attendees, filled, schedule, with_choices
from benchmarks.figures import Figure, is_small, percentile, quiet, show
from bot.app.messages import Request
from bot.cli.application import build_application
from bot.domain.attendee.attendee import Community
from bot.timing.clock import RehearsalClock

SESSIONS = 2_500
LINES = ("/nextsession", "/agenda", "/find queues keys monday")
WARMING = 10
"""The first answers, which read the schedule, are not counted."""


async def measured(count: int, folder: Path, times: int) -> dict[str, list[float]]:
    """Milliseconds of each command, asked by `times` different people."""
    url = f"sqlite:///{folder / f'{count}.db'}"
    made = schedule(SESSIONS)
    people = attendees(count, Community(1, "console", "crowd"))
    store = await filled(url, made, with_choices(people, made))
    await store.close()
    random_, samples = random.Random(3), {line: list[float]() for line in LINES}
    async with build_application(url, RehearsalClock(OPENS), {}, []) as application:
        for _ in range(times + WARMING):
            for line in LINES:
                command, _, rest = line.removeprefix("/").partition(" ")
                request = Request("console", "crowd", f"user{random_.randint(1, count)}", command, rest)
                begins = time.perf_counter()
                reply = await application.dispatch.handle(request)
                samples[line].append((time.perf_counter() - begins) * 1000)
                assert not reply.is_error
    return {line: found[WARMING:] for line, found in samples.items()}


async def main(few: int, many: int, times: int) -> None:
    """Measure both sizes."""
    with tempfile.TemporaryDirectory() as folder:
        small, large = await measured(few, Path(folder), times), await measured(many, Path(folder), times)
    figures = []
    for line in LINES:
        growth = percentile(large[line], 50) / percentile(small[line], 50)
        figures += [
            Figure(f"{line}: median, {many:,} attendees", percentile(large[line], 50), "ms"),
            Figure(f"{line}: p99, {many:,} attendees", percentile(large[line], 99), "ms", 15),
            Figure(f"{line}: median, to that with {few:,}", growth, "x", 1.5),
        ]
    show(f"Answers on SQLite, {SESSIONS:,} sessions", figures)


if __name__ == "__main__":
    quiet()
    asyncio.run(main(*((50, 100, 20) if is_small() else (2_000, 20_000, 400))))
