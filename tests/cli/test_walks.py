"""`hallway walks report`."""

from asyncio import to_thread

import pytest
from typer.testing import CliRunner

from bot.__main__ import app
from bot.app.ports import Promise
from bot.cli.walks import reported
from bot.domain.errors import HallwayError
from bot.domain.walks.walk import WalkedLeg
from bot.storage.unit_of_work import SqlStore
from tests.builders import CONFERENCE, at, schedule


@pytest.fixture
async def database(migrated: str) -> str:
    """A conference on which ten people followed the advice for one way."""
    store = SqlStore.at(migrated)
    async with store.write_transaction() as work:
        await work.conferences.save(schedule())
        leg = WalkedLeg("Venetian", "Caesars Forum")
        await work.walks.count(CONFERENCE.slug, Promise(leg, at(9), followed=10, arrived=7, late=1, minutes=284))
    await store.close()
    return migrated


async def test_promised_and_measured_stand_side_by_side(database: str) -> None:
    assert await reported(database, at(15)) == (
        "Cloud 21 (cloud21)\n"
        "Mon 29 Nov 09:00  Venetian → Caesars Forum: 10 followed, promised 28 min; 8 answered, 7 of them in time\n"
        "10 people followed; 8 said when they arrived, 88 % of them within the promised minutes.\n"
        "Hours with fewer than 5 people are left out, and hours that are not over yet."
    )


async def test_the_command_prints_it(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HALLWAY_DATABASE_URL", database)
    done = await to_thread(CliRunner().invoke, app, ["walks", "report", "--conference", "cloud21"])
    assert done.exit_code == 0, done.output
    assert "10 followed, promised 28 min" in done.output


async def test_an_unknown_conference_is_named(database: str) -> None:
    with pytest.raises(HallwayError, match="There is no conference nope"):
        await reported(database, at(15), "nope")


async def test_without_a_conference_it_says_what_to_do(migrated: str) -> None:
    assert (await reported(migrated, at(15))).startswith("No conferences.")
