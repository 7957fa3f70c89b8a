"""A peak on a PostgreSQL that last counted before it: thousands come due at once, and are claimed and sent.

Its planner believes what it counted. A plan that compares everything with everything is cheap where it expects one row,
and takes half a minute where there are thousands; no such plan is ever chosen for what a peak does.
"""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, text

from bot.app.ports import DeliveryFilter, DeliveryState, Outcome
from bot.storage.unit_of_work import SqlStore
from tests.builders import at, nudge
from tests.stores import migrated_database

MANY = 5_000
RECORDED = (100, 200, 400, 800, 1_600)
"""At once: with each of them another plan looks cheapest."""
SCOPES = {"of many communities": DeliveryFilter("console"), "of one community": DeliveryFilter("console", 1)}


@pytest.fixture
async def store(postgresql: str) -> AsyncIterator[SqlStore]:
    async with migrated_database(postgresql) as url:
        made = SqlStore.at(url)
        yield made
        await made.close()


@contextmanager
def planned(store: SqlStore) -> Iterator[list[Any]]:
    """The plans of what the block does with the outbox, as PostgreSQL makes them at that moment."""
    plans: list[Any] = []

    def explain(connection: Any, cursor: object, statement: str, parameters: Any, *_: object) -> None:
        del cursor
        if "delivery" in statement:
            beside = connection.connection.cursor()
            beside.execute(f"EXPLAIN (FORMAT JSON) {statement}", parameters)
            (plan,) = beside.fetchone()
            plans.append(plan[0]["Plan"])

    engine = store.writer.sync_engine
    event.listen(engine, "before_cursor_execute", explain)
    try:
        yield plans
    finally:
        event.remove(engine, "before_cursor_execute", explain)


def comparing_all_with_all(plan: Any) -> list[Any]:
    """The parts of a plan that compare each row of one side with each of the other."""
    below = [found for part in plan.get("Plans", ()) for found in comparing_all_with_all(part)]
    return [plan, *below] if plan["Node Type"] == "Nested Loop" and "Join Filter" in plan else below


@pytest.mark.parametrize("scope", SCOPES.values(), ids=SCOPES)
async def test_a_peak_is_planned_as_well_before_postgresql_has_counted_it(
    store: SqlStore, scope: DeliveryFilter
) -> None:
    async with store.write_transaction() as work:
        attendee = await work.people.join("console", "club", "ada")
        owed = [nudge(attendee.id, f"s{number}", at(12)) for number in range(MANY)]
        await work.deliveries.reconcile([(attendee, owed)], at(8))
        # All are due at noon, and none is claimed.
        await work.deliveries.connection.execute(text("ANALYZE"))
    with planned(store) as plans:
        async with store.write_transaction() as work:
            sooner = [nudge(attendee.id, owed_nudge.subject, at(9, 1)) for owed_nudge in owed]
            await work.deliveries.reconcile([(attendee, sooner)], at(8))
        async with store.write_transaction() as work:
            claimed = await work.deliveries.claim([scope], at(9, 1), at(9, 2), MANY, timedelta(minutes=10))
            sent = [Outcome(delivery.id, delivery.attempt, DeliveryState.SENT, at(9, 1)) for delivery in claimed]
            for number in RECORDED:
                await work.deliveries.record_outcomes(sent[:number])
                sent = sent[number:]
    assert len(claimed) == MANY
    assert len(plans) == 3 + len(RECORDED), "read, retimed, claimed, and recorded"
    assert [found for plan in plans for found in comparing_all_with_all(plan)] == []


@pytest.mark.parametrize("moved", [100, 400])
async def test_a_new_plan_is_stored_as_well_before_postgresql_has_counted_what_is_owed(
    store: SqlStore, moved: int
) -> None:
    async with store.write_transaction() as work:
        attendee = await work.people.join("console", "club", "ada")
        owed = [nudge(attendee.id, f"s{number}", at(12)) for number in range(MANY)]
        await work.deliveries.reconcile([(attendee, owed)], at(8))
        connection = work.deliveries.connection
        await connection.execute(text("UPDATE delivery SET state = 'sent'"))
        await connection.execute(text("ANALYZE"))
        await connection.execute(text("UPDATE delivery SET state = 'owed'"))
    with planned(store) as plans:
        async with store.write_transaction() as work:
            sooner = [nudge(attendee.id, owed_nudge.subject, at(9)) for owed_nudge in owed[:moved]]
            await work.deliveries.reconcile([(attendee, [*sooner, *owed[moved:]])], at(8))
    assert len(plans) == 2, "read, retimed"
    assert [found for plan in plans for found in comparing_all_with_all(plan)] == []


async def test_whether_reminders_are_replaced_is_read_once_for_all_of_them(store: SqlStore) -> None:
    async with store.write_transaction() as work:
        attendee = await work.people.join("console", "club", "ada")
        owed = [nudge(attendee.id, f"s{number}", at(9)) for number in range(MANY)]
        await work.deliveries.reconcile([(attendee, owed)], at(8))
        claimed = await work.deliveries.claim(list(SCOPES.values())[:1], at(9, 1), at(9, 2), MANY)
    with planned(store) as plans:
        async with store.write_transaction() as work:
            assert await work.deliveries.superseded(claimed) == set()
    (plan,) = plans
    assert "Nested Loop" not in str(plan)
