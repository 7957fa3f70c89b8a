"""A feed that changes 50 of 10,000 sessions under 20,000 attendees, and one that answers that nothing is new.

Beside it, in the same run: as many reminders moved in APScheduler 3 with its SQL store, a job each.
"""

import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler

from benchmarks.crowd import OPENS, filled, go, people, schedule
from benchmarks.figures import Figure, peak_mib, show, timed
from bot.app.ports import Copy, Validators
from bot.app.schedules.feeds import FeedService
from bot.app.schedules.importer import ingest
from bot.app.schedules.replanning import replan_affected
from bot.domain.imports.draft import Draft, DraftSession
from bot.domain.imports.feed import Feed
from bot.domain.schedule.conference import Schedule
from bot.domain.schedule.session import Session
from bot.storage.unit_of_work import SqlStore
from bot.timing.clock import RehearsalClock

SESSIONS, ATTENDEES, CHANGED = 10_000, 20_000, 50
EVE = OPENS - timedelta(days=1)
SLUG, ZONE = "crowd", "America/Los_Angeles"


def draft_of(sessions: Sequence[Session]) -> Draft:
    """The sessions as a file gives them."""
    rows = [
        DraftSession(s.id, s.title, s.starts_at, s.length, s.venue, s.room, uid=s.id, code=s.code, abstract=s.abstract)
        for s in sessions
    ]
    return Draft("bench", "bench.csv", "Crowd", ZONE, sessions=rows)


def edited(made: Schedule) -> list[Session]:
    """Every two-hundredth session half an hour later."""
    later, every = timedelta(minutes=30), SESSIONS // CHANGED
    return [
        replace(each, starts_at=each.starts_at + later, ends_at=each.ends_at + later) if n % every == 0 else each
        for n, each in enumerate(made.sessions)
    ]


class Press:
    """A parser that counts what it is asked, and a server on which nothing is new."""

    parsed = 0

    def parse(self, data: bytes, name: str, format_name: str = "") -> Draft:
        """Never asked."""
        self.parsed += 1
        return Draft(format_name, name, data.decode())

    async def fetch(self, url: str, known: Validators) -> Copy | None:
        """304 to whoever asks as it should, and that is everybody."""
        return None if url else Copy(known.etag.encode())


async def unchanged(store: SqlStore, press: Press) -> float:
    """Seconds of one look at a feed on which nothing is new."""
    async with store.write_transaction() as work:
        await work.feeds.save(Feed(SLUG, "https://crowd.example/s.csv", EVE))
    desk = FeedService(store, RehearsalClock(EVE), press.fetch, press.parse, lambda: 0.5, lambda: None)
    return await timed(desk.poll_due)


def moved_by_rival(reminders: int, folder: str) -> float:
    """Seconds in which APScheduler moves so many reminders; nothing is compared, planned or told."""
    store = SQLAlchemyJobStore(url=f"sqlite:///{folder}/jobs.db")
    scheduler = BackgroundScheduler(jobstores={"default": store}, timezone="UTC")
    scheduler.start(paused=True)
    ahead = EVE.replace(year=2100)
    for number in range(reminders):
        scheduler.add_job(print, "date", run_date=ahead, args=["leave now"], id=str(number))
    begins = time.perf_counter()
    for number in range(reminders):
        scheduler.reschedule_job(str(number), trigger="date", run_date=ahead + timedelta(minutes=30))
    seconds = time.perf_counter() - begins
    scheduler.shutdown(wait=False)
    return seconds


async def measure() -> None:
    """The refresh whole, the same copy once more, a 304, and the rival on as many reminders."""
    made, press = schedule(SESSIONS), Press()
    with tempfile.TemporaryDirectory() as folder:
        store = await filled(f"sqlite:///{folder}/hallway.db", made, people(ATTENDEES, made))
        # What the file says of its sessions and venues is what is stored from here on.
        await ingest(store, draft_of(made.sessions), SLUG, EVE, venues=made.venues)
        async with store.write_transaction() as work:
            planned = await replan_affected(work, made, None, EVE)
        report = await timed_refresh(store, made)
        again = await timed(lambda: ingest(store, draft_of(edited(made)), SLUG, EVE))
        still = await unchanged(store, press)
        await store.close()
        seconds, changed, told = report
        rival = moved_by_rival(told, folder)
    assert (planned, changed, press.parsed) == (ATTENDEES, CHANGED, 0)
    figures = [
        Figure("attendees who are told of a change", told, "people"),
        Figure("refresh: settle, compare, store, plan anew, owe the news", seconds, "s", 2),
        Figure("the same copy again: settle and compare", again, "s"),
        Figure("304: one look, nothing parsed", still, "s", 0.1),
        Figure("peak memory", peak_mib(), "MiB"),
        Figure("APScheduler 3: only to move as many reminders", rival, "s"),
        Figure("APScheduler 3 / refresh", rival / seconds, "x"),
    ]
    show(f"A refresh that changes {CHANGED} of {SESSIONS:,} sessions, {ATTENDEES:,} attendees", figures)


async def timed_refresh(store: SqlStore, made: Schedule) -> tuple[float, int, int]:
    """Seconds, sessions changed, and attendees to whom something is owed about it."""
    fresh = draft_of(edited(made))
    changed = 0

    async def refresh() -> None:
        nonlocal changed
        changed = len((await ingest(store, fresh, SLUG, EVE)).difference.changed)

    seconds = await timed(refresh)
    async with store.read_transaction() as work:
        query = "SELECT count(DISTINCT attendee) FROM delivery WHERE kind = 'session-changed'"
        told = (await work.people.connection.exec_driver_sql(query)).scalar_one()
    return seconds, changed, told


if __name__ == "__main__":
    go(measure())
