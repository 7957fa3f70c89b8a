"""`hallway deliveries`: what an operator reads and decides, and nothing of whom it is about."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.__main__ import app
from bot.app.ports import DeliveryFilter, DeliveryState, Outcome
from bot.domain.errors import HallwayError
from bot.storage.unit_of_work import SqlStore
from tests.builders import nudge

HOUR = timedelta(hours=1)


def tally(**counts: int) -> str:
    return "".join(f"{state.value:<10}{counts.get(state.value, 0):>10}\n" for state in DeliveryState)


@pytest.fixture
def now() -> datetime:
    """The command reads the clock, so that what is an hour old has to be made now."""
    return datetime.now(UTC)


@pytest.fixture
async def database(migrated: str, now: datetime) -> str:
    """An outbox with two dead deliveries, of which the second is expired, and one that is owed."""
    store = SqlStore.at(migrated)
    async with store.write_transaction() as work:
        attendee = await work.people.join("console", "club", "ada-of-the-venetian", "Ada Byron")
        late = nudge(attendee.id, "b", now - 2 * HOUR, expires_at=now - HOUR)
        dead = [nudge(attendee.id, "a", now - 2 * HOUR, expires_at=now + 2 * HOUR + HOUR / 2), late]
        await work.deliveries.add([(attendee.community, planned) for planned in dead], now - 3 * HOUR)
        claimed = await work.deliveries.claim([DeliveryFilter("console")], now, now + HOUR, 10)
        lost = [Outcome(e.id, e.attempt, DeliveryState.DEAD, now - 1.5 * HOUR, "TimeoutError") for e in claimed]
        await work.deliveries.record_outcomes(lost)
        await work.deliveries.add([(attendee.community, nudge(attendee.id, "c", now + HOUR))], now)
    await store.close()
    return migrated


def output(*arguments: str) -> str:
    done = CliRunner().invoke(app, ["deliveries", *arguments], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def test_the_outbox_is_counted_by_state(database: str) -> None:
    assert output() == tally(owed=1, dead=2)


def test_the_dead_are_told_with_reason_kind_and_age_and_nothing_of_anybody(database: str, now: datetime) -> None:
    since = f"{now - 1.5 * HOUR:%Y-%m-%d %H:%M}"
    assert output("dead") == (
        f"1  leave-by  console  {since} UTC, 1 h ago  expires in 2 h  1 attempt: TimeoutError\n"
        f"2  leave-by  console  {since} UTC, 1 h ago  expired  1 attempt: TimeoutError\n"
    )


def test_one_is_owed_again(database: str) -> None:
    assert output("retry", "1") == "Requeued 1.\n"
    assert output() == tally(owed=2, dead=1)


def test_all_that_are_of_use_are_owed_again_and_the_others_named(database: str) -> None:
    assert output("retry", "all") == "Requeued 1; 1 expired.\n"
    assert output() == tally(owed=2, dead=1)


def test_one_or_all_are_put_away(database: str) -> None:
    assert output("drop", "2") == "Removed 1.\n"
    assert output("drop", "all") == "Removed 1.\n"
    assert output("drop", "all") == "Removed 0.\n"
    assert output("dead") == "No failed deliveries.\n"
    assert output() == tally(owed=1, expired=2)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("retry", "9"), "There is no failed delivery 9. See them all with `hallway deliveries dead`."),
        (("drop", "3"), "There is no failed delivery 3. See them all with `hallway deliveries dead`."),
        (("retry", "2"), "Delivery 2 has expired. To remove it: `hallway deliveries drop 2`"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(database: str, arguments: tuple[str, ...], sentence: str) -> None:
    with pytest.raises(HallwayError) as fault:
        output(*arguments)
    assert str(fault.value) == sentence


def test_a_database_without_tables_is_told_what_to_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HALLWAY_DATABASE_URL", f"sqlite:///{tmp_path / 'new.db'}")
    with pytest.raises(HallwayError, match="has no schema yet: run `hallway migrate`"):
        output("dead")


def test_wrong_usage_is_status_2(database: str) -> None:
    for arguments in (("retry",), ("drop", "soon"), ("retry", "-1"), ("bury", "1")):
        assert CliRunner().invoke(app, ["deliveries", *arguments]).exit_code == 2
