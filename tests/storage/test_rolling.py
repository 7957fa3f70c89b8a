"""A rolling upgrade: what an older process writes into the newer tables is sent like everything else."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.app.ports import DeliveryFilter
from bot.storage import tables
from bot.storage.bulk import insert_new
from bot.storage.mappers.deliveries import OWED_COLUMNS, owed_row
from bot.storage.types import to_microseconds
from bot.storage.unit_of_work import SqlStore
from migrations import run
from tests.builders import at, nudge
from tests.stores import new_database

NEWER = {"early", "patience"}
"""Columns that a process of before the lanes does not know."""


@pytest.fixture(params=["sqlite", "postgresql"])
async def store(request: pytest.FixtureRequest, tmp_path: Path, postgresql: str) -> AsyncIterator[SqlStore]:
    async with new_database(postgresql) as made:
        url = made if request.param == "postgresql" else f"sqlite:///{tmp_path / 'hallway.db'}"
        await run.upgrade(url)
        kept = SqlStore.at(url)
        yield kept
        await kept.close()


async def test_an_older_process_owes_and_claims_beside_a_newer_one(store: SqlStore) -> None:
    async with store.write_transaction() as work:
        known = await work.people.join("console", "club", "ada")
        for subject in ("arc301", "sec203"):
            owed = nudge(known.id, subject, at(9))
            row = owed_row(known.community, owed, owed.key, to_microseconds(at(8)))
            known_to_it = {name: kind for name, kind in OWED_COLUMNS.items() if name not in NEWER}
            older = [value for name, value in zip(OWED_COLUMNS, row, strict=True) if name in known_to_it]
            await insert_new(work.deliveries.connection, tables.delivery, known_to_it, [older])
        # As an older process claims: it knows no doubt and no turn.
        await work.deliveries.connection.execute(
            text("UPDATE delivery SET state = 'claimed', attempt = attempt + 1 WHERE subject = 'arc301'")
        )
    async with store.write_transaction() as work:
        claimed = await work.deliveries.claim([DeliveryFilter("console")], at(9), at(9, 2), 9, timedelta(minutes=10))
    found = {each.nudge.subject: (each.nudge.early, each.attempt, each.possibly_sent) for each in claimed}
    assert found == {"arc301": (timedelta(), 2, True), "sec203": (timedelta(), 1, False)}
    async with store.read_transaction() as work:
        assert await work.backlog.loads(DeliveryFilter("console"), at(9)) == []
