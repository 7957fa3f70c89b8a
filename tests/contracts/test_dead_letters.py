"""The dead letters and the counts that an operator sees, on every store."""

from datetime import timedelta

from bot.app.ports import DISCARDED, DeadLetter, Delivery, DeliveryFilter, DeliveryState, Outcome, Store, Waiting
from bot.domain.attendee.attendee import Attendee
from bot.domain.nudges.nudge import NudgeKind
from tests.builders import at, nudge

CONSOLE = [DeliveryFilter("console")]
NONE = dict.fromkeys(DeliveryState, 0)


async def owing(store: Store, *subjects: str, minutes: int = 30) -> Attendee:
    """One who is owed a nudge at 09:00 about each of `subjects`."""
    async with store.write_transaction() as work:
        attendee = await work.people.join("console", "club", "ada")
        expires = at(9) + timedelta(minutes=minutes)
        nudges = [nudge(attendee.id, subject, at(9), expires_at=expires) for subject in subjects]
        await work.deliveries.reconcile([(attendee, nudges)], at(8))
    return attendee


async def settled(store: Store, state: DeliveryState, count: int = 1) -> list[Delivery]:
    """Claims `count` at 09:00 and settles them so."""
    async with store.write_transaction() as work:
        claimed = await work.deliveries.claim(CONSOLE, at(9), at(9, 2), count)
        await work.deliveries.record_outcomes(
            [Outcome(delivery.id, delivery.attempt, state, at(9, 1), "why") for delivery in claimed]
        )
    return claimed


async def tally_of(store: Store) -> dict[DeliveryState, int]:
    async with store.read_transaction() as work:
        return dict(await work.dead_letters.count_by_state())


async def test_the_tally_names_every_state(store: Store) -> None:
    assert await tally_of(store) == NONE
    await owing(store, "a", "b", "c")
    await settled(store, DeliveryState.SENT)
    await settled(store, DeliveryState.DEAD)
    counts = {DeliveryState.OWED: 1, DeliveryState.SENT: 1, DeliveryState.DEAD: 1}
    assert await tally_of(store) == {**NONE, **counts}


async def test_what_waits_is_counted_by_platform_and_kind(store: Store) -> None:
    async with store.write_transaction() as work:
        attendee = await work.people.join("console", "club", "ada")
        kinds = (("a", 9, NudgeKind.LEAVE_BY), ("b", 9, NudgeKind.EVENING_RECAP), ("c", 10, NudgeKind.LEAVE_BY))
        nudges = [nudge(attendee.id, name, at(hour), kind=kind) for name, hour, kind in kinds]
        nudges.append(nudge(attendee.id, "d", at(13)))
        await work.deliveries.reconcile([(attendee, nudges)], at(8))
    async with store.read_transaction() as work:
        waiting = await work.dead_letters.count_waiting(["console", "discord"], at(9), at(10))
        assert waiting == [Waiting("console", "evening-recap", 1, 0), Waiting("console", "leave-by", 1, 1)]
        assert await work.dead_letters.count_waiting(["discord"], at(9), at(10)) == []
        assert await work.dead_letters.count_waiting([], at(9), at(10)) == []


async def test_the_dead_are_listed_by_id_with_their_reason(store: Store) -> None:
    await owing(store, "a", "b")
    first, second = await settled(store, DeliveryState.DEAD, 2)
    expected = [
        DeadLetter(delivery.id, "leave-by", "console", 1, at(9, 1), at(9, 30), "why")
        for delivery in sorted((first, second), key=lambda delivery: delivery.id)
    ]
    async with store.read_transaction() as work:
        assert await work.dead_letters.all() == expected


async def test_a_dead_one_that_is_revived_is_owed_with_every_attempt_before_it(store: Store) -> None:
    await owing(store, "a", "b")
    first, second = await settled(store, DeliveryState.DEAD, 2)
    async with store.write_transaction() as work:
        assert await work.dead_letters.requeue([first.id, 10_000], at(9, 5)) == 1
        (again,) = await work.deliveries.claim(CONSOLE, at(9, 5), at(9, 7), 10)
        assert (again.id, again.attempt, again.error) == (first.id, 1, "")
        assert [letter.id for letter in await work.dead_letters.all()] == [second.id]
        assert await work.dead_letters.requeue([first.id], at(9, 5)) == 0, "it is not dead any more"


async def test_what_has_expired_is_not_revived(store: Store) -> None:
    await owing(store, "a")
    (dead,) = await settled(store, DeliveryState.DEAD)
    async with store.write_transaction() as work:
        assert await work.dead_letters.requeue([dead.id], at(9, 30)) == 0
        assert len(await work.dead_letters.all()) == 1


async def test_what_is_dropped_has_expired_and_no_plan_owes_it_again(store: Store) -> None:
    attendee = await owing(store, "a")
    (dead,) = await settled(store, DeliveryState.DEAD)
    async with store.write_transaction() as work:
        assert await work.dead_letters.discard([dead.id, 10_000], at(9, 5)) == 1
        assert await work.dead_letters.discard([dead.id], at(9, 5)) == 0
        assert await work.dead_letters.all() == []
    await owing(store, "a")
    async with store.read_transaction() as work:
        (dropped,) = await work.deliveries.of_attendee(attendee.id)
    assert (dropped.state, dropped.error, dropped.settled_at) == (DeliveryState.EXPIRED, DISCARDED, at(9, 5))
