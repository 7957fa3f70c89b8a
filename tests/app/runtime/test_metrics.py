"""What is measured while Hallway works."""

from datetime import timedelta

import pytest

from bot.app.ports import DeliveryState, RecipientUnreachableError, TemporaryError
from bot.app.runtime.heartbeat import Heartbeat
from bot.app.runtime.instrumented_store import InstrumentedStore
from tests.builders import at
from tests.fakes.app_harness import AppHarness
from tests.fakes.metrics import FakeMetrics


@pytest.mark.parametrize(
    ("fault", "state"),
    [
        (None, DeliveryState.SENT),
        (RecipientUnreachableError("closed"), DeliveryState.REFUSED),
        (TemporaryError("busy"), DeliveryState.OWED),
    ],
)
async def test_the_outbox_counts_what_became_of_each_attempt(
    app: AppHarness, fault: Exception | None, state: DeliveryState
) -> None:
    await app.all("/hotel Venetian", "/attend SEC203")
    metrics = app.scheduler.metrics = FakeMetrics()
    app.post.faults = [fault] if fault else []
    await app.rehearsal.jump(at(10, 12) + timedelta(seconds=7))
    assert metrics.attempts == {("console", "leave-by", state): 1}
    assert metrics.lateness == [7.0]
    assert metrics.claims == {"post": 1}


async def test_what_nobody_can_be_told_is_counted_too(app: AppHarness) -> None:
    metrics = app.scheduler.metrics = FakeMetrics()
    await app.all("/hotel Venetian", "/attend SEC203")
    async with app.store.write_transaction() as work:
        work.people.data.attendees.clear()  # type: ignore[attr-defined]  # as if they had gone since they were claimed
    await app.rehearsal.jump(at(10, 12))
    assert metrics.attempts == {("console", "leave-by", DeliveryState.EXPIRED): 1}


async def test_transactions_are_timed_and_are_the_stores_own(app: AppHarness) -> None:
    metrics = FakeMetrics()
    store = InstrumentedStore(app.store, metrics)
    async with store.write_transaction() as work:
        await work.key_values.put("name", "value")
    async with store.read_transaction() as work:
        assert await work.key_values.get("name") == "value"
    assert metrics.transactions == ["write", "read"]


def test_a_pulse_is_alive_while_it_beats() -> None:
    now = 100.0
    heartbeat = Heartbeat(stuck=30, time=lambda: now)
    assert not heartbeat.is_alive()
    heartbeat.beat()
    now += 29
    assert heartbeat.is_alive()
    now += 1
    assert not heartbeat.is_alive()
    heartbeat.beat()
    heartbeat.stop()
    assert not heartbeat.is_alive()
