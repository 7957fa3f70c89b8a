"""How quick `/nextsession`, `/agenda` and `/find` answer on SQLite, and how that grows with the attendees."""

import gc
import math
import random
import tempfile
import time
from pathlib import Path

from benchmarks.crowd import OPENS, filled, go, people, schedule
from benchmarks.figures import Figure, percentile, show
from bot.app.dispatcher import Dispatch
from bot.app.messages import Request
from bot.app.registry import all_commands
from bot.app.schedules.cache import ScheduleCache
from bot.search import index_of
from bot.timing.clock import RehearsalClock

SESSIONS, SMALL, LARGE = 2_500, 2_000, 20_000
ASKED = 400
LINES = ("/nextsession", "/agenda", "/find queues keys monday")


async def measured(count: int, folder: Path) -> dict[str, list[float]]:
    """Milliseconds of each command, over different people."""
    made = schedule(SESSIONS)
    store = await filled(f"sqlite:///{folder / f'{count}.db'}", made, people(count, made))
    dispatch = Dispatch(store, RehearsalClock(OPENS), ScheduleCache(index_of), all_commands())
    dice = random.Random(3)
    times: dict[str, list[float]] = {line: [] for line in LINES}
    gc.freeze()
    for _ in range(ASKED):
        for line in LINES:
            command, _, rest = line.removeprefix("/").partition(" ")
            request = Request("console", "crowd", f"user{dice.randint(1, count)}", command, rest)
            begins = time.perf_counter()
            reply = await dispatch.handle(request)
            times[line].append((time.perf_counter() - begins) * 1000)
            assert not reply.is_error
    await store.close()
    return {line: samples[10:] for line, samples in times.items()}


async def main() -> None:
    """Measure a tenth of the crowd and the whole."""
    with tempfile.TemporaryDirectory() as folder:
        small, large = await measured(SMALL, Path(folder)), await measured(LARGE, Path(folder))
    figures = []
    logarithm = math.log(LARGE) / math.log(SMALL)
    for line in LINES:
        p50, p99 = percentile(large[line], 50), percentile(large[line], 99)
        growth = p50 / percentile(small[line], 50)
        figures.append(Figure(f"{line}: median, {LARGE:,} attendees", p50, "ms"))
        figures.append(Figure(f"{line}: p99, {LARGE:,} attendees", p99, "ms", 15))
        # Noise of a shared machine is a few tenths; ten times the people would be 10 if it grew with them.
        figures.append(
            Figure(f"{line}: growth from {SMALL:,} (logarithm: {logarithm:.2f})", growth, "x", logarithm + 0.5)
        )
    show(f"Answers on SQLite, {SESSIONS:,} sessions, {LARGE * 10:,} attendances", figures)


if __name__ == "__main__":
    go(main())
