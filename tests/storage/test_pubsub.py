"""What one process owes soon wakes the others, and a lost connection is made anew."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.domain.attendee.attendee import Attendee
from bot.storage import pubsub
from bot.storage.engine import url_of
from bot.storage.unit_of_work import SqlStore
from tests.builders import at, nudge
from tests.stores import migrated_database


@pytest.fixture
async def url(postgresql: str) -> AsyncIterator[str]:
    async with migrated_database(postgresql) as made:
        yield made


@asynccontextmanager
async def listening(url: str) -> AsyncIterator[asyncio.Event]:
    rung = asyncio.Event()
    task = asyncio.create_task(pubsub.listen(url_of(url), rung.set))
    try:
        await asyncio.wait_for(rung.wait(), 60)
        rung.clear()
        yield rung
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def joined(store: SqlStore) -> Attendee:
    async with store.write_transaction() as work:
        return await work.people.join("console", "club", "ada")


async def owe(store: SqlStore, known: Attendee, subject: str, due: datetime, *, planned: bool = False) -> None:
    async with store.write_transaction() as work:
        owed = nudge(known.id, subject, due)
        if planned:
            await work.deliveries.reconcile([(known, [owed])], at(8))
        else:
            await work.deliveries.add([(known.community, owed)], at(8))


async def test_what_is_owed_soon_wakes_others_and_what_is_later_does_not(url: str) -> None:
    store = SqlStore.at(url)
    known = await joined(store)
    async with listening(url) as rung:
        await owe(store, known, "later", at(9))
        await owe(store, known, "soon", at(8, 1))
        await asyncio.wait_for(rung.wait(), 60)
        rung.clear()
        await owe(store, known, "planned", at(8, 1), planned=True)
        await asyncio.wait_for(rung.wait(), 60)
    await store.close()


async def test_a_lost_connection_is_made_anew_and_rings_for_what_was_missed(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pubsub, "RECONNECT_DELAY", 0.01)
    monkeypatch.setattr(pubsub, "PING_INTERVAL", 0.05)
    store = SqlStore.at(url)
    async with listening(url) as rung:
        async with store.write_transaction() as work:
            others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
            await work.people.connection.execute(text(f"{others} AND datname = current_database()"))
        await asyncio.wait_for(rung.wait(), 60)
    await store.close()


async def test_sqlite_has_nobody_to_tell(tmp_path: Path) -> None:
    await pubsub.listen(url_of(f"sqlite:///{tmp_path / 'hallway.db'}"), lambda: pytest.fail("rung"))
