"""25,000 nudges due in one second: ours beside APScheduler 3 with one job per reminder, in one run."""

import asyncio
import gc
import logging
import sqlite3
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from benchmarks.crowd import OPENS, filled, go, people, schedule
from benchmarks.figures import Figure, show
from bot.app.messages import Reply
from bot.app.outbox import Outbox
from bot.app.ports import Receipt, Scope, Standing
from bot.app.registry import all_nudges
from bot.app.shelf import Shelf
from bot.domain.agenda import Departure, Origin
from bot.domain.attendee import Attendee, Community
from bot.domain.nudge import Nudge, NudgeKind
from bot.search import index_of
from bot.timing.clock import RehearsalClock

NUDGES, SESSIONS = 25_000, 2_500
CHUNK = 1_000
GRACE = 20
"""Seconds that the rival is given."""


class Counter:
    """A sender that answers at once."""

    def __init__(self) -> None:
        self.keys: set[str] = set()
        self.last = 0.0

    async def send(self, attendee: Attendee, key: str, kind: str, content: Reply) -> Receipt:
        """Take it."""
        del kind, content
        self.keys.add(key)
        self.last = time.perf_counter()
        return Receipt(attendee.reach)

    async def post(self, community: Community, channel: str, key: str, kind: str, content: Reply) -> Receipt:
        """Nobody posts here."""
        raise NotImplementedError

    async def edit(self, community: Community, channel: str, message: str, content: Reply) -> None:
        """Nobody edits here."""
        raise NotImplementedError

    async def delete(self, community: Community, channel: str, message: str) -> None:
        """Nobody takes anything back here."""
        raise NotImplementedError

    async def standing(self, community: Community, user: str) -> Standing:
        """Nobody asks here."""
        raise NotImplementedError


class Stalls:
    """The longest time for which the event loop did not come round."""

    def __init__(self) -> None:
        self.longest = 0.0
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._watch())
        await asyncio.sleep(0)
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._task:
            self._task.cancel()

    async def _watch(self) -> None:
        before = time.perf_counter()
        while True:
            await asyncio.sleep(0.001)
            now = time.perf_counter()
            self.longest, before = max(self.longest, now - before), now


async def ours(folder: Path) -> list[Figure]:
    """Fill the outbox, then deliver what is due; the rows are counted before and after."""
    made = schedule(SESSIONS)
    crowd = [known for known, _ in people(NUDGES, made)]
    store = await filled(f"sqlite:///{folder / 'outbox.db'}", made, [(known, []) for known in crowd])
    soon = OPENS + timedelta(minutes=5)
    coming = [each for each in made.sessions if each.starts_at > soon]
    plans = []
    for known in crowd:
        about = coming[known.id % len(coming)]
        facts = Departure(soon, 10, Origin.UNKNOWN).facts
        plans.append((known, [Nudge(NudgeKind.LEAVE_BY, known.id, about.id, 1, OPENS, about.starts_at, facts)]))
    begins = time.perf_counter()
    async with store.writing() as work:
        for start in range(0, NUDGES, CHUNK):
            await work.deliveries.reconcile(plans[start : start + CHUNK], OPENS - timedelta(hours=1))
    filling = time.perf_counter() - begins
    owed = recorded(folder / "outbox.db", "owed")

    clock, counter, shelf = RehearsalClock(OPENS), Counter(), Shelf(index_of)
    outbox = Outbox(store, clock, shelf, {"console": counter}, all_nudges(), [Scope("console")])
    async with store.reading() as work:
        await shelf.take(work, "crowd")
    gc.freeze()  # as `hallway run` does once it has started
    async with Stalls() as stalls:
        begins = time.perf_counter()
        settled = await outbox.deliver_due()
    await store.close()
    sent = recorded(folder / "outbox.db", "sent")
    assert (settled, len(counter.keys)) == (NUDGES, NUDGES)
    return [
        Figure("ours: filling the outbox, nudges a second / 50,000", 50_000 / (NUDGES / filling), "x", 1),
        Figure("ours: filling the outbox", NUDGES / filling, "nudges/s"),
        Figure("ours: the last one was sent after", counter.last - begins, "s", 1.5),
        Figure("ours: longest stall of the event loop", stalls.longest * 1000, "ms", 100),
        Figure("ours: not on disk as owed before, or as sent after", float(2 * NUDGES - owed - sent), "rows", 0),
        Figure("ours: lost", float(NUDGES - len(counter.keys)), "nudges", 0),
    ]


def recorded(database: Path, state: str) -> int:
    """The deliveries in a state, counted by somebody else who opens the file."""
    with sqlite3.connect(database) as connection:
        (count,) = connection.execute("SELECT count(*) FROM delivery WHERE state = ?", (state,)).fetchone()
    return int(count)


async def rival() -> list[Figure]:
    """One job per reminder in APScheduler 3 with its default settings, all due in one second."""
    logging.getLogger("apscheduler").setLevel(logging.CRITICAL)
    sent: list[float] = []

    async def remind(number: int) -> None:
        del number
        sent.append(time.perf_counter())

    scheduler: Any = AsyncIOScheduler(timezone=UTC)
    due = datetime.now(UTC) + timedelta(seconds=12)
    begins = time.perf_counter()
    for number in range(NUDGES):
        scheduler.add_job(remind, "date", run_date=due, args=(number,))
    scheduler.start()
    adding = time.perf_counter() - begins
    async with Stalls() as stalls:
        await asyncio.sleep(max((due - datetime.now(UTC)).total_seconds(), 0))
        fires = time.perf_counter()
        while scheduler.get_jobs() and time.perf_counter() - fires < GRACE:  # noqa: ASYNC110 — the rival tells nobody
            await asyncio.sleep(0.1)
    scheduler.shutdown(wait=False)
    return [
        Figure("APScheduler 3, a job each: adding them", NUDGES / adding, "jobs/s"),
        Figure("APScheduler 3, a job each: lost", float(NUDGES - len(sent)), "reminders"),
        Figure("APScheduler 3, a job each: longest stall of the event loop", stalls.longest * 1000, "ms"),
    ]


async def main() -> None:
    """Both, one after the other."""
    with tempfile.TemporaryDirectory() as folder:
        figures = await ours(Path(folder))
    show(f"{NUDGES:,} nudges due in one second", [*figures, *await rival()])


if __name__ == "__main__":
    go(main())
