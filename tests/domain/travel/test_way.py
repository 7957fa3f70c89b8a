"""When a way runs, and what its figures say."""

from datetime import UTC, datetime, time, timedelta

import pytest

from bot.domain.travel.spread import Spread
from bot.domain.travel.way import LegSource, Mode, Way

MONDAY = datetime(2021, 11, 29, tzinfo=UTC)


def way(**more: object) -> Way:
    return Way("A", "B", 20, LegSource.ORGANIZER, mode=Mode.SHUTTLE, **more)  # type: ignore[arg-type]  # any field


@pytest.mark.parametrize(
    ("hours", "days", "first", "count"),
    [
        (None, None, 0, 7 * 24),
        (None, {0, 1}, 0, 48),
        ((time(7), time(19)), None, 7, 12 * 7),
        ((time(7), time(19)), {2}, 2 * 24 + 7, 12),
        ((time(20), time(2)), {0}, 20, 6),
        ((time(20), time(2)), {6}, 0, 6),
    ],
)
def test_it_runs_on_its_days_in_its_hours_also_past_midnight(
    hours: tuple[time, time] | None, days: set[int] | None, first: int, count: int
) -> None:
    """`first` is the first hour of the week at which it runs, from Monday 0:00; `count` how many hours it runs."""
    made = way(hours=hours, days=None if days is None else frozenset(days))
    runs = [hour for hour in range(7 * 24) if made.runs(MONDAY + timedelta(hours=hour))]
    assert (runs[0], len(runs)) == (first, count)


def test_the_usual_spread_is_wider_for_an_estimate() -> None:
    entered, guessed = way(), Way("A", "B", 20, LegSource.ESTIMATE)
    assert (entered.spread, guessed.spread) == (Spread(20, 28.4), Spread(20, 31))
    assert way(p90=25).spread == Spread(20, 25)
