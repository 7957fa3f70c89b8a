"""The nudge plan of 20,000 attendees over a day: time, memory, and the cost of one `/attend`."""

import tempfile
import time
import tracemalloc
from pathlib import Path

from benchmarks.crowd import OPENS, filled, go, people, schedule
from benchmarks.figures import Figure, percentile, show
from bot.app.dispatcher import Dispatch
from bot.app.messages import Request
from bot.app.registry import all_commands
from bot.app.schedules.cache import ScheduleCache
from bot.app.schedules.replanning import replan_affected
from bot.domain.nudges.nudge import plan_nudges
from bot.search import index_of
from bot.storage.unit_of_work import SqlStore
from bot.timing.clock import RehearsalClock

PEOPLE, SESSIONS = 20_000, 2_500
EVE = OPENS.replace(hour=4)


async def planned(store: SqlStore) -> int:
    """Everybody planned and nothing stored: the store's stream and the pure function."""
    count = 0
    async with store.read_transaction() as work:
        made = await work.conferences.load("crowd")
        assert made
        async for chunk in work.attendances.everyone("crowd"):
            count += sum(len(plan_nudges(known, chosen, made, EVE)) for known, chosen in chunk)
    return count


async def attending(store: SqlStore) -> list[float]:
    """Milliseconds of `/attend`, which plans one person anew."""
    dispatch = Dispatch(store, RehearsalClock(OPENS), ScheduleCache(index_of), all_commands())
    times = []
    for number in range(1, 201):
        begins = time.perf_counter()
        reply = await dispatch.handle(Request("console", "crowd", f"user{number}", "attend", "MGM1200"))
        times.append((time.perf_counter() - begins) * 1000)
        assert reply.cards or reply.is_error
    return times[5:]


async def main() -> None:
    """Plan, plan and store, plan one."""
    made = schedule(SESSIONS)
    with tempfile.TemporaryDirectory() as folder:
        store = await filled(f"sqlite:///{Path(folder) / 'plan.db'}", made, people(PEOPLE, made))
        begins = time.perf_counter()
        count = await planned(store)
        pure = time.perf_counter() - begins
        tracemalloc.start()
        await planned(store)
        memory = tracemalloc.get_traced_memory()[1] / 1024**2
        tracemalloc.stop()
        begins = time.perf_counter()
        async with store.write_transaction() as work:
            await replan_affected(work, made, None, EVE)
        stored = time.perf_counter() - begins
        one = await attending(store)
        await store.close()
    figures = [
        Figure(f"plan of everybody ({count:,} nudges)", pure, "s", 5),
        Figure("most memory on the way, the schedule included", memory, "MiB", 64),
        Figure("planned and put into the outbox", stored, "s"),
        Figure("one /attend, with its plan: median", percentile(one, 50), "ms"),
        Figure("everybody / one", pure * 1000 / percentile(one, 50), "x"),
    ]
    show(f"The plan of {PEOPLE:,} attendees, {PEOPLE * 10:,} attendances", figures)


if __name__ == "__main__":
    go(main())
