"""Lanes: urgent deliveries overtake, a peak starts in time, a failing lane delays no other, and nothing is lost."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.app.command_spec import NudgeTemplate, RenderContext
from bot.app.delivery.circuit_breaker import Circuit
from bot.app.delivery.leases import LATE_RECORDS, RENEWAL_SECONDS, LeaseManager
from bot.app.delivery.scheduler import HEAD_START, DeliveryJob
from bot.app.delivery.sender import DeliverySender
from bot.app.delivery.worker import RETRY_AFTER
from bot.app.messages import Reply
from bot.app.ports import Commits, DeliveryFilter, DeliveryState, Lane, RateLimitedError, Timer
from bot.app.runtime.job_loop import JobLoop
from bot.domain.attendee.attendee import Community
from bot.domain.errors import StoreError
from bot.domain.nudges.nudge import NudgeKind
from tests.builders import SEC, at, nudge
from tests.fakes.app_harness import AppHarness, FrozenClock
from tests.fakes.lane_messenger import TEN, LaneMessenger, lanes, owe
from tests.fakes.memory_store import MemoryStore


async def test_a_slow_lane_holds_up_no_other(app: AppHarness) -> None:
    gate = asyncio.Event()

    async def slow(user: str) -> None:
        if user == "slow":
            await gate.wait()

    post = lanes(app, before=slow)
    await owe(app, "slow", nudge(0, "", at(9)), tenant="one")
    await owe(app, "quick", nudge(0, "", at(9)), tenant="two")
    app.clock.move_to(at(9))
    going = await app.scheduler.begin_due()
    assert len(going) == 2
    await asyncio.wait(going, return_when=asyncio.FIRST_COMPLETED)
    assert [message.to for message in post.sent] == ["quick"]
    # Its lane goes on with what comes due meanwhile, though one recipient takes long.
    await owe(app, "other", nudge(0, "", at(9)), tenant="one")
    await app.scheduler.begin_due()
    while len(post.sent) < 2:  # noqa: ASYNC110 — steps of the loop are what is waited for
        await asyncio.sleep(0)
    assert [message.to for message in post.sent] == ["quick", "other"]
    assert [state.under_way for state in app.scheduler.lanes()] == [1, 0]
    gate.set()
    await asyncio.gather(*going)
    assert [message.to for message in post.sent] == ["quick", "other", "slow"]


async def test_what_becomes_more_urgent_overtakes_nearly_everything_that_waits(app: AppHarness) -> None:
    turns = asyncio.Semaphore(0)

    async def paced(_: str) -> None:
        await turns.acquire()

    post = lanes(app, before=paced, a_second=4, at_once=1)
    for number in range(40):
        await owe(app, f"late{number}", nudge(0, "", at(9, 30)))
    app.clock.move_to(at(9, 30))
    (going,) = await app.scheduler.begin_due()
    turns.release()
    while not post.sent:  # noqa: ASYNC110 — as above
        await asyncio.sleep(0)
    await owe(app, "urgent", nudge(0, "", at(9)))
    for _ in range(60):
        turns.release()
    await going
    assert [message.to for message in post.sent].index("urgent") <= 7
    assert len({message.key for message in post.sent}) == 41


async def test_a_pause_of_one_lane_is_nothing_to_another(app: AppHarness) -> None:
    post = lanes(app)
    await owe(app, "one", nudge(0, "", at(9)), tenant="one")
    app.clock.move_to(at(9))
    post.faults = [RateLimitedError("slower", timedelta(minutes=5))]
    await app.scheduler.run_due()
    await owe(app, "two", nudge(0, "", at(9)), tenant="two")
    await app.scheduler.run_due()
    assert [message.to for message in post.sent] == ["two"]
    assert await app.scheduler.next_due() == at(9, 5)


async def test_a_peak_is_begun_just_in_time_and_nothing_else_is_early(app: AppHarness) -> None:
    post = lanes(app, a_second=2, at_once=1)
    for number in range(240):
        await owe(app, f"user{number}", nudge(0, "", at(9, 30), early=TEN))
    await owe(app, "later", nudge(0, "", at(9, 45), early=TEN))
    begins = at(9, 28) - HEAD_START
    assert await app.scheduler.next_due() == at(9, 30), "nobody has looked yet"
    app.clock.move_to(at(9, 20))
    assert await app.scheduler.run_due() == 0
    assert await app.scheduler.next_due() == begins
    app.clock.move_to(begins)
    assert await app.scheduler.run_due() == 240
    assert len(post.sent) == 240
    assert {message.at for message in post.sent} == {begins}
    assert await app.scheduler.next_due() == at(9, 45)


async def test_where_the_clock_runs_fast_a_peak_begins_earlier_and_where_it_stands_never(app: AppHarness) -> None:
    lanes(app, a_second=2, at_once=1)
    for number in range(60):
        await owe(app, f"user{number}", nudge(0, "", at(9, 30), early=TEN))
    app.clock.move_to(at(9, 20))
    app.scheduler.speed = 10
    await app.scheduler.begin_due()
    assert await app.scheduler.next_due() == at(9, 25) - HEAD_START * 10
    app.scheduler.speed, app.scheduler._forecasts = 0, {}
    await app.scheduler.begin_due()
    assert await app.scheduler.next_due() == at(9, 30)


async def test_a_peak_that_is_too_high_is_told_once(app: AppHarness, capsys: pytest.CaptureFixture[str]) -> None:
    lanes(app, a_second=1, at_once=1)
    for number in range(700):
        await owe(app, f"user{number}", nudge(0, "", at(9, 30), early=TEN))
    app.clock.move_to(at(9, 10))
    for _ in range(2):
        await app.scheduler.begin_due()
    output = capsys.readouterr().out
    assert output.count("a peak is too high") == 1
    assert "late=95" in output


async def test_one_message_that_is_late_is_no_peak(app: AppHarness, capsys: pytest.CaptureFixture[str]) -> None:
    lanes(app, a_second=1, at_once=1)
    await owe(app, "ada", nudge(0, "", at(8, 20)))
    app.clock.move_to(at(9, 10))
    await app.scheduler.begin_due()
    assert "a peak is too high" not in capsys.readouterr().out


async def test_nothing_is_begun_in_a_lane_that_somebody_else_looks_after(app: AppHarness) -> None:
    post = lanes(app)
    shared = MemoryStore()
    ours, theirs = LeaseManager("a", ["console"]), LeaseManager("b", ["console"])
    theirs.want(["console:one"])
    await theirs.renew(shared)
    app.scheduler.leases = ours
    await owe(app, "one", nudge(0, "", at(9)), tenant="one")
    await owe(app, "two", nudge(0, "", at(9)), tenant="two")
    app.clock.move_to(at(9))
    assert await app.scheduler.run_due() == 0, "nothing is ours before it is sure"
    await ours.renew(shared)
    await app.scheduler.run_due()
    assert [message.to for message in post.sent] == ["two"]
    assert await app.scheduler.next_due() is None
    await theirs.leave(shared)
    await ours.renew(shared)
    await app.scheduler.run_due()
    assert [message.to for message in post.sent] == ["two", "one"]


async def test_a_lane_that_is_lost_gives_back_what_it_has_in_hand(app: AppHarness) -> None:
    post = lanes(app, at_once=1)
    leases, shared = LeaseManager("a", ["console"]), MemoryStore()
    leases.want(["console:club"])
    await leases.renew(shared)
    app.scheduler.leases = leases

    async def losing(_: str) -> None:
        leases._held = frozenset()

    post.before = losing
    for number in range(3):
        await owe(app, f"user{number}", nudge(0, "", at(9)))
    app.clock.move_to(at(9))
    await app.scheduler.run_due()
    assert len(post.sent) == 1
    async with app.store.read_transaction() as work:
        people = await work.people.by_id(range(1, 99))
        states = [(await work.deliveries.of_attendee(id_))[0].state for id_ in people]
    assert sorted(states) == [DeliveryState.OWED, DeliveryState.OWED, DeliveryState.SENT]


@pytest.mark.parametrize(("steady", "waits"), [(True, timedelta()), (False, timedelta(seconds=LATE_RECORDS))])
async def test_what_a_dead_process_had_in_hand_does_not_wait_for_its_lease(
    app: AppHarness, waits: timedelta, *, steady: bool
) -> None:
    post, shared, now = lanes(app), MemoryStore(), [0.0]
    dead, ours = LeaseManager("dead", ["console"], lease_seconds=0), LeaseManager("ours", ["console"], lambda: now[0])
    for leases in (dead, ours):
        leases.want(["console:club"])
    await owe(app, "ada", nudge(0, "", at(9)))
    async with app.store.write_transaction() as work:
        assert await work.deliveries.claim([DeliveryFilter("console")], at(9), at(9, 2), 9)
    app.scheduler.leases = ours
    app.clock.move_to(at(9))
    if steady:
        await ours.renew(shared)
        await ours.leave(shared)
        now[0] += RENEWAL_SECONDS + 1
    await dead.renew(shared)
    await ours.renew(shared)
    assert await app.scheduler.next_due() == at(9, 2)
    await app.scheduler.run_due()
    if waits:
        assert (post.sent, await app.scheduler.next_due()) == ([], at(9) + waits)
        app.clock.move_to(at(9) + waits)
        await app.scheduler.run_due()
    assert [message.to for message in post.sent] == ["ada"]
    assert await app.scheduler.next_due() is None


@dataclass
class Failing:
    """A store whose next transactions that write fail, after those that still work."""

    store: Any
    faults: int = 0
    working: int = 0
    commits: Commits = field(default_factory=Commits)

    def read_transaction(self) -> Any:
        return self.store.read_transaction()

    @asynccontextmanager
    async def write_transaction(self) -> AsyncIterator[Any]:
        if self.working:
            self.working -= 1
        elif self.faults:
            self.faults -= 1
            raise StoreError("the disk is full")
        async with self.store.write_transaction() as work:
            yield work


async def test_nothing_is_sent_without_a_claim_that_is_kept_and_it_goes_on_by_itself(app: AppHarness) -> None:
    store = Failing(app.store, 1)
    app.scheduler.store = app.scheduler.outcomes.store = store
    post = lanes(app)
    await owe(app, "ada", nudge(0, "", at(9)))
    app.clock.move_to(at(9))
    assert await app.scheduler.run_due() == 0
    assert post.sent == []
    assert await app.scheduler.next_due() == at(9) + RETRY_AFTER
    app.clock.move_to(at(9) + RETRY_AFTER)
    await app.scheduler.run_due()
    assert [message.to for message in post.sent] == ["ada"]


async def test_what_was_claimed_is_sent_if_the_claim_beside_its_reading_fails(
    app: AppHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.app.delivery.worker.FIRST_BATCH", 1)
    app.scheduler.store = app.scheduler.outcomes.store = Failing(app.store, faults=1, working=1)
    read = DeliverySender.prepare

    async def slowly(*args: Any) -> Any:
        # Until the claim has failed, and a little longer.
        for _ in range(20):
            await asyncio.sleep(0)
        return await read(*args)

    monkeypatch.setattr(DeliverySender, "prepare", slowly)
    post = lanes(app)
    await owe(app, "ada", nudge(0, "", at(9)))
    await owe(app, "bob", nudge(0, "", at(9)))
    app.clock.move_to(at(9))
    assert await app.scheduler.run_due() == 1
    assert [message.to for message in post.sent] == ["ada"]
    app.clock.move_to(at(9) + RETRY_AFTER)
    await app.scheduler.run_due()
    assert [message.to for message in post.sent] == ["ada", "bob"]


async def test_what_cannot_be_recorded_now_is_recorded_later_and_not_sent_again(app: AppHarness) -> None:
    store = Failing(app.store)
    app.scheduler.store = app.scheduler.outcomes.store = store
    post = lanes(app)

    async def failing(_: str) -> None:
        store.faults = 3

    post.before = failing
    await owe(app, "ada", nudge(0, "", at(9)))
    app.clock.move_to(at(9))
    with pytest.raises(StoreError):
        await app.scheduler.run_due()
    assert app.scheduler.outcomes.pending == 1
    store.faults = 0
    app.clock.move_to(at(9, 5))
    await app.scheduler.run_due()
    assert app.scheduler.outcomes.pending == 0
    assert [message.to for message in post.sent] == ["ada"]


async def test_a_fault_of_the_program_waits_for_what_is_in_flight_and_is_not_hidden(
    app: AppHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = lanes(app)
    await owe(app, "ada", nudge(0, "", at(9)))
    app.clock.move_to(at(9))

    async def broken(*_: object) -> None:
        raise KeyError("a bug")

    monkeypatch.setattr("bot.app.delivery.sender.DeliverySender.prepare", broken)
    with pytest.raises(KeyError, match="a bug"):
        await app.scheduler.run_due()
    monkeypatch.undo()
    app.clock.move_to(at(9, 3))
    await app.scheduler.run_due()
    assert [(message.to, message.at) for message in post.sent] == [("ada", at(9, 3))]


async def test_what_others_have_claimed_is_looked_at_again_a_little_later(app: AppHarness) -> None:
    lanes(app)
    await owe(app, "ada", nudge(0, "", at(9)))
    app.clock.move_to(at(9))
    await app.scheduler._due_lanes(at(9))
    async with app.store.write_transaction() as work:
        (taken,) = await work.deliveries.claim([DeliveryFilter("console")], at(9), at(9), 9)
    assert taken.attempt == 1
    runner_scope = app.scheduler._worker(*(await app.scheduler._due_lanes(at(9)))[0][:2])
    runner_scope.scope = DeliveryFilter("nobody")
    assert await app.scheduler.run_due() == 0
    (state,) = app.scheduler.lanes()
    assert state.why == "somebody else has claimed what is due"


@pytest.mark.parametrize("step", [timedelta(hours=-1), timedelta(minutes=20)])
async def test_a_clock_that_is_set_sends_nothing_twice_and_drops_nothing_that_is_of_use(
    app: AppHarness, step: timedelta
) -> None:
    post = lanes(app, at_once=1)

    async def stepping(user: str) -> None:
        if user == "user1":
            app.clock.move_to(app.clock.now() + step)

    post.before = stepping
    for number in range(5):
        await owe(app, f"user{number}", nudge(0, "", at(10)))
    app.clock.move_to(at(10))
    await app.scheduler.run_due()
    app.clock.move_to(at(10, 30))
    await app.scheduler.run_due()
    assert sorted(message.to for message in post.sent) == [f"user{number}" for number in range(5)]


@dataclass
class OneShot(Timer):
    """Rings once something is due, as soon as the test lets time pass."""

    clock: FrozenClock
    asked: list[datetime | None] = field(default_factory=list)

    def wake_at(self, moment: datetime | None) -> None:
        self.asked.append(moment)


async def test_no_wake_up_is_lost_however_additions_and_looks_fall_together(app: AppHarness) -> None:
    post = lanes(app)
    app.clock.move_to(at(9))
    wake_event = asyncio.Event()
    ticker = JobLoop(DeliveryJob(app.scheduler, wake_event.set), app.clock, OneShot(app.clock), wake_event)
    task = asyncio.create_task(ticker.run())
    for number in range(120):
        # A different number of steps each time, so that an addition falls into every gap of a look.
        for _ in range(number % 40):
            await asyncio.sleep(0)
        await owe(app, f"user{number}", nudge(0, "", at(9)))
        ticker.wake()
    async with asyncio.timeout(60):
        while len(post.sent) < 120:  # noqa: ASYNC110 — no alarm helps: only rings do
            await asyncio.sleep(0)
    ticker.stop()
    await task
    await app.scheduler.finish(5)
    assert len({message.to for message in post.sent}) == 120


async def test_what_a_platform_does_not_answer_for_is_left_claimed_when_we_stop(app: AppHarness) -> None:
    async def never(_: str) -> None:
        await asyncio.Event().wait()

    lanes(app, before=never)
    await owe(app, "ada", nudge(0, "", at(9)))
    app.clock.move_to(at(9))
    (going,) = await app.scheduler.begin_due()
    while not app.scheduler.lanes()[0].under_way:  # noqa: ASYNC110 — as above
        await asyncio.sleep(0)
    app.scheduler.stop()
    assert await app.scheduler.begin_due() == []
    await app.scheduler.finish(0.01)
    assert going.cancelled()
    async with app.store.read_transaction() as work:
        (left,) = await work.deliveries.of_attendee(next(iter(await work.people.by_id(range(9)))))
    assert left.state is DeliveryState.CLAIMED


async def test_an_answer_that_never_comes_is_a_doubt(app: AppHarness) -> None:
    app.scheduler.send_seconds = 0.01

    async def never(_: str) -> None:
        await asyncio.Event().wait()

    lanes(app, before=never)
    await owe(app, "ada", nudge(0, "", at(9)))
    app.clock.move_to(at(9))
    await app.scheduler.run_due()
    async with app.store.read_transaction() as work:
        (left,) = await work.deliveries.of_attendee(next(iter(await work.people.by_id(range(9)))))
    assert (left.state, left.possibly_sent) == (DeliveryState.UNCERTAIN, True)


async def test_what_waits_for_its_platform_is_not_sent_once_its_time_is_over(app: AppHarness) -> None:
    async def never(_: str) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            # While it waited for its turn its session has begun.
            app.clock.move_to(SEC.starts_at)

    post = lanes(app, before=never)
    for number in range(8):
        await owe(app, f"user{number}", nudge(0, "", at(9)))
    app.clock.move_to(SEC.starts_at - timedelta(milliseconds=20))
    await app.scheduler.run_due()
    assert post.sent == []
    assert [lane.circuit for lane in app.scheduler.lanes()] == [Circuit.CLOSED], "that is no fault of the platform"
    async with app.store.read_transaction() as work:
        left = [(await work.deliveries.of_attendee(id_))[0] for id_ in await work.people.by_id(range(30))]
    assert {(delivery.state, delivery.possibly_sent) for delivery in left} == {(DeliveryState.UNCERTAIN, True)}
    assert await app.scheduler.next_due() is None


async def test_what_kills_us_again_and_again_is_set_aside(app: AppHarness) -> None:
    post = lanes(app)
    await owe(app, "ada", nudge(0, "", at(9)))
    async with app.store.write_transaction() as work:
        for lost in range(10):
            moment = at(9, lost)
            assert await work.deliveries.claim([DeliveryFilter("console")], moment, moment + timedelta(minutes=1), 9)
    app.clock.move_to(at(9, 10))
    await app.scheduler.run_due()
    assert post.sent == []
    async with app.store.read_transaction() as work:
        (left,) = await work.deliveries.of_attendee(next(iter(await work.people.by_id(range(9)))))
    assert (left.state, left.error) == (DeliveryState.DEAD, "tried too often")


async def test_where_nobody_can_send_everything_is_settled(app: AppHarness) -> None:
    await owe(app, "ada", nudge(0, "", at(9)))
    app.scheduler.messengers = {}
    app.clock.move_to(at(11, 30))
    await app.scheduler.run_due()
    async with app.store.read_transaction() as work:
        (left,) = await work.deliveries.of_attendee(next(iter(await work.people.by_id(range(9)))))
    assert left.state is DeliveryState.EXPIRED


async def test_a_fault_in_a_lane_of_its_own_is_written_down_and_the_lane_rests(
    app: AppHarness, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lanes(app)
    await owe(app, "ada", nudge(0, "", at(9)))
    app.clock.move_to(at(9))

    async def broken(*_: object) -> None:
        raise KeyError("a bug")

    monkeypatch.setattr("bot.app.delivery.sender.DeliverySender.prepare", broken)
    wake_event = asyncio.Event()
    assert await DeliveryJob(app.scheduler, wake_event.set).run_due() == 1
    await asyncio.wait_for(wake_event.wait(), 60)
    assert "a lane failed" in capsys.readouterr().out
    assert await DeliveryJob(app.scheduler, wake_event.set).next_due() == at(9) + app.scheduler.lease


class Shared(LaneMessenger):
    """All communities are in one lane."""

    def lane(self, community: Community) -> Lane:
        return Lane("shared", DeliveryFilter("console"), 4, 1)


async def test_what_is_in_hand_goes_in_the_order_of_its_claims_where_it_is_equally_urgent(app: AppHarness) -> None:
    turns = asyncio.Semaphore(0)

    async def paced(_: str) -> None:
        await turns.acquire()

    post = Shared(app.clock, before=paced)
    app.scheduler.messengers = {"console": post}
    app.scheduler.texts = {kind: NudgeTemplate(kind, fixed) for kind in NudgeKind}
    for number in range(40):
        await announced(app, f"big{number}", "club", at(9))
    for number in range(5):
        await announced(app, f"small{number}", "small", at(9, 5))
    app.clock.move_to(at(9, 5))
    for _ in range(45):
        turns.release()
    await app.scheduler.run_due()
    places = [number for number, message in enumerate(post.sent) if message.to.startswith("small")]
    assert len(post.sent) == 45
    assert places[-1] < 16, "not behind the forty"


async def announced(app: AppHarness, user: str, tenant: str, due: datetime) -> None:
    async with app.store.write_transaction() as work:
        attendee = await work.people.join("console", tenant, user)
        owed = nudge(attendee.id, "1", due, kind=NudgeKind.ANNOUNCEMENT)
        await work.deliveries.add([(attendee.community, owed)], app.clock.now())


async def fixed(_: RenderContext) -> Reply:
    return Reply((("Lunch is in hall B.",),))
