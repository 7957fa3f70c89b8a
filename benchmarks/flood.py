"""How much one person who floods Hallway slows down everybody else.

Many people ask, together 20 times a second, while one person sends 20 of the worst commands a second, and while nobody
does. The figure is the ratio of their slowest answers (p99), with the limits of `hallway run` and without.
"""

import asyncio
import random
import tempfile
import time
from collections import defaultdict
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

from benchmarks.conference import OPENS, SESSIONS, attendees, filled, schedule, with_choices
from benchmarks.figures import Figure, is_small, percentile, quiet, show
from bot.app.dispatcher import CommandLimits
from bot.app.messages import Request
from bot.cli.application import Application, build_application
from bot.domain.attendee.attendee import Community
from bot.timing.clock import RehearsalClock

PEOPLE = 50 if is_small() else 2_000
ASKING, FLOOD = 20, 20
"""Commands a second of everybody else together, and of the one person."""
LINES = ("/nextsession", "/agenda", "/find queues keys monday")
LONG = "x" * 6_000
WRONG = ("queu", "keyz", "cellz", "cachs", "grphs", "lakez", "meshs", "drillz", "fleetz", "twinz", "canarz", "tabls")
WORDS = " ".join(WRONG * 3)
WORST = (
    f"/session {LONG}",
    f"/session {WORDS[:199]}",
    f"/find {WORDS[:199]}",
    f"/attend {WORDS[:199]}",
    f"/announce {WORDS}",
    f"/whosgoing {LONG[:200]}",
)
TURN = 2.0
"""Seconds with a flood, and then without one, so that a busy moment of the machine falls on both."""
Samples = dict[bool, list[float]]
"""Milliseconds of the answers of everybody else, with (True) and without a flood."""


@dataclass(slots=True)
class Measurement:
    """Asks one application, and keeps how long the answers took."""

    application: Application
    samples: Samples
    random_: random.Random

    async def ask(self, line: str, user: str) -> None:
        """Ask, and ignore the answer."""
        command, _, rest = line.removeprefix("/").partition(" ")
        await self.application.dispatch.handle(Request("console", "crowd", user, command, rest))

    async def ask_measured(self, *, flooded: bool) -> None:
        """Ask as one of the others."""
        begins = time.perf_counter()
        await self.ask(self.random_.choice(LINES), f"user{self.random_.randint(2, PEOPLE)}")
        self.samples[flooded].append((time.perf_counter() - begins) * 1000)

    async def take_turn(self, seconds: float, *, flooded: bool) -> None:
        """Let everybody ask for some seconds, at times that do not depend on the answers."""
        loop = asyncio.get_running_loop()
        begins, tasks = loop.time(), list[asyncio.Task[None]]()
        asks = [(at / ASKING, False) for at in range(int(seconds * ASKING))]
        asks += [(at / FLOOD + 0.01, True) for at in range(int(seconds * FLOOD)) if flooded]
        for at, is_flood in sorted(asks):
            await asyncio.sleep(max(0.0, begins + at - loop.time()))
            work = self.ask(self.random_.choice(WORST), "user1") if is_flood else self.ask_measured(flooded=flooded)
            tasks.append(asyncio.create_task(work))
        await asyncio.gather(*tasks)


async def main(people: int, turns: int, seconds: float) -> None:
    """Measure with and without limits."""
    conference, random_ = schedule(SESSIONS), random.Random(3)
    results: dict[str, Samples] = {}
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        measurements = {}
        for name, limits in (("with limits", CommandLimits(time.monotonic)), ("without limits", None)):
            url = f"sqlite:///{Path(folder) / f'{name}.db'}"
            store = await filled(
                url, conference, with_choices(attendees(people, Community(1, "console", "crowd")), conference)
            )
            await store.close()
            opened = build_application(url, RehearsalClock(OPENS), {}, [], limits=limits)
            results[name] = defaultdict(list)
            measurements[name] = Measurement(await stack.enter_async_context(opened), results[name], random_)
            await measurements[name].take_turn(seconds, flooded=True)
            results[name].clear()
        for _ in range(turns):
            for measurement in measurements.values():
                for flooded in (False, True):
                    await measurement.take_turn(seconds, flooded=flooded)
    figures = []
    for name, latencies in results.items():
        quiet_, flooded_ = percentile(latencies[False], 99), percentile(latencies[True], 99)
        bound = 2 if name == "with limits" else None
        figures += [
            Figure(f"{name}: p99 of everybody else", quiet_, "ms"),
            Figure(f"{name}: p99 of everybody else during the flood", flooded_, "ms"),
            Figure(f"{name}: ratio", flooded_ / quiet_, "x", bound),
        ]
    show(f"Hallway flooded by one person: {FLOOD} of the worst commands a second, {SESSIONS:,} sessions", figures)


if __name__ == "__main__":
    quiet()
    asyncio.run(main(*((PEOPLE, 1, 0.5) if is_small() else (PEOPLE, 15, TURN))))
