"""A rolling upgrade: a process of this version works on while a newer version has already changed the tables."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.app.ports import DeliveryFilter, DeliveryState, Outcome
from bot.domain.attendee.attendee import Attendance
from bot.domain.errors import StoreError
from bot.storage.unit_of_work import SqlStore
from migrations import run
from tests.builders import at, nudge, schedule
from tests.stores import new_database

NEWER = '''
import sqlalchemy as sa
from alembic import op

revision = "9999_weight"
down_revision = "NEWEST"


def upgrade():
    """Each new column is nullable or has a default, so that an older process can write."""
    op.add_column("delivery", sa.Column("weight", sa.Integer(), server_default="1", nullable=False))
    op.add_column("attendee", sa.Column("mood", sa.Text(), nullable=True))


def downgrade():
    op.drop_column("attendee", "mood")
    op.drop_column("delivery", "weight")
'''
SCOPES = [DeliveryFilter("console")]


@dataclass(frozen=True, slots=True)
class Rolled:
    """A store of this version, opened before the newer version changed the tables at `url`."""

    url: str
    store: SqlStore
    newest: str


@pytest.fixture(params=["sqlite", "postgresql"])
async def rolled(
    request: pytest.FixtureRequest, tmp_path: Path, postgresql: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Rolled]:
    async with new_database(postgresql) as made:
        url = made if request.param == "postgresql" else f"sqlite:///{tmp_path / 'hallway.db'}"
        await run.upgrade(url)
        store = SqlStore.at(url)
        async with store.write_transaction() as work:
            ada = await work.people.join("console", "club", "ada")
            await work.deliveries.add([(ada.community, nudge(ada.id, "arc301", at(9)))], at(8))
        _, newest = await run.status(url)
        assert newest
        folder = tmp_path / "newer"
        folder.mkdir()
        (folder / "9999_weight.py").write_text(NEWER.replace("NEWEST", newest))
        with monkeypatch.context() as newer:
            newer.setattr(run, "VERSIONS", (*run.VERSIONS, folder))
            await run.upgrade(url)
        yield Rolled(url, store, newest)
        await store.close()


async def test_an_older_process_owes_and_claims_beside_a_newer_one(rolled: Rolled) -> None:
    store = rolled.store
    async with store.write_transaction() as work:
        ada = await work.people.join("console", "club", "ada")
        ben = await work.people.join("console", "club", "ben")
        await work.deliveries.add([(ben.community, nudge(ben.id, "sec203", at(9)))], at(8))
        claimed = await work.deliveries.claim(SCOPES, at(9), at(9, 2), 9)
        assert [(delivery.nudge.attendee, delivery.nudge.subject) for delivery in claimed] == [
            (ada.id, "arc301"),
            (ben.id, "sec203"),
        ]
        first = claimed[0]
        await work.deliveries.record_outcomes([Outcome(first.id, first.attempt, DeliveryState.SENT, at(9))])
    async with store.write_transaction() as work:
        # The newer process takes over what the older one claimed and did not finish.
        assert [delivery.nudge.subject for delivery in await work.deliveries.claim(SCOPES, at(9, 2), at(9, 4), 9)] == [
            "sec203"
        ]
        written = await work.deliveries.connection.execute(text("SELECT subject, state, weight FROM delivery"))
        assert sorted(tuple(row) for row in written) == [("arc301", "sent", 1), ("sec203", "claimed", 1)]


async def test_an_older_process_leaves_alone_what_only_a_newer_one_knows(rolled: Rolled) -> None:
    """A kind of message and a kind of choice that this version does not have stop none of its own work."""
    store = rolled.store
    async with store.write_transaction() as work:
        ada = await work.people.join("console", "club", "ada")
        await work.deliveries.add([(ada.community, nudge(ada.id, "sec203", at(8, 30)))], at(8))
        await work.conferences.save(schedule())
        for session in ("arc301", "sec203"):
            await work.attendances.put(ada.id, "cloud21", Attendance(session))
        run_sql = work.deliveries.connection.execute
        await run_sql(text("UPDATE delivery SET kind = 'weather' WHERE subject = 'sec203'"))
        await run_sql(text("UPDATE attendance SET choice = 'dreaming' WHERE session = 'sec203'"))
    async with store.write_transaction() as work:
        assert await work.deliveries.next_due(SCOPES) == at(9)
        assert [delivery.nudge.subject for delivery in await work.deliveries.of_attendee(ada.id)] == ["arc301"]
        assert [attendance.session for attendance in await work.attendances.of_attendee(ada.id, "cloud21")] == [
            "arc301"
        ]
        everyone = [pair async for chunk in work.attendances.everyone("cloud21") for pair in chunk]
        assert [[attendance.session for attendance in chosen] for _, chosen in everyone] == [["arc301"]]
        await work.deliveries.reconcile([(ada, [])], at(8))
        claimed = await work.deliveries.claim(SCOPES, at(9), at(9, 2), 9)
        assert [delivery.nudge.subject for delivery in claimed] == []
        left = await work.deliveries.connection.execute(text("SELECT kind, state FROM delivery"))
        assert [tuple(row) for row in left] == [("weather", "owed")]


async def test_an_older_process_does_not_start_on_the_newer_tables(rolled: Rolled) -> None:
    assert await run.status(rolled.url) == ("9999_weight", rolled.newest)
    with pytest.raises(StoreError, match="install the newer Hallway"):
        await run.upgrade(rolled.url)
