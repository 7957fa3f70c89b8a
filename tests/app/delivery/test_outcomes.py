"""The recorder: everything is stored, in transactions that are not too long, and what cannot be stored is kept."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest

from bot.app.delivery.outcomes import STORED_AT_ONCE, AttemptResult, OutcomeWriter
from bot.app.ports import DeliveryFilter, DeliveryState, Outcome
from bot.domain.errors import StoreError
from tests.builders import at, nudge
from tests.fakes.memory_store import MemoryStore, MemoryUnitOfWork

MANY = 2 * STORED_AT_ONCE + 500


@dataclass
class Counting(MemoryStore):
    """Counts its transactions; from the one called `gone` on it can be written no more."""

    written: int = 0
    gone: int | None = None

    @asynccontextmanager
    async def write_transaction(self) -> AsyncIterator[MemoryUnitOfWork]:
        if self.written == self.gone:
            raise StoreError("gone")
        self.written += 1
        async with super().write_transaction() as work:
            yield work


async def owing(store: Counting) -> OutcomeWriter:
    """A recorder with what became of many deliveries."""
    async with store.write_transaction() as work:
        attendee = await work.people.join("console", "club", "ada")
        await work.deliveries.reconcile([(attendee, [nudge(attendee.id, f"s{n}", at(9)) for n in range(MANY)])], at(8))
        claimed = await work.deliveries.claim([DeliveryFilter("console")], at(9), at(9, 2), MANY)
    outcomes = OutcomeWriter(store)
    for delivery in claimed:
        outcomes.add(AttemptResult(Outcome(delivery.id, delivery.attempt, DeliveryState.SENT, at(9))), at(9, 1))
    store.written = 0
    return outcomes


async def sent(store: Counting) -> int:
    async with store.read_transaction() as work:
        attendee = await work.people.find("console", "club", "ada")
        assert attendee
        return sum(delivery.state is DeliveryState.SENT for delivery in await work.deliveries.of_attendee(attendee.id))


async def test_thousands_are_stored_in_several_transactions() -> None:
    store = Counting()
    outcomes = await owing(store)
    await outcomes.record()
    assert (await sent(store), outcomes.pending, store.written) == (MANY, 0, 3)


async def test_nothing_to_store_needs_no_transaction() -> None:
    store = Counting()
    await OutcomeWriter(store).record()
    assert store.written == 0


async def test_a_result_is_overdue_from_its_moment_until_it_is_stored() -> None:
    outcomes = await owing(Counting())
    assert [outcomes.is_overdue(now) for now in (at(9), at(9, 1), at(9, 2))] == [False, True, True]
    await outcomes.record()
    assert not outcomes.is_overdue(at(9, 2))


async def test_what_could_not_be_stored_is_kept_and_stored_the_next_time() -> None:
    store = Counting()
    outcomes = await owing(store)
    store.gone = 1
    with pytest.raises(StoreError, match="gone"):
        await outcomes.record()
    assert (await sent(store), outcomes.pending) == (STORED_AT_ONCE, MANY - STORED_AT_ONCE)
    store.gone = None
    await outcomes.record()
    assert (await sent(store), outcomes.pending) == (MANY, 0)
