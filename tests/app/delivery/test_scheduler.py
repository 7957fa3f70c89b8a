"""The outbox: sent once, on time or not at all, and somebody knows."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.app.delivery.circuit_breaker import Circuit
from bot.app.delivery.sender import MOST_ATTEMPTS, POSSIBLE_DUPLICATE
from bot.app.messages import Reply
from bot.app.ports import (
    POSSIBLY_SENT,
    DeliveryState,
    DeliveryUnknownError,
    InvalidMessageError,
    Outcome,
    RateLimitedError,
    Receipt,
    RecipientUnreachableError,
    TemporaryError,
)
from bot.domain.attendee.attendee import Attendee
from bot.domain.nudges.nudge import ChannelTarget, NudgeKind
from tests.builders import at, nudge
from tests.fakes.app_harness import AppHarness, FakeMessenger, FrozenClock
from tests.fakes.memory_store.deliveries import MemoryDeliveries


async def states(app: AppHarness) -> list[tuple[DeliveryState, int, str]]:
    async with app.store.read_transaction() as work:
        attendee = await work.people.find("console", "club", "ada")
        assert attendee
        return [
            (delivery.state, delivery.attempt, delivery.error)
            for delivery in await work.deliveries.of_attendee(attendee.id)
        ][:1]


class Through(FakeMessenger):
    """A messenger that sends through a function."""

    def __init__(self, how: Callable[[Attendee, str, str, Reply], Awaitable[Receipt]]) -> None:
        super().__init__(FrozenClock())
        self.how = how

    async def send(self, attendee: Attendee, key: str, kind: str, content: Reply) -> Receipt:
        return await self.how(attendee, key, kind, content)


@pytest.fixture
async def owing(app: AppHarness) -> AppHarness:
    return await owed(app)


async def owed(app: AppHarness) -> AppHarness:
    """Ada is owed a nudge at 10:12, for a session at 10:50."""
    await app.all("/hotel Venetian", "/attend SEC203")
    await app.rehearsal.jump(at(10))
    return app


async def test_a_delivery_is_sent_once(owing: AppHarness) -> None:
    await owing.rehearsal.jump(at(10, 12))
    await owing.scheduler.run_due()
    assert len(owing.post.sent) == 1
    assert await states(owing) == [(DeliveryState.SENT, 1, "")]


async def test_a_refusal_is_kept_and_not_tried_again(owing: AppHarness) -> None:
    owing.post.faults = [RecipientUnreachableError("closed")]
    await owing.wait(minutes=50)
    assert owing.post.sent == []
    assert await states(owing) == [(DeliveryState.REFUSED, 1, "closed")]


async def test_what_may_have_arrived_is_repeated_once_and_counted(owing: AppHarness) -> None:
    owing.post.faults = [DeliveryUnknownError("reset")]
    await owing.wait(minutes=50)
    assert [message.at for message in owing.post.sent] == [at(10, 12) + timedelta(seconds=2)]
    assert await states(owing) == [(DeliveryState.SENT, 2, POSSIBLE_DUPLICATE)]


async def test_what_stays_in_doubt_is_uncertain_in_the_end(owing: AppHarness) -> None:
    owing.post.faults = [DeliveryUnknownError("reset")] * 20
    await owing.wait(minutes=50)
    assert await states(owing) == [(DeliveryState.UNCERTAIN, 2, f"{POSSIBLY_SENT}: reset")]
    assert len(owing.post.faults) == 18


async def test_where_the_platform_knows_the_key_it_is_repeated_while_that_helps(app: AppHarness) -> None:
    app.post.remembers = timedelta(minutes=2)
    owing = await owed(app)
    owing.post.faults = [DeliveryUnknownError("reset")] * 4
    await owing.wait(minutes=50)
    assert await states(owing) == [(DeliveryState.SENT, MOST_ATTEMPTS, POSSIBLE_DUPLICATE)]
    assert {message.key for message in owing.post.sent} == {owing.post.sent[0].key}


async def test_what_is_in_doubt_stays_so_though_the_next_try_is_put_off(owing: AppHarness) -> None:
    owing.post.faults = [DeliveryUnknownError("reset"), TemporaryError("busy")]
    await owing.wait(minutes=50)
    assert await states(owing) == [(DeliveryState.SENT, 3, POSSIBLE_DUPLICATE)]


async def test_a_wait_that_the_platform_asks_for_spends_no_attempt(owing: AppHarness) -> None:
    owing.post.faults = [TemporaryError("slower", timedelta(minutes=1))] * 9
    await owing.wait(minutes=50)
    assert [message.at for message in owing.post.sent] == [at(10, 21)]
    assert await states(owing) == [(DeliveryState.SENT, 1, "")]


@pytest.mark.parametrize("pause", [timedelta(days=11_574), timedelta.max])
async def test_a_pause_without_end_is_tried_after_a_quarter_of_an_hour_and_shown(
    app: AppHarness, pause: timedelta
) -> None:
    app.post.at_once = 1
    owing = await owed(app)
    owing.post.faults = [RateLimitedError("Slack asks to wait", pause)]
    await owing.wait(minutes=20)
    (state,) = owing.scheduler.lanes()
    assert (state.circuit, state.rests_until, state.why) == (Circuit.OPEN, at(10, 27), "Slack asks to wait")
    await owing.wait(minutes=10)
    (state,) = owing.scheduler.lanes()
    assert (state.circuit, state.rests_until) == (Circuit.CLOSED, None)
    assert [message.at for message in owing.post.sent] == [at(10, 27)]
    assert await states(owing) == [(DeliveryState.SENT, 1, "")]


async def test_what_waits_for_a_platform_is_not_put_off_beyond_its_own_end(owing: AppHarness) -> None:
    owing.post.faults = [TemporaryError("slower", timedelta.max)] * 9
    await owing.wait(minutes=65)
    assert await states(owing) == [(DeliveryState.EXPIRED, 1, "too late")]
    # Four tries, and one of the summary of what was missed.
    assert len(owing.post.faults) == 9 - 5


async def test_a_pause_of_the_lane_holds_up_everybody_in_it_and_spends_no_attempt(app: AppHarness) -> None:
    app.post.at_once = 1
    owing = await owed(app)
    await owing.talk_to("bob", "/hotel Venetian", "/attend SEC203")
    owing.post.faults = [RateLimitedError("slower", timedelta(minutes=3))]
    await owing.wait(minutes=50)
    assert [(message.at, message.to) for message in owing.post.sent] == [(at(10, 15), "ada"), (at(10, 15), "bob")]
    assert await states(owing) == [(DeliveryState.SENT, 1, "")]


@pytest.mark.parametrize("fault", [TemporaryError("busy"), ValueError("a bug")])
async def test_what_may_pass_is_tried_again_a_little_later(owing: AppHarness, fault: Exception) -> None:
    owing.post.faults = [fault]
    await owing.wait(minutes=50)
    assert [message.at for message in owing.post.sent] == [at(10, 12) + timedelta(seconds=30)]
    assert await states(owing) == [(DeliveryState.SENT, 2, "")]


async def test_what_never_passes_is_dead_and_not_tried_for_ever(owing: AppHarness) -> None:
    owing.post.faults = [TemporaryError("busy")] * 20
    await owing.wait(minutes=50)
    assert await states(owing) == [(DeliveryState.DEAD, MOST_ATTEMPTS, "busy")]
    assert len(owing.post.faults) == 20 - MOST_ATTEMPTS


async def test_a_fault_of_one_delivery_stops_no_other(app: AppHarness) -> None:
    for user in ("ada", "bob", "cy"):
        app.user = user
        await app.all("/hotel Venetian", "/attend SEC203")
    app.post.faults = [RuntimeError("boom")]
    await app.wait(hours=2, minutes=20)
    assert sorted(message.to for message in app.post.sent) == ["ada", "bob", "cy"]


async def test_what_expired_while_nobody_was_there_is_settled_and_not_sent(owing: AppHarness) -> None:
    await owing.rehearsal.jump(at(11))
    assert owing.post.sent == []
    assert await states(owing) == [(DeliveryState.EXPIRED, 1, "too late")]


async def test_many_batches_are_all_sent_and_recorded(app: AppHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.app.delivery.worker.BATCH", 7)
    monkeypatch.setattr("bot.app.delivery.worker.FIRST_BATCH", 3)
    for number in range(20):
        app.user = f"user{number}"
        await app.all("/hotel Venetian", "/attend SEC203")
    await app.wait(hours=2, minutes=20)
    assert len({message.key for message in app.post.sent}) == len(app.post.sent) == 20
    assert await app.scheduler.next_due() == at(18)


async def test_a_platform_that_takes_its_time_gets_each_message_once(
    owing: AppHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorded = asyncio.Event()
    settle = MemoryDeliveries.record_outcomes

    async def watched(self: MemoryDeliveries, outcomes: Sequence[Outcome]) -> None:
        await settle(self, outcomes)
        recorded.set()

    monkeypatch.setattr(MemoryDeliveries, "record_outcomes", watched)
    await owing.talk_to("bob", "/hotel Venetian", "/attend SEC203")
    first = asyncio.Event()

    async def slow(attendee: Attendee, key: str, kind: str, content: Reply) -> Receipt:
        # The first message is in flight until the outcome of the second has been recorded.
        if not first.is_set():
            first.set()
            await recorded.wait()
        return await FakeMessenger.send(owing.post, attendee, key, kind, content)

    monkeypatch.setattr(owing.scheduler, "messengers", {"console": Through(slow)})
    await owing.rehearsal.jump(at(10, 12))
    assert sorted(message.to for message in owing.post.sent) == ["ada", "bob"]
    assert await states(owing) == [(DeliveryState.SENT, 1, "")]


async def test_when_we_stop_what_is_only_claimed_is_given_back_untried(owing: AppHarness) -> None:
    await owing.talk_to("bob", "/hotel Venetian", "/attend SEC203")

    async def stopping(attendee: Attendee, key: str, kind: str, content: Reply) -> Receipt:
        owing.scheduler.stop()
        return await FakeMessenger.send(owing.post, attendee, key, kind, content)

    owing.scheduler.messengers = {"console": Through(stopping)}
    await owing.rehearsal.jump(at(10, 12))
    assert [message.to for message in owing.post.sent] == ["ada"]
    async with owing.store.read_transaction() as work:
        (bob,) = [attendee for attendee in (await work.people.by_id(range(99))).values() if attendee.user == "bob"]
        first = (await work.deliveries.of_attendee(bob.id))[0]
        assert (first.state, first.attempt) == (DeliveryState.OWED, 0)
        assert await work.deliveries.next_due(owing.scheduler.scopes) == at(10, 12)


async def test_what_was_not_begun_in_three_quarters_of_the_lease_is_left_to_the_next_claim(owing: AppHarness) -> None:
    await owing.talk_to("bob", "/hotel Venetian", "/attend SEC203")
    attempts: list[str] = []

    async def dawdling(attendee: Attendee, key: str, kind: str, content: Reply) -> Receipt:
        attempts.append(attendee.user)
        owing.clock.move_to(owing.clock.now() + owing.scheduler.lease)
        return await FakeMessenger.send(owing.post, attendee, key, kind, content)

    owing.scheduler.messengers = {"console": Through(dawdling)}
    await owing.rehearsal.jump(at(10, 12))
    assert attempts == ["ada", "bob"]
    async with owing.store.read_transaction() as work:
        people = (await work.people.by_id(range(99))).values()
        settled = {person.user: (await work.deliveries.of_attendee(person.id))[0] for person in people}
    assert {user: (delivery.state, delivery.attempt) for user, delivery in settled.items()} == {
        "ada": (DeliveryState.SENT, 1),
        "bob": (DeliveryState.SENT, 1),
    }


async def test_a_message_that_no_platform_would_take_is_set_aside_at_once(owing: AppHarness) -> None:
    owing.post.faults = [InvalidMessageError("too long")]
    await owing.wait(minutes=50)
    assert await states(owing) == [(DeliveryState.DEAD, 1, "too long")]


async def post(app: AppHarness, channel: str = "general") -> None:
    """Something is owed to a channel of the club at 9."""
    async with app.store.write_transaction() as work:
        club = await work.communities.add("console", "club")
        facts = {"conference": "cloud21", "why": "It loses 3 sessions"}
        place = ChannelTarget(club.id, channel)
        await work.deliveries.add(
            [(club, nudge(0, channel, at(9), kind=NudgeKind.SCHEDULE_HELD, facts=facts, place=place))], at(8)
        )


async def test_a_channel_is_sent_a_message_that_is_about_nobody(app: AppHarness) -> None:
    await post(app)
    assert await app.wait(hours=1) == [("Mon 09:00", "#general", "schedule-held")]
    assert "It loses 3 sessions" in app.messages()[0]
    assert await app.scheduler.next_due() is None


async def test_a_channel_that_refuses_is_nobodys_refusal(app: AppHarness) -> None:
    await post(app)
    app.post.faults = [RecipientUnreachableError("I cannot write in that channel")]
    await app.wait(hours=1)
    assert (app.post.sent, await app.scheduler.next_due()) == ([], None)


async def test_where_a_message_stands_is_recorded_with_it(owing: AppHarness) -> None:
    await owing.wait(minutes=50)
    async with owing.store.read_transaction() as work:
        attendee = await work.people.find("console", "club", "ada")
        assert attendee
        sent = (await work.deliveries.of_attendee(attendee.id))[0]
    assert (sent.channel, sent.message) == ("ada", "m1")


async def test_a_channel_of_a_community_that_was_left_is_sent_nothing(app: AppHarness) -> None:
    await post(app)
    async with app.store.write_transaction() as work:
        club = await work.communities.add("console", "club")
        (taken,) = await work.deliveries.claim(app.scheduler.scopes, at(9), at(9), 10)
        assert taken.nudge.place == ChannelTarget(club.id, "general")
    async with app.store.write_transaction() as work:
        await work.communities.save(replace(club, left_at=at(8)))
    await app.wait(hours=1)
    assert app.post.sent == []
