"""What one person, and one community, may ask: pure budgets on a clock of the test, and what the people see."""

import asyncio
from dataclasses import dataclass, field, replace

import pytest

from bot.app.dispatcher import CommandLimits
from bot.app.dispatcher.fair_slots import SLOTS, FairSlots, NoSlotError
from bot.app.dispatcher.limits import MOST_PEOPLE, Budget
from bot.app.messages import Reply, Request
from tests.fakes.app_harness import AppHarness
from tests.fakes.metrics import FakeMetrics

ADA, BOB = ("discord", "ada"), ("discord", "bob")


def test_a_burst_is_allowed_and_then_a_steady_rate() -> None:
    budget = Budget(burst=5, a_second=1)
    assert [budget.take(ADA, 100.0) for _ in range(6)] == [0, 0, 0, 0, 0, 1]
    assert budget.take(ADA, 100.5) == 0.5
    assert [budget.take(ADA, 101.0 + second) for second in range(50)] == [0] * 50
    assert budget.take(ADA, 150.0) == 1
    assert [budget.take(ADA, 1_000.0) for _ in range(6)] == [0, 0, 0, 0, 0, 1]


def test_a_refused_command_makes_nobody_wait_longer() -> None:
    budget = Budget(burst=2, a_second=1)
    assert [budget.take(ADA, 0.0) for _ in range(1_000)][-1] == 1
    assert budget.take(ADA, 1.0) == 0


def test_people_have_budgets_of_their_own() -> None:
    budget = Budget(burst=1, a_second=1)
    assert [budget.take(person, 0.0) for person in (ADA, BOB, ADA, BOB)] == [0, 0, 1, 1]


def test_the_memory_of_people_is_bounded() -> None:
    budget = Budget(burst=1, a_second=1)
    for number in range(MOST_PEOPLE + 1_000):
        budget.take(("discord", str(number)), 0.0)
    assert len(budget._full_at) == MOST_PEOPLE


# Fair slots.


@dataclass
class Queue:
    """Commands that end when the test says so; `started` is the order in which they began."""

    slots: FairSlots
    started: list[str] = field(default_factory=list)
    gates: dict[str, asyncio.Event] = field(default_factory=dict)

    async def run(self, name: str) -> None:
        gate = self.gates[name] = asyncio.Event()
        async with self.slots.slot(("slack", name[0])):
            self.started.append(name)
            await gate.wait()

    async def begun(self, *names: str) -> list[asyncio.Task[None]]:
        tasks = [asyncio.create_task(self.run(name)) for name in names]
        await asyncio.sleep(0)
        return tasks

    async def end(self, name: str) -> None:
        self.gates[name].set()
        for _ in range(4):
            await asyncio.sleep(0)


async def test_communities_take_turns_however_many_people_ask_in_one_of_them() -> None:
    queue = Queue(FairSlots(free=1))
    tasks = await queue.begun("a1", "a2", "a3", "a4", "a5", "b1", "c1", "b2")
    for _ in tasks:
        await queue.end(queue.started[-1])
    assert queue.started == ["a1", "a2", "b1", "c1", "a3", "b2", "a4", "a5"]
    await asyncio.gather(*tasks)
    assert queue.slots.free == 1


async def test_a_slow_command_gives_its_slot_away_and_gives_it_once() -> None:
    queue = Queue(FairSlots(free=1, slot_time=0))
    tasks = await queue.begun("a1", "a2", "a3")
    async with asyncio.timeout(60):
        while len(queue.started) < len(tasks):  # noqa: ASYNC110 — each turn of the loop gives one slot away
            await asyncio.sleep(0)
    assert queue.started == ["a1", "a2", "a3"]
    for name in queue.started:
        await queue.end(name)
    await asyncio.gather(*tasks)
    assert queue.slots.free == 1


async def test_a_community_with_too_many_waiting_is_refused_and_another_is_not() -> None:
    queue = Queue(FairSlots(free=1, max_waiting=2))
    tasks = await queue.begun("a1", "a2", "a3")
    with pytest.raises(NoSlotError):
        await queue.run("a4")
    tasks += await queue.begun("b1")
    for _ in tasks:
        await queue.end(queue.started[-1])
    assert queue.started == ["a1", "a2", "b1", "a3"]


async def test_nobody_waits_for_ever_and_who_gives_up_keeps_no_slot() -> None:
    queue = Queue(FairSlots(free=1, max_wait=0.01))
    first, late, cancelled = await queue.begun("a1", "a2", "b1")
    cancelled.cancel()
    with pytest.raises(NoSlotError):
        await late
    with pytest.raises(asyncio.CancelledError):
        await cancelled
    assert queue.slots._waiting == {}
    await queue.end("a1")
    await first
    assert queue.slots.free == 1


async def test_a_slot_that_comes_as_somebody_gives_up_goes_to_the_next() -> None:
    queue = Queue(FairSlots(free=1))
    first, gives_up, last = await queue.begun("a1", "a2", "a3")
    queue.gates["a1"].set()
    await asyncio.sleep(0)
    gives_up.cancel()
    await asyncio.gather(first, gives_up, return_exceptions=True)
    await asyncio.sleep(0)
    await queue.end("a3")
    await last
    assert (queue.started, queue.slots.free) == (["a1", "a3"], 1)


# What people see.


@dataclass
class Limited:
    """A conference whose dispatcher has limits, on a clock of the test."""

    app: AppHarness
    now: float = 0.0
    metrics: FakeMetrics = field(default_factory=FakeMetrics)

    def __post_init__(self) -> None:
        limits = CommandLimits(lambda: self.now)
        self.app.dispatch = replace(self.app.dispatch, limits=limits, metrics=self.metrics)


@pytest.fixture
def limited(app: AppHarness) -> Limited:
    return Limited(app)


async def test_a_flood_is_answered_with_one_sentence_and_others_are_answered(limited: Limited) -> None:
    app = limited.app
    answers = [await app.say("/session ARC301") for _ in range(200)]
    assert len(set(answers[:10])) == 1
    assert set(answers[10:]) == {"That was a lot at once: try again in 1 s."}
    assert limited.metrics.refused == {"person": 190}
    app.user = "bob"
    assert await app.say("/session ARC301") == answers[0]
    app.user, limited.now = "ada", 1.0
    assert await app.say("/session ARC301") == answers[0]


async def test_a_refused_command_changes_nothing(limited: Limited) -> None:
    app = limited.app
    for _ in range(10):
        await app.say("/now")
    assert await app.say("/attend ARC301") == "That was a lot at once: try again in 1 s."
    limited.now = 60.0
    assert "ARC301" not in await app.say("/agenda")


async def test_a_person_has_one_budget_in_all_communities(limited: Limited) -> None:
    app = limited.app
    for number in range(10):
        app.tenant = f"club {number}"
        await app.say("/now")
    app.tenant = "another club"
    assert await app.say("/now") == "That was a lot at once: try again in 1 s."


async def test_suggestions_stop_silently(limited: Limited) -> None:
    request = Request("console", "club", "ada", "session")
    found = [await limited.app.dispatch.suggest(request, "code", "ARC") for _ in range(21)]
    assert all(found[:20])
    assert found[20] == ()
    assert await limited.app.dispatch.suggest(replace(request, user="bob"), "code", "ARC")


async def test_what_hallway_asks_by_itself_costs_a_person_nothing(limited: Limited) -> None:
    request = Request("console", "club", "ada", "now", glance=True)
    replies = [await limited.app.dispatch.handle(request) for _ in range(30)]
    assert not any(reply.is_error for reply in replies)


async def test_a_crowded_community_is_told_so(limited: Limited) -> None:
    assert limited.app.dispatch.limits
    limited.app.dispatch.limits.slots = FairSlots(free=0, max_waiting=0)
    assert await limited.app.say("/now") == "Many people are asking me something right now. Try again in a minute."
    assert limited.metrics.refused == {"community": 1}


async def test_a_conference_of_thousands_may_ask_all_at_once(limited: Limited) -> None:
    async def ask(number: int) -> Reply:
        return await limited.app.dispatch.handle(Request("console", "club", f"user{number}", "now"))

    replies = await asyncio.gather(*(ask(number) for number in range(500)))
    assert not any(reply.is_error for reply in replies)
    assert limited.app.dispatch.limits
    assert limited.app.dispatch.limits.slots.free == SLOTS
