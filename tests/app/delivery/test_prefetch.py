"""What comes due in a lane without a limit is read before it is due, and sent the moment that it is."""

import asyncio
import math
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from bot.app.delivery import worker as runner
from bot.app.delivery.leases import LeaseManager
from bot.app.delivery.worker import LAID_OUT
from bot.app.ports import DeliveryState, RateLimitedError, Store, TemporaryError, UnitOfWork
from tests.builders import at, nudge
from tests.fakes.app_harness import AppHarness
from tests.fakes.memory_store import MemoryStore
from tests.lanes import Lanes, lanes, owe

DUE = at(8, 20)
SOON = DUE - LAID_OUT
INSTANT = timedelta(microseconds=1)


@dataclass
class Slow:
    """A store that says nothing until something is sent."""

    store: Store
    sent: asyncio.Event = field(default_factory=asyncio.Event)

    async def goes_on(self, _: str) -> None:
        self.sent.set()

    @asynccontextmanager
    async def read_transaction(self) -> AsyncIterator[UnitOfWork]:
        await asyncio.wait_for(self.sent.wait(), 5)
        async with self.store.read_transaction() as work:
            yield work

    def write_transaction(self) -> AbstractAsyncContextManager[UnitOfWork]:
        return self.store.write_transaction()


async def deliver_at(talk: AppHarness, moment: datetime) -> datetime | None:
    """Deliver what is due at `moment`; gives when it wants to be woken then."""
    talk.clock.move_to(moment)
    await talk.outbox.deliver_due()
    return await talk.outbox.next_due()


async def laid_out(talk: AppHarness, *users: str) -> Lanes:
    """A messenger without a limit, and a nudge for each of `users` that is laid out and not due yet."""
    post = lanes(talk, a_second=math.inf)
    for user in users:
        await owe(talk, user, nudge(0, "", DUE))
    assert await talk.outbox.next_due() == SOON
    assert await deliver_at(talk, SOON) == DUE
    assert (in_hand(talk), post.sent) == (len(users), [])
    return post


def in_hand(talk: AppHarness) -> int:
    (state,) = talk.outbox.lanes()
    return state.in_hand


async def stands(talk: AppHarness) -> list[tuple[DeliveryState, int]]:
    async with talk.store.read_transaction() as work:
        people = await work.people.by_id(range(1, 99))
        found = [each for id_ in people for each in await work.deliveries.of(id_)]
    return [(each.state, each.attempt) for each in found]


async def test_it_goes_out_when_it_is_due_and_not_before(talk: AppHarness) -> None:
    post = await laid_out(talk, "ada", "bob")
    assert await deliver_at(talk, DUE - INSTANT) == DUE
    assert post.sent == []
    assert await deliver_at(talk, DUE) is None
    assert sorted((each.to, each.at) for each in post.sent) == [("ada", DUE), ("bob", DUE)]
    assert await stands(talk) == [(DeliveryState.SENT, 1)] * 2


async def test_it_does_not_wait_until_the_store_has_said_what_else_there_is(talk: AppHarness) -> None:
    post, slow = await laid_out(talk, "ada"), Slow(talk.store)
    post.before, talk.outbox.store = slow.goes_on, slow
    assert await deliver_at(talk, DUE) is None
    assert [(each.to, each.at) for each in post.sent] == [("ada", DUE)]


async def test_where_a_platform_sets_the_pace_nothing_is_laid_out(talk: AppHarness) -> None:
    lanes(talk, a_second=50)
    await owe(talk, "ada", nudge(0, "", DUE))
    assert await talk.outbox.next_due() == DUE
    assert await deliver_at(talk, SOON) == DUE
    assert in_hand(talk) == 0
    assert await stands(talk) == [(DeliveryState.OWED, 0)]


async def test_what_is_added_after_the_look_is_claimed_when_it_is_due(talk: AppHarness) -> None:
    post = await laid_out(talk, "ada")
    await owe(talk, "late", nudge(0, "", DUE))
    await owe(talk, "now", nudge(0, "", SOON))
    assert await talk.outbox.next_due() == SOON
    # It looks again where it has something to do, and lays out what has come.
    assert await deliver_at(talk, SOON + INSTANT) == DUE
    assert ([each.to for each in post.sent], in_hand(talk)) == (["now"], 2)
    await owe(talk, "last", nudge(0, "", DUE))
    assert await talk.outbox.next_due() == DUE, "it has looked that far"
    assert await deliver_at(talk, DUE) is None
    assert sorted(each.to for each in post.sent) == ["ada", "last", "late", "now"]


async def test_while_somebody_takes_long_nothing_is_laid_out_and_nothing_is_late(talk: AppHarness) -> None:
    gate, second = asyncio.Event(), timedelta(seconds=1)

    async def slow(user: str) -> None:
        if user == "slow":
            await gate.wait()

    post = lanes(talk, a_second=math.inf, before=slow)
    await owe(talk, "slow", nudge(0, "", at(8, 10)))
    talk.clock.move_to(at(8, 10))
    (going,) = await talk.outbox.begin_due()
    while not talk.outbox.lanes()[0].under_way:  # noqa: ASYNC110 — steps of the loop are what is waited for
        await asyncio.sleep(0)
    await owe(talk, "next", nudge(0, "", at(8, 10) + second))
    await talk.outbox.begin_due()
    assert await talk.outbox.next_due() == at(8, 10) + second
    talk.clock.move_to(at(8, 10) + second)
    await talk.outbox.begin_due()
    while not post.sent:  # noqa: ASYNC110 — as above
        await asyncio.sleep(0)
    gate.set()
    await going
    assert [(each.to, each.at) for each in post.sent] == [(user, at(8, 10) + second) for user in ("next", "slow")]


async def test_what_is_tried_again_waits_for_its_moment(talk: AppHarness) -> None:
    post = lanes(talk, a_second=math.inf)
    await owe(talk, "ada", nudge(0, "", at(8, 10)))
    post.faults = [TemporaryError("busy")]
    woken = await deliver_at(talk, at(8, 10))
    assert woken is not None
    again = await deliver_at(talk, woken)
    assert again == woken + LAID_OUT, "it was woken once for nothing, and not again and again"
    assert (in_hand(talk), await deliver_at(talk, again)) == (0, None)
    assert [each.at for each in post.sent] == [again]


async def test_who_is_forgotten_while_it_waits_for_long_hears_nothing(talk: AppHarness) -> None:
    post = await laid_out(talk, "ada", "bob")
    await talk.talk_to("bob", "/forgetme yes")
    await deliver_at(talk, DUE + timedelta(seconds=1))
    assert [each.to for each in post.sent] == ["ada"]


def stopped(talk: AppHarness) -> None:
    talk.outbox.stop()


def lost(talk: AppHarness) -> None:
    talk.outbox.keeper = LeaseManager("else", ["console"])


def resting(talk: AppHarness) -> None:
    for lane in talk.outbox._runners.values():
        lane.breaker.pause(talk.clock.now(), timedelta(seconds=1), "slower")


def behind(talk: AppHarness) -> None:
    talk.clock.move_to(SOON - timedelta(hours=1))


@pytest.mark.parametrize("cannot", [stopped, lost, resting, behind])
async def test_what_cannot_wait_here_is_owed_as_if_nobody_had_taken_it(
    talk: AppHarness, cannot: Callable[[AppHarness], None]
) -> None:
    post = await laid_out(talk, "ada", "bob")
    cannot(talk)
    await talk.outbox.deliver_due()
    await talk.outbox.finish(5)
    assert (in_hand(talk), post.sent, await stands(talk)) == (0, [], [(DeliveryState.OWED, 0)] * 2)
    async with talk.store.write_transaction() as work:
        assert await work.deliveries.claim(talk.outbox.scopes, DUE - INSTANT, at(10), 9) == []
        again = await work.deliveries.claim(talk.outbox.scopes, DUE, at(10), 9)
    assert [(each.attempt, each.in_doubt) for each in again] == [(1, False)] * 2


async def test_after_a_leap_of_the_clock_nothing_is_sent_that_somebody_else_may_have(talk: AppHarness) -> None:
    post = await laid_out(talk, "ada")
    talk.clock.move_to(SOON + talk.outbox.lease / 2)
    await talk.outbox.deliver_due()
    assert [(each.to, each.at) for each in post.sent] == [("ada", talk.clock.now())]
    assert await stands(talk) == [(DeliveryState.SENT, 1)], "it was given back, and claimed anew"


async def test_a_platform_that_wants_a_pause_gets_back_what_is_laid_out(talk: AppHarness) -> None:
    post = await laid_out(talk, "ada", "bob")
    post.faults = [RateLimitedError("slower", timedelta(minutes=1))]
    assert await deliver_at(talk, DUE) == DUE + timedelta(minutes=1)
    assert await deliver_at(talk, DUE + timedelta(minutes=1)) is None
    assert sorted(each.to for each in post.sent) == ["ada", "bob"]


async def test_no_more_is_laid_out_than_memory_is_meant_to_hold(
    talk: AppHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "BATCH", 2)
    monkeypatch.setattr(runner, "MOST_LAID_OUT", 3)
    post = lanes(talk, a_second=math.inf)
    for number in range(8):
        await owe(talk, f"user{number}", nudge(0, "", DUE))
    assert await deliver_at(talk, SOON) == DUE
    assert in_hand(talk) == 3
    assert await deliver_at(talk, DUE) is None
    assert len({each.to for each in post.sent}) == len(post.sent) == 8


async def test_a_process_that_dies_leaves_it_to_the_next(talk: AppHarness) -> None:
    await laid_out(talk, "ada")
    heir = AppHarness(talk.store, DUE)
    office, keeper = MemoryStore(), LeaseManager("heir", ["console"])
    keeper.want(["console:club"])
    await keeper.renew(office)
    keeper._inherited["console:club"] = 0
    heir.outbox.keeper = keeper
    post = lanes(heir, a_second=math.inf)
    await heir.outbox.deliver_due()
    assert [each.to for each in post.sent] == ["ada"]
