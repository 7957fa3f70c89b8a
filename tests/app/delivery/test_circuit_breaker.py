"""A platform that fails again and again is left alone for a while, then tried with one message."""

from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from bot.app.delivery.circuit_breaker import FAILURES, FIRST_REST, LONGEST_REST, Circuit, CircuitBreaker
from bot.app.delivery.sender import POSSIBLE_DUPLICATE
from bot.app.ports import DeliveryState, DeliveryUnknownError, TemporaryError
from bot.app.runtime.metrics import NoMetrics
from bot.domain.nudges.retry import FIRST, LONGEST, SOONEST, retry_at
from tests.builders import at
from tests.fakes.app_harness import AppHarness


def failing(breaker: CircuitBreaker, times: int, minute: int = 0) -> None:
    for _ in range(times):
        breaker.failed(at(9, minute), "reset", 1.0)


def test_a_few_failures_with_an_answer_between_them_open_nothing() -> None:
    breaker = CircuitBreaker()
    failing(breaker, FAILURES - 1)
    breaker.answered()
    failing(breaker, FAILURES - 1)
    assert (breaker.circuit, breaker.rests(at(9))) == (Circuit.CLOSED, False)


def test_many_in_a_row_open_it_and_one_try_closes_it() -> None:
    breaker = CircuitBreaker()
    failing(breaker, FAILURES + 3)
    assert (breaker.circuit, breaker.rests(at(9))) == (Circuit.OPEN, True)
    assert breaker.rest
    assert (breaker.rest.until, breaker.rest.why) == (at(9) + FIRST_REST, "reset")
    assert not breaker.rests(at(9) + FIRST_REST)
    tried = breaker.circuit
    breaker.answered()
    assert (tried, breaker.circuit) == (Circuit.HALF_OPEN, Circuit.CLOSED)


def test_a_try_that_fails_opens_it_for_twice_as_long_up_to_a_limit() -> None:
    breaker, now, rests = CircuitBreaker(), at(9), []
    failing(breaker, FAILURES)
    for _ in range(7):
        assert breaker.rest
        rests.append(breaker.rest.span)
        now = breaker.rest.until
        assert not breaker.rests(now)
        breaker.failed(now, "reset", 1.0)
    assert rests == [min(FIRST_REST * 2**n, LONGEST_REST) for n in range(7)]


@pytest.mark.parametrize("span", [timedelta(minutes=15), timedelta(days=11_574), timedelta.max])
def test_a_long_pause_that_the_platform_asks_for_is_bounded_shown_and_then_tried(span: timedelta) -> None:
    breaker = CircuitBreaker()
    seen: list[object] = []
    for minute in (0, 15):
        breaker.pause(at(9, minute), span, "Slack asks to wait")
        seen.append((breaker.circuit, breaker.rests(at(9, minute + 14)), breaker.rests(at(9, minute + 15))))
        seen.append(breaker.circuit)
    breaker.answered()
    assert seen == [(Circuit.OPEN, True, False), Circuit.HALF_OPEN] * 2
    assert breaker.circuit is Circuit.CLOSED


def test_a_short_pause_is_no_failure() -> None:
    breaker = CircuitBreaker()
    breaker.pause(at(9), timedelta(seconds=59), "Slack asks to wait")
    assert (breaker.circuit, breaker.rests(at(9))) == (Circuit.CLOSED, True)


def test_the_dice_spread_those_who_come_back() -> None:
    breaker = CircuitBreaker()
    for _ in range(FAILURES):
        breaker.failed(at(9), "reset", 0.0)
    assert breaker.rest
    assert breaker.rest.span == FIRST_REST / 2


def test_a_clock_that_is_set_back_ends_a_rest() -> None:
    breaker = CircuitBreaker()
    breaker.pause(at(9), timedelta(minutes=5), "asked")
    assert breaker.rests(at(9, 4))
    assert not breaker.rests(at(8))


def test_the_longer_of_two_rests_counts_and_a_fast_clock_rests_longer() -> None:
    breaker = CircuitBreaker(speed=60)
    breaker.pause(at(9), timedelta(seconds=10), "asked")
    breaker.pause(at(9), timedelta(seconds=5), "asked again")
    assert breaker.rest
    assert (breaker.rest.until, breaker.rest.why) == (at(9, 10), "asked")


@pytest.mark.parametrize(
    ("attempt", "jitter", "wait"),
    [
        (1, 1.0, FIRST),
        (2, 1.0, FIRST * 2),
        (9, 1.0, LONGEST),
        (30, 0.5, LONGEST / 2),
        (3, 0.0, SOONEST),
    ],
)
def test_each_try_is_later_than_the_last_and_somewhere_within(attempt: int, jitter: float, wait: timedelta) -> None:
    assert retry_at(at(9), at(12), attempt, jitter) == at(9) + wait


def test_a_try_comes_before_it_would_be_too_late() -> None:
    assert retry_at(at(9), at(9, 1), 5, 1.0) == at(9) + timedelta(seconds=30)
    assert retry_at(at(9), at(9), 1, 1.0) == at(9) + SOONEST


async def crowd(app: AppHarness, people: int) -> AppHarness:
    for number in range(people):
        await app.talk_to(f"user{number}", "/hotel Venetian", "/attend SEC203")
    return app


async def test_in_an_outage_few_attempts_are_spent_and_all_is_sent_afterwards(app: AppHarness) -> None:
    app.post.at_once = 1
    await crowd(app, 20)
    app.post.faults = [TemporaryError("no connection")] * (FAILURES + 3)
    await app.wait(hours=2, minutes=12)
    assert len(app.post.faults) == 3
    (state,) = app.scheduler.lanes()
    assert (state.circuit, state.queued, state.under_way, state.why) == (Circuit.OPEN, 0, 0, "no connection")
    await app.wait(minutes=20)
    assert app.post.faults == []
    assert len(app.post.sent) == len({message.to for message in app.post.sent}) == 20
    (state,) = app.scheduler.lanes()
    assert (state.circuit, state.rests_until, state.why) == (Circuit.CLOSED, None, "")


async def test_what_is_half_open_is_tried_with_one_message(app: AppHarness) -> None:
    await crowd(app, 20)
    app.post.faults = [DeliveryUnknownError("reset")] * (FAILURES + 2)
    await app.wait(hours=2, minutes=12)
    assert len(app.post.faults) == 2
    await app.wait(seconds=15)
    assert len(app.post.faults) == 1
    await app.wait(minutes=30)
    async with app.store.read_transaction() as work:
        people = await work.people.by_id(range(1, 99))
        became = [(await work.deliveries.of_attendee(id_))[0] for id_ in people]
    assert {delivery.state for delivery in became} <= {DeliveryState.SENT, DeliveryState.UNCERTAIN}
    assert POSSIBLE_DUPLICATE in {delivery.error for delivery in became}


@dataclass(frozen=True, slots=True)
class CountedClaims(NoMetrics):
    """Remembers how many deliveries each claim found."""

    sizes: list[int] = field(default_factory=list)

    def deliveries_claimed(self, lane: str, count: int) -> None:
        del lane
        self.sizes.append(count)


async def test_what_expired_in_an_outage_is_ended_in_few_claims_and_the_rest_is_still_tried_singly(
    app: AppHarness,
) -> None:
    claims = CountedClaims()
    app.scheduler.metrics = claims
    await crowd(app, 60)
    for number in range(100, 105):
        await app.talk_to(f"user{number}", "/hotel Venetian", "/attend DAT310")
    app.post.faults = [TemporaryError("no connection")] * 1_000
    await app.wait(hours=2, minutes=58)
    claims.sizes.clear()
    before = len(app.post.faults)
    await app.wait(minutes=20)
    assert sum(claims.sizes) > 60
    assert len([size for size in claims.sizes if size]) < 20
    tries = before - len(app.post.faults)
    assert 0 < tries <= 20 * 60 / (LONGEST_REST.total_seconds() / 2)
    app.post.faults.clear()
    await app.wait(minutes=6)
    assert len([sent for sent in app.post.sent if sent.kind == "leave-by"]) == 5
