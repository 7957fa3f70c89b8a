"""Commands that wait for others keep no connection from those who wait for nobody, however few there are."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from bot.app.dispatcher import pipeline
from bot.app.ports import Copy, Validators
from bot.storage import engine
from bot.storage.unit_of_work import SqlStore
from tests.builders import ARC
from tests.fakes.app_harness import AppHarness
from tests.stores import migrated_database

SOON = 25
"""Seconds: less than the 30 for which commands waited for each other's connections."""
TRY_AGAIN = "Hallway cannot reach its data at this moment: try again in a minute."


@pytest.fixture
async def store(postgresql: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[SqlStore]:
    small = {"pool_size": 1, "max_overflow": 0}
    pools: dict[str, Any] = {
        engine.PEOPLE: {**engine.POOLS[engine.PEOPLE], "pool_size": 2, "max_overflow": 0},
        engine.BACKGROUND: {**engine.POOLS[engine.BACKGROUND], **small},
    }
    monkeypatch.setattr(engine, "POOLS", {**engine.POOLS, **pools})
    monkeypatch.setattr(pipeline, "EXTERNAL_AT_ONCE", 1)
    async with migrated_database(postgresql) as url:
        made = SqlStore.at(url)
        yield made
        await made.close()


async def test_organizers_who_wait_for_a_slow_schedule_hold_nobody_up(store: SqlStore) -> None:
    answering, slow, asking = store.interactive(), asyncio.Event(), asyncio.Event()
    app = AppHarness(answering)
    await app.publish()
    app.feed.publish(ARC)
    fetch = app.desk.fetch

    async def waiting(url: str, known: Validators) -> Copy | None:
        asking.set()
        await slow.wait()
        return await fetch(url, known)

    # As in a process, feeds have the connections of background work.
    app.dispatch = replace(app.dispatch, feeds=replace(app.desk, store=store, fetch=waiting))
    await app.say("/attend ARC301")
    line = "/schedule import https://cloud.example/schedule.json as other"
    asked = [asyncio.create_task(app.say(line, organizer=True)) for _ in range(4)]
    try:
        async with asyncio.timeout(SOON):
            await asking.wait()
            assert TRY_AGAIN not in [await app.say("/agenda") for _ in range(50)]
            slow.set()
            assert TRY_AGAIN not in await asyncio.gather(*asked)
    finally:
        slow.set()
        await asyncio.gather(*asked, return_exceptions=True)
        await answering.close()


async def test_without_a_free_connection_people_read_try_again(store: SqlStore) -> None:
    answering = store.interactive()
    app = await AppHarness(answering).publish()
    async with asyncio.timeout(SOON), answering.read_transaction() as one, answering.read_transaction() as two:
        for work in (one, two):
            await work.conferences.published()
        assert await app.say("/agenda") == TRY_AGAIN
    assert await app.say("/agenda") != TRY_AGAIN
    await answering.close()
