"""Properties of the best day: more choice is never worse, no order matters, nothing firm vanishes for a wish."""

import random

import pytest

from bot.domain.planning.candidate import Firmness
from bot.domain.planning.problem import DayToPlan
from bot.domain.planning.repeats import best_path
from tests.domain.planning.oracles import (
    judged,
    random_candidates,
    random_distances,
    random_wishes,
    walks_of,
)


@pytest.mark.parametrize("seed", range(60))
def test_another_session_never_makes_the_best_day_worse(seed: int) -> None:
    random_ = random.Random(seed)
    walks, wishes = walks_of(random_distances(random_)), random_wishes(random_)
    *some, more = random_candidates(random_, 30, random_.choice([8, 40]), firm=random_.choice([0, 0.2]))
    before = best_path([DayToPlan.of(some, wishes)], walks).path.value
    assert best_path([DayToPlan.of([*some, more], wishes)], walks).path.value >= before - 1e-6


@pytest.mark.parametrize("seed", range(60))
def test_the_order_of_the_stars_does_not_matter(seed: int) -> None:
    random_ = random.Random(seed)
    walks, wishes = walks_of(random_distances(random_)), random_wishes(random_)
    stars = random_candidates(random_, 30, 12)
    plan = best_path([DayToPlan.of(stars, wishes)], walks).path
    random_.shuffle(stars)
    assert best_path([DayToPlan.of(stars, wishes)], walks).path == plan


@pytest.mark.parametrize("seed", range(60))
def test_a_must_that_fits_alone_is_in_the_plan(seed: int) -> None:
    random_ = random.Random(seed)
    walks, wishes = walks_of(random_distances(random_)), random_wishes(random_)
    stars = random_candidates(random_, 30, 20)
    must = random_.choice(stars)
    stars = [
        type(star)(star.session, star.value, Firmness.MUST if star is must else Firmness.WISH, star.early)
        for star in stars
    ]
    path = best_path([DayToPlan.of(stars, wishes)], walks).path
    alone = best_path([DayToPlan.of([star for star in stars if star.is_firm], wishes)], walks).path
    assert [star for star in path.days[0] if star.is_firm] == alone.days[0]


@pytest.mark.parametrize("talks", [2, 5, 20])
def test_where_repeats_are_too_many_the_plan_is_walkable_and_its_bound_is_true(talks: int) -> None:
    random_ = random.Random(talks)
    walks, wishes = walks_of(random_distances(random_)), random_wishes(random_)
    day = DayToPlan.of(random_candidates(random_, 120, talks), wishes)
    exact, hurried = best_path([day], walks), best_path([day], walks, budget=0)
    assert judged([(day, hurried.path.days[0])], walks) == pytest.approx(hurried.path.value)
    assert hurried.path.value <= exact.path.value + 1e-6 <= hurried.bound + 2e-6
    assert hurried.steps < 100_000


def test_the_guard_ends_the_search_of_a_hostile_schedule() -> None:
    random_ = random.Random(1)
    walks, wishes = walks_of(random_distances(random_)), random_wishes(random_)
    day = DayToPlan.of(random_candidates(random_, 500, 20), wishes)
    found = best_path([day], walks, budget=50_000)
    assert found.steps < 250_000
    assert judged([(day, found.path.days[0])], walks) == pytest.approx(found.path.value)
