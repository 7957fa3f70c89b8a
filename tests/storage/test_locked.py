"""While another process holds the lock of SQLite, people are answered within seconds."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.errors import StoreError
from bot.storage.unit_of_work import SqlStore
from bot.storage.writer_queue import Patience
from tests.fakes.app_harness import AppHarness
from tests.stores import new_store

TRY_AGAIN = "Hallway cannot reach its data at this moment: try again in a minute."
SOON = 60
"""Seconds: a person was not answered for 45 s, and now is within 3."""


@contextmanager
def lock_of(file: Path) -> Iterator[sqlite3.Connection]:
    """Another process holds the lock."""
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    try:
        yield other
    finally:
        other.close()


@pytest.fixture
async def file(tmp_path: Path) -> Path:
    return tmp_path / "hallway.db"


@pytest.fixture
async def store(file: Path) -> AsyncIterator[SqlStore]:
    async with new_store("sqlite", file.parent, "") as made:
        assert isinstance(made, SqlStore)
        yield made.interactive()


async def test_who_wants_to_write_reads_try_again_without_a_path_or_a_host(store: SqlStore, file: Path) -> None:
    app = await AppHarness(store).publish()
    await app.say("/attend ARC301")
    with lock_of(file):
        async with asyncio.timeout(SOON):
            assert await app.say("/skip ARC301") == TRY_AGAIN
    assert await app.say("/skip ARC301") != TRY_AGAIN


async def test_who_only_reads_is_answered_though_the_numbers_of_the_list_cannot_be_stored(
    store: SqlStore, file: Path
) -> None:
    app = await AppHarness(store).publish()
    await app.say("/attend ARC301")
    free = await app.say("/find keys")
    await app.say("/agenda")
    with lock_of(file):
        async with asyncio.timeout(SOON):
            assert await app.say("/find keys") == free


async def test_a_crowd_is_answered_as_soon_as_one_person(store: SqlStore, file: Path) -> None:
    app = await AppHarness(store).publish()
    await app.say("/attend ARC301")
    with lock_of(file):
        async with asyncio.timeout(SOON):
            answers = await asyncio.gather(*(app.say("/skip ARC301") for _ in range(40)))
    assert set(answers) == {TRY_AGAIN}


async def test_who_comes_while_the_lock_is_known_to_be_held_waits_a_moment_only(store: SqlStore, file: Path) -> None:
    """So that the two or three transactions of one command need three seconds together."""
    patient = replace(store, patience=Patience(2 * SOON, 2 * SOON))
    # The first transaction that met the lock did so a minute ago.
    patient._queue._refused_since = asyncio.get_running_loop().time() - 2 * SOON
    with lock_of(file):
        async with asyncio.timeout(SOON):
            with pytest.raises(StoreError, match="locked"):
                async with patient.write_transaction():
                    pass


async def test_background_work_waits_longer_and_does_not_hold_people_up(store: SqlStore, file: Path) -> None:
    patient = replace(store, patience=Patience(SOON, SOON))
    done = []

    async def work() -> None:
        async with patient.write_transaction() as unit:
            await unit.people.join("console", "club", "ada")
            done.append(True)

    with lock_of(file) as other:
        waiting = asyncio.create_task(work())
        async with asyncio.timeout(SOON):
            with pytest.raises(StoreError):
                async with store.write_transaction():
                    pass
        assert done == []
        other.execute("ROLLBACK")
        await waiting
    assert done == [True]


async def test_who_stops_waiting_takes_nobody_s_turn(store: SqlStore, file: Path) -> None:
    patient = replace(store, patience=Patience(SOON, SOON))

    async def join(user: str) -> None:
        async with patient.write_transaction() as unit:
            await unit.people.join("console", "club", user)

    with lock_of(file):
        waiting = [asyncio.create_task(join(f"user{number}")) for number in range(9)]
        await asyncio.sleep(0)
        for task in waiting[::2]:
            task.cancel()
        await asyncio.sleep(0)
    results = await asyncio.gather(*waiting, return_exceptions=True)
    assert [type(result) for result in results] == [asyncio.CancelledError, type(None)] * 4 + [asyncio.CancelledError]
    async with store.read_transaction() as unit:
        assert len(await unit.people.by_id(range(1, 99))) == 4


async def test_when_all_tasks_of_a_process_are_cancelled_nobody_goes_on_without_a_turn(
    store: SqlStore, file: Path
) -> None:
    patient = replace(store, patience=Patience(SOON, SOON))

    async def join(user: str) -> None:
        async with patient.write_transaction() as unit:
            await unit.people.join("console", "club", user)

    with lock_of(file):
        waiting = [asyncio.create_task(join(f"user{number}")) for number in range(9)]
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()
    results = await asyncio.gather(*waiting, return_exceptions=True)
    assert {type(result) for result in results} == {asyncio.CancelledError}
    await asyncio.wait_for(join("eve"), SOON)


async def test_a_queue_of_our_own_that_goes_on_refuses_nobody(store: SqlStore) -> None:
    hasty = replace(store, patience=Patience(0.001, SOON))

    async def join(number: int) -> None:
        async with hasty.write_transaction() as unit:
            await unit.people.join("console", "club", f"user{number}")

    await asyncio.gather(*(join(number) for number in range(100)))
    async with store.read_transaction() as unit:
        assert len(await unit.people.by_id(range(1, 999))) == 100
