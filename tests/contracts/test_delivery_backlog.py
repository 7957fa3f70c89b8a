"""What is claimed before it is due, who goes first, and what waits, by counts: the same on every store."""

from datetime import timedelta

from bot.app.ports import POSSIBLY_SENT, Delivery, DeliveryFilter, DeliveryState, Outcome, Store
from bot.domain.attendee.attendee import Attendee
from bot.domain.nudges.load_forecast import Load
from bot.domain.nudges.nudge import Nudge, NudgeKind
from tests.builders import at, nudge

CONSOLE = [DeliveryFilter("console")]
TEN = timedelta(minutes=10)
HALF_PAST = at(9) + timedelta(seconds=30)


async def joined(store: Store, user: str = "ada", tenant: str = "club") -> Attendee:
    async with store.write_transaction() as work:
        return await work.people.join("console", tenant, user)


async def owing(store: Store, attendee: Attendee, *nudges: Nudge) -> None:
    async with store.write_transaction() as work:
        await work.deliveries.add([(attendee.community, planned) for planned in nudges], at(8))


async def claimed(store: Store, hour: int, minute: int, limit: int = 99, ahead: timedelta = TEN) -> list[Delivery]:
    async with store.write_transaction() as work:
        moment = at(hour, minute)
        return await work.deliveries.claim(CONSOLE, moment, moment + timedelta(minutes=2), limit, ahead)


async def settled(store: Store, outcome: Outcome) -> None:
    async with store.write_transaction() as work:
        await work.deliveries.record_outcomes([outcome])


async def test_what_may_come_early_is_claimed_ahead_and_nothing_else(store: Store) -> None:
    ada = await joined(store)
    early, later = nudge(ada.id, "arc301", at(9), early=TEN), nudge(ada.id, "key001", at(9, 1), early=TEN)
    on_time = nudge(ada.id, "sec203", at(9))
    await owing(store, ada, early, later, on_time)
    assert await claimed(store, 8, 49) == []
    assert await claimed(store, 8, 50, ahead=timedelta()) == []
    assert [delivery.nudge for delivery in await claimed(store, 8, 50)] == [early]
    assert await claimed(store, 8, 51, ahead=timedelta(minutes=9)) == []
    assert [delivery.nudge for delivery in await claimed(store, 8, 51)] == [later]
    first_tried = [
        delivery.nudge for delivery in await claimed(store, 9, 0, ahead=timedelta()) if delivery.attempt == 1
    ]
    assert first_tried == [on_time]


async def test_what_was_tried_before_is_not_hurried(store: Store) -> None:
    ada = await joined(store)
    await owing(store, ada, nudge(ada.id, "arc301", at(9), early=TEN))
    (taken,) = await claimed(store, 8, 50)
    assert await claimed(store, 8, 51) == []
    await settled(store, Outcome(taken.id, 1, DeliveryState.OWED, at(8, 51), "busy", at(8, 55)))
    assert await claimed(store, 8, 54) == []
    assert [delivery.attempt for delivery in await claimed(store, 8, 55)] == [2]


async def test_a_small_community_waits_behind_no_large_one(store: Store) -> None:
    crowd = [await joined(store, f"user{number}") for number in range(6)]
    eve = await joined(store, "eve", "small")
    for attendee in (*crowd, eve):
        await owing(store, attendee, nudge(attendee.id, "arc301", at(9)))
    first = await claimed(store, 9, 0, limit=2)
    assert {delivery.nudge.attendee for delivery in first} == {crowd[0].id, eve.id}
    assert [delivery.nudge.attendee for delivery in await claimed(store, 9, 0)] == [
        attendee.id for attendee in crowd[1:]
    ]


async def test_what_everybody_is_told_waits_for_what_somebody_has_to_hear_in_time(store: Store) -> None:
    crowd = [await joined(store, f"user{number}") for number in range(4)]
    for attendee in crowd:
        await owing(store, attendee, nudge(attendee.id, "2021-11-29", at(9), kind=NudgeKind.MORNING_BRIEF))
    await owing(store, crowd[3], nudge(crowd[3].id, "arc301", at(9, 5)))
    first = await claimed(store, 9, 5, limit=2)
    assert [(delivery.nudge.kind, delivery.nudge.attendee) for delivery in first] == [
        (NudgeKind.LEAVE_BY, crowd[3].id),
        (NudgeKind.MORNING_BRIEF, crowd[0].id),
    ]


async def test_whoever_takes_over_a_lost_lease_knows_that_it_is_in_doubt(store: Store) -> None:
    ada = await joined(store)
    await owing(store, ada, nudge(ada.id, "arc301", at(9)))
    (lost,) = await claimed(store, 9, 0)
    (again,) = await claimed(store, 9, 2)
    assert (lost.possibly_sent, again.possibly_sent, again.error) == (False, True, POSSIBLY_SENT)
    await settled(store, Outcome(again.id, 2, DeliveryState.UNCERTAIN, at(9, 2), again.error, at(9, 3), tried=False))
    assert await claimed(store, 9, 2) == []
    (third,) = await claimed(store, 9, 3)
    assert (third.possibly_sent, third.attempt) == (True, 2)
    await settled(store, Outcome(third.id, 2, DeliveryState.UNCERTAIN, at(9, 3), third.error))
    assert await claimed(store, 10, 0) == []


async def test_what_waits_is_counted_by_when_it_is_ready_and_when_it_is_late(store: Store) -> None:
    ada, bob, eve = await joined(store), await joined(store, "bob"), await joined(store, "eve", "small")
    for attendee in (ada, bob, eve):
        await owing(store, attendee, nudge(attendee.id, "arc301", at(9), early=TEN))
    await owing(store, ada, nudge(ada.id, "day", at(9), kind=NudgeKind.EVENING_RECAP), nudge(ada.id, "sec203", at(10)))
    async with store.read_transaction() as work:
        loads = await work.backlog.loads(CONSOLE[0], at(9, 30))
        mine = await work.backlog.loads(DeliveryFilter("console", eve.community.id), at(9, 30))
    assert sorted(loads, key=lambda load: load.deadline) == [Load(at(8, 50), at(9), 3), Load(at(9), at(9, 30), 1)]
    assert mine == [Load(at(8, 50), at(9), 1)]


async def test_what_is_tried_again_is_ready_only_then(store: Store) -> None:
    ada = await joined(store)
    await owing(store, ada, nudge(ada.id, "arc301", at(9), early=TEN))
    (taken,) = await claimed(store, 8, 50)
    async with store.read_transaction() as work:
        assert await work.backlog.loads(CONSOLE[0], at(9, 30)) == []
    await settled(store, Outcome(taken.id, 1, DeliveryState.OWED, at(8, 51), "busy", at(8, 55)))
    async with store.read_transaction() as work:
        assert await work.backlog.loads(CONSOLE[0], at(9, 30)) == [Load(at(8, 55), at(9), 1)]


async def test_what_is_announced_later_waits_behind_no_large_announcement(store: Store) -> None:
    first = [await joined(store, f"user{number}") for number in range(6)]
    second = await joined(store, "bob", "small")
    for attendee in first:
        await owing(store, attendee, nudge(attendee.id, "1", at(9), kind=NudgeKind.ANNOUNCEMENT))
    await owing(store, second, nudge(second.id, "2", at(9, 7), kind=NudgeKind.ANNOUNCEMENT))
    late = nudge(first[0].id, "arc301", at(9, 8))
    await owing(store, first[0], late)
    now = [delivery.nudge.attendee for delivery in await claimed(store, 9, 9, limit=3)]
    assert now == [first[0].id, first[0].id, second.id]
    assert [delivery.nudge.attendee for delivery in await claimed(store, 9, 9)] == [
        attendee.id for attendee in first[1:]
    ]


async def test_each_community_says_when_it_wants_attention_first(store: Store) -> None:
    ada, eve = await joined(store), await joined(store, "eve", "small")
    await owing(store, ada, nudge(ada.id, "arc301", at(9)), nudge(ada.id, "sec203", at(10)))
    await owing(store, eve, nudge(eve.id, "arc301", at(11)))
    theirs, hers = DeliveryFilter("console", ada.community.id), DeliveryFilter("console", eve.community.id)
    async with store.read_transaction() as work:
        assert await work.backlog.soonest(CONSOLE, at(10)) == {theirs: at(9)}
        assert await work.backlog.soonest(CONSOLE, at(11)) == {theirs: at(9), hers: at(11)}
        assert await work.backlog.soonest([hers], at(11)) == {hers: at(11)}
        assert await work.backlog.soonest([], at(11)) == {}


async def test_what_a_dead_process_had_claimed_is_released_and_counts_as_doubtful(store: Store) -> None:
    ada, zoe = await joined(store), await joined(store, "zoe", "other")
    owed, later, theirs = nudge(ada.id, "arc301", at(9)), nudge(ada.id, "sec203", at(9, 1)), nudge(zoe.id, "", at(9))
    await owing(store, ada, owed, later)
    await owing(store, zoe, theirs)
    taken = await claimed(store, 9, 0)
    scope = DeliveryFilter("console", ada.community.id)
    async with store.write_transaction() as work:
        assert await work.backlog.release(scope, HALF_PAST) == 1
        assert await work.backlog.release(scope, HALF_PAST) == 0
    assert [delivery.nudge for delivery in await claimed(store, 9, 0)] == []
    (again,) = [delivery for delivery in await claimed(store, 9, 1) if delivery.nudge == owed]
    assert (again.attempt, again.error) == (2, POSSIBLY_SENT)
    # What the first one says now comes too late.
    (mine,) = [delivery for delivery in taken if delivery.nudge == owed]
    await settled(store, Outcome(mine.id, mine.attempt, DeliveryState.SENT, at(9, 1)))
    async with store.read_transaction() as work:
        states = {delivery.nudge.subject: delivery.state for delivery in await work.deliveries.of_attendee(ada.id)}
    assert states == {"arc301": DeliveryState.CLAIMED, "sec203": DeliveryState.CLAIMED}


async def test_what_is_released_is_still_settled_by_who_was_only_cut_off(store: Store) -> None:
    ada = await joined(store)
    await owing(store, ada, nudge(ada.id, "arc301", at(9)))
    (taken,) = await claimed(store, 9, 0)
    async with store.write_transaction() as work:
        await work.backlog.release(DeliveryFilter("console"), HALF_PAST)
    await settled(store, Outcome(taken.id, taken.attempt, DeliveryState.SENT, at(9)))
    assert await claimed(store, 9, 1) == []
