"""The best day: equal to all combinations, and valued anew by a judge."""

import random

import pytest

from bot.domain.planning.problem import DayToPlan
from bot.domain.planning.repeats import best_path
from tests.domain.planning.oracles import (
    brute_force,
    judged,
    random_candidates,
    random_distances,
    random_wishes,
    walks_of,
)


@pytest.mark.parametrize("seed", range(400))
def test_the_best_day_is_the_best_of_all_combinations(seed: int) -> None:
    random_ = random.Random(seed)
    distances = random_distances(random_)
    # Half of the days have many repeats.
    candidates = random_candidates(random_, 11, random_.choice([4, 6, 40]), firm=random_.choice([0, 0, 0.3]))
    day = DayToPlan.of(candidates, random_wishes(random_))
    walks = walks_of(distances)
    found = best_path([day], walks)
    assert found.path.value == pytest.approx(brute_force([day], distances), rel=1e-12, abs=1e-6)
    assert found.bound == found.path.value
    assert judged([(day, found.path.days[0])], walks) == pytest.approx(found.path.value, rel=1e-12, abs=1e-6)


@pytest.mark.parametrize("seed", range(60))
def test_a_week_has_each_talk_once_over_all_days(seed: int) -> None:
    random_ = random.Random(1_000 + seed)
    distances = random_distances(random_)
    days = [
        DayToPlan.of(random_candidates(random_, 5, 5, day=day, firm=0.1), random_wishes(random_, day))
        for day in range(3)
    ]
    walks = walks_of(distances)
    found = best_path(days, walks)
    assert found.path.value == pytest.approx(brute_force(days, distances), rel=1e-12, abs=1e-6)
    assert judged(zip(days, found.path.days, strict=True), walks) == pytest.approx(found.path.value, abs=1e-6)
