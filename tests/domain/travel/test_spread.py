"""How long a way takes from one time to the next."""

import math
from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.travel.spread import Spread

spreads = st.builds(lambda median, ratio: Spread(median, median * ratio), st.floats(0.5, 90), st.floats(1.001, 2.5))


@given(spreads)
def test_its_percentiles_are_those_it_was_made_of(spread: Spread) -> None:
    assert spread.at(0.5) == pytest.approx(spread.median)
    assert spread.at(0.9) == pytest.approx(spread.p90)
    assert spread.at(0.75) <= spread.at(0.9) <= spread.at(0.97)


@given(spreads, st.floats(0.01, 0.99))
def test_the_chance_is_the_share_for_which_the_minutes_are_enough(spread: Spread, share: float) -> None:
    assert spread.chance(spread.at(share)) == pytest.approx(share, abs=1e-6)
    assert (spread.chance(0), spread.chance(-3)) == (0, 0)


def test_what_always_takes_the_same_time_has_no_chances_between() -> None:
    fixed = Spread(10, 10)
    assert (fixed.at(0.97), fixed.chance(9.9), fixed.chance(10), fixed.variance) == (10, 0, 1, 0)
    assert Spread(0, 0) + Spread(10, 10) == fixed
    assert Spread(0, 0).at(0.9) == 0


@given(spreads, spreads)
def test_one_way_after_another_adds_means_and_variances(one: Spread, other: Spread) -> None:
    both = one + other
    assert both.mean == pytest.approx(one.mean + other.mean)
    assert both.variance == pytest.approx(one.variance + other.variance)


def test_the_percentiles_of_two_ways_do_not_add() -> None:
    """Two walks are rarely both slow: 47 minutes are enough for 9 in 10, not 51."""
    walk, ride = Spread(15, 22), Spread(20, 29)
    assert (round((walk + ride).p90), round(walk.p90 + ride.p90)) == (47, 51)


def test_the_sum_is_as_a_simulation_of_walk_wait_ride_and_walk() -> None:
    """Sums of the quantiles of 40,000 points in a fixed lattice, so that nothing depends on chance."""
    parts = (Spread(8, 11), Spread(5, 9), Spread(12, 14), Spread(9, 13))
    count, steps = 40_000, (0.7548776662, 0.5698402909, 0.6180339887, 0.4142135623)
    normal = NormalDist()
    totals = sorted(
        sum(
            part.median * math.exp(part.sigma * normal.inv_cdf(((i + 0.5) * step) % 1 or 0.5))
            for part, step in zip(parts, steps, strict=True)
        )
        for i in range(count)
    )
    together = sum(parts, Spread(0, 0))
    assert together.p90 == pytest.approx(totals[int(count * 0.9)], rel=0.01)
    assert together.median == pytest.approx(totals[count // 2], rel=0.01)


def test_twice_as_slow_is_twice_as_long_in_every_case() -> None:
    assert Spread(10, 14).times(1.5) == Spread(15, 21)
