"""A peak begins just so early that nobody is late whom any order of sending would have reached in time."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.nudges.load_forecast import Forecast, Load, forecast
from tests.builders import at

NOW = at(8)


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def test_nothing_that_waits_is_no_peak() -> None:
    assert forecast([], 50, NOW) == forecast([Load(NOW, NOW, 0)], 50, NOW) == Forecast()


def test_twenty_five_thousand_at_once_begin_eight_minutes_and_twenty_seconds_before() -> None:
    load_forecast = forecast([Load(at(8, 50), at(9), 25_000)], 50, NOW)
    assert load_forecast == Forecast(
        at(9) - timedelta(seconds=500), at(9), timedelta(seconds=500), 0, at(8, 50) + timedelta(seconds=500)
    )


def test_what_cannot_be_is_said_before() -> None:
    load_forecast = forecast([Load(at(8, 50), at(9), 40_000)], 50, NOW)
    assert (load_forecast.begins_at, load_forecast.late) == (at(8, 50), 10_000)
    assert load_forecast.ends_at == at(8, 50) + timedelta(seconds=800)


def test_a_small_one_before_a_large_one_needs_no_head_start() -> None:
    load_forecast = forecast([Load(at(8, 20), at(8, 30), 10), Load(at(8, 50), at(9), 25_000)], 50, NOW)
    assert load_forecast.begins_at == at(8, 30) - timedelta(seconds=0.2)
    assert (load_forecast.until, load_forecast.head_start, load_forecast.late) == (at(8, 30), timedelta(seconds=0.2), 0)


def test_what_is_told_to_everybody_is_passed_by_what_is_urgent() -> None:
    announced, nudges = Load(NOW, at(10), 60_000), Load(NOW, at(8, 9), 25_000)
    load_forecast = forecast([announced, nudges], 50, NOW)
    assert (load_forecast.begins_at, load_forecast.late) == (after(40), 0)
    assert load_forecast.ends_at == after(85_000 / 50)


def test_peaks_that_meet_begin_together() -> None:
    load_forecast = forecast([Load(NOW, after(100), 50), Load(NOW, after(110), 15)], 1, NOW)
    assert (load_forecast.begins_at, load_forecast.until, load_forecast.late) == (after(45), after(110), 0)


# An offline optimum: unit jobs on whole seconds; a set of them can be on time if and only if it can be matched.

jobs = st.lists(
    st.tuples(st.integers(0, 12), st.integers(1, 8)).map(lambda job: (job[0], job[0] + job[1])), min_size=1, max_size=9
)


def can_be_on_time(wanted: Sequence[tuple[int, int]]) -> bool:
    """By matching jobs to seconds (Kuhn): the perfect scheduler."""
    holder: dict[int, int] = {}

    def place(job: int, seen: set[int]) -> bool:
        ready, deadline = wanted[job]
        for second in range(ready, deadline):
            if second not in seen:
                seen.add(second)
                if second not in holder or place(holder[second], seen):
                    holder[second] = job
                    return True
        return False

    return all(place(job, set()) for job in range(len(wanted)))


def loads_of(wanted: Sequence[tuple[int, int]]) -> list[Load]:
    return [Load(after(ready), after(deadline), 1) for ready, deadline in wanted]


@given(jobs)
def test_some_are_late_if_and_only_if_the_perfect_scheduler_is_late_too(wanted: list[tuple[int, int]]) -> None:
    assert (forecast(loads_of(wanted), 1, NOW).late == 0) == can_be_on_time(wanted)


@given(jobs)
def test_whoever_begins_when_told_is_on_time_if_anybody_is(wanted: list[tuple[int, int]]) -> None:
    load_forecast = forecast(loads_of(wanted), 1, NOW)
    assert load_forecast.begins_at is not None
    begun = [Load(max(load.ready_at, load_forecast.begins_at), load.deadline, 1) for load in loads_of(wanted)]
    assert (forecast(begun, 1, load_forecast.begins_at).late == 0) == can_be_on_time(wanted)


@given(jobs)
def test_beginning_later_than_told_makes_somebody_late(wanted: list[tuple[int, int]]) -> None:
    loads = loads_of(wanted)
    load_forecast = forecast(loads, 1, NOW)
    assert load_forecast.begins_at is not None
    first_ready = min(load.ready_at for load in loads)
    if can_be_on_time(wanted) and load_forecast.begins_at > first_ready:
        assert forecast(loads, 1, load_forecast.begins_at + timedelta(seconds=1)).late > 0
