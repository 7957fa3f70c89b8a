"""`kill -9` in the middle of an import: the old schedule or the new one, with what people are owed; never half."""

import asyncio
import signal
from dataclasses import replace
from pathlib import Path

import pytest

from bot.app.schedules.importer import ingest
from bot.domain.attendee.attendee import Attendance
from bot.domain.nudges.nudge import NudgeKind
from bot.storage.unit_of_work import SqlStore
from tests.builders import SESSIONS, at, draft
from tests.stores import migrate
from tests.support.forked import exit_code_of_script

EVE = at(20, day=28)
LATER = [
    replace(session, starts_at=session.starts_at.replace(minute=45), ends_at=session.ends_at) for session in SESSIONS
]
# Imports the next version, and dies without warning at the point that is named.
IMPORT = """
import asyncio, os, signal, sys
from bot.app.schedules import importer as ingest
from bot.storage.repositories.attendances import SqlAttendances
from bot.storage.repositories.conferences import SqlConferences
from bot.storage.repositories.deliveries import SqlDeliveries
from bot.storage.unit_of_work import SqlStore
from tests.builders import draft
from tests.storage.test_import_durability import EVE, LATER

def die_after(owner, name):
    whole = getattr(owner, name)
    async def then_die(*given, **named):
        await whole(*given, **named)
        os.kill(os.getpid(), signal.SIGKILL)
    setattr(owner, name, then_die)

async def main(url, point):
    if point == "end":
        die_after(ingest, "ingest")
    elif point != "before":
        die_after({"save": SqlConferences, "save_last_notified": SqlAttendances, "reconcile": SqlDeliveries}[point], point)
    else:
        die_after(SqlConferences, "load")
    await ingest.ingest(SqlStore.at(url), draft(*LATER), "cloud21", EVE)

asyncio.run(main(*sys.argv[1:]))
"""


async def prepared(url: str) -> None:
    """Three people who go everywhere."""
    await migrate(url)
    store = SqlStore.at(url)
    await ingest(store, draft(*SESSIONS), "cloud21", EVE)
    async with store.write_transaction() as work:
        for user in ("ada", "bob", "cy"):
            attendee = await work.people.join("console", "club", user)
            await work.people.save(replace(attendee, agreed_at=EVE))
            for session in SESSIONS:
                await work.attendances.put(attendee.id, "cloud21", Attendance(session.id))
    await store.close()


async def state(url: str) -> tuple[int, set[int], list[int], int]:
    """The revision, the minutes at which sessions start, news owed to each, how many know of another time."""
    store = SqlStore.at(url)
    async with store.read_transaction() as work:
        schedule = await work.conferences.load("cloud21")
        assert schedule
        people = [pair async for chunk in work.attendances.everyone("cloud21") for pair in chunk]
        owed = [await work.deliveries.of_attendee(attendee.id) for attendee, _ in people]
    await store.close()
    news = [sum(delivery.nudge.kind is NudgeKind.SESSION_CHANGED for delivery in deliveries) for deliveries in owed]
    knowing = sum(choice.last_notified is not None for _, chosen in people for choice in chosen)
    return schedule.conference.revision, {session.starts_at.minute for session in schedule.sessions}, news, knowing


@pytest.mark.parametrize("point", ["before", "save", "save_last_notified", "reconcile", "end"])
async def test_a_killed_import_leaves_the_old_schedule_or_the_new_one(tmp_path: Path, point: str) -> None:
    url = f"sqlite:///{tmp_path / 'hallway.db'}"
    await prepared(url)
    old = await state(url)
    assert old == (1, {0, 30}, [0, 0, 0], 0)
    assert await asyncio.to_thread(exit_code_of_script, IMPORT, url, point) == -signal.SIGKILL
    new = (2, {45}, [1, 1, 1], 15)
    assert await state(url) == (new if point == "end" else old)
    store = SqlStore.at(url)
    await ingest(store, draft(*LATER), "cloud21", EVE)
    await store.close()
    assert await state(url) == new
