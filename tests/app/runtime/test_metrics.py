"""What is measured while Hallway works."""

from datetime import timedelta

import pytest

from bot.app.ports import DeliveryState, RecipientUnreachableError, TemporaryError
from bot.app.runtime.heartbeat import Heartbeat
from bot.app.runtime.instrumented_store import InstrumentedStore
from bot.app.runtime.metrics import LATE, Histogram, Metrics
from tests.builders import at
from tests.fakes.app_harness import AppHarness


def test_a_histogram_counts_each_value_once_by_the_first_bound_that_holds_it() -> None:
    histogram = Histogram((1.0, 5.0))
    for value in (0.5, 1.0, 1.5, 5.0, 99.0):
        histogram.observe(value)
    assert (histogram.counts, histogram.sum) == ([2, 2, 1], 107.0)


def test_each_label_has_a_histogram_of_its_own() -> None:
    metrics = Metrics()
    metrics.late["leave-by"].observe(0.2)
    assert {label: sum(each.counts) for label, each in metrics.late.items()} == {"leave-by": 1}
    assert metrics.late["leave-by"].bounds == LATE


@pytest.mark.parametrize(
    ("fault", "state"),
    [
        (None, DeliveryState.SENT),
        (RecipientUnreachableError("closed"), DeliveryState.REFUSED),
        (TemporaryError("busy"), DeliveryState.OWED),
    ],
)
async def test_the_outbox_counts_what_became_of_each_attempt(
    talk: AppHarness, fault: Exception | None, state: DeliveryState
) -> None:
    await talk.all("/hotel Venetian", "/attend SEC203")
    talk.post.faults = [fault] if fault else []
    await talk.rehearsal.jump(at(10, 12) + timedelta(seconds=7))
    metrics = talk.scheduler.metrics
    assert dict(metrics.attempts) == {("console", "leave-by", state.value): 1}
    assert {kind: each.sum for kind, each in metrics.late.items()} == ({"leave-by": 7.0} if fault is None else {})


async def test_what_nobody_can_be_told_is_counted_too(talk: AppHarness) -> None:
    await talk.all("/hotel Venetian", "/attend SEC203")
    async with talk.store.write_transaction() as work:
        work.people.data.attendees.clear()  # type: ignore[attr-defined]  # as if they had gone since they were claimed
    await talk.rehearsal.jump(at(10, 12))
    assert dict(talk.scheduler.metrics.attempts) == {("console", "leave-by", "expired"): 1}


async def test_transactions_are_timed_and_are_the_stores_own(talk: AppHarness) -> None:
    metrics = Metrics()
    store = InstrumentedStore(talk.store, metrics)
    async with store.write_transaction() as work:
        await work.key_values.put("name", "value")
    async with store.read_transaction() as work:
        assert await work.key_values.get("name") == "value"
    assert {role: sum(each.counts) for role, each in metrics.store.items()} == {"write": 1, "read": 1}


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
