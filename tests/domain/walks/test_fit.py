import math
from random import Random
from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.walks.group import DOUBT, FIRM_DOUBT, Group, Prior, fit
from bot.domain.walks.posterior import Belief, Sums
from bot.domain.walks.walk import Batch, Cells, Walk, WalkedLeg, WalkOutcome, fold
from tools.simulated_walks import walk

LEG = WalkedLeg("Venetian", "Wynn")
NEVER = WalkedLeg("Wynn", "Mirage")
LEGS = [WalkedLeg("Start", f"Venue {number}") for number in range(6)]
STATIC = {LEG: Prior(25), NEVER: Prior(40)}


def learned(*walks: Walk, priors: dict[WalkedLeg, Prior] | None = None) -> Group:
    cells: Cells = {}
    fold(cells, walks)
    return fit(cells, STATIC if priors is None else priors)


def quantiles(belief: Belief | None) -> tuple[float, float]:
    assert belief
    return round(belief.minutes(0.5), 1), round(belief.minutes(0.9), 1)


def spread_around(minutes: float, count: int, leg: WalkedLeg = LEG, day: int = 0) -> list[Walk]:
    """Walks with the usual spread."""
    shares = NormalDist(math.log(minutes), 0.2)
    return [walk(math.exp(shares.inv_cdf((number + 0.5) / count)), leg, day) for number in range(count)]


def test_without_walks_the_static_minutes_have_a_wide_spread() -> None:
    group = learned()
    assert quantiles(group.belief(LEG)) == (25.0, 41.1)
    firm = learned(priors={LEG: Prior(25, FIRM_DOUBT)})
    assert quantiles(firm.belief(LEG)) == (25.0, 38.1)


def test_a_leg_about_which_nothing_is_known_has_no_minutes() -> None:
    assert learned().belief(WalkedLeg("Venetian", "Nowhere")) is None


def test_a_leg_without_static_minutes_is_learned_from_its_walks() -> None:
    belief = learned(*spread_around(30, 40), priors={}).belief(LEG)
    assert belief
    assert belief.minutes(0.5) == pytest.approx(30, rel=0.06)


def test_walks_pull_the_static_minutes_and_replace_them_in_the_end() -> None:
    medians = [quantiles(learned(*[walk(35)] * count).belief(LEG))[0] for count in (0, 1, 3, 10, 100)]
    assert medians == sorted(medians)
    assert medians[0] == 25
    assert 28 < medians[1] < 33
    assert medians[-1] == pytest.approx(35, abs=0.3)


def test_the_chance_and_the_minutes_of_a_share_belong_together() -> None:
    belief = learned(*spread_around(20, 12)).belief(LEG)
    assert belief
    for share in (0.25, 0.5, 0.75, 0.9, 0.97):
        assert belief.chance(belief.minutes(share)) == pytest.approx(share, abs=1e-4)


days = st.integers(0, 3).map(lambda day: walk(1, day=day).batch.day)
batches = st.builds(Batch, st.sampled_from(LEGS), days, st.booleans(), st.sampled_from(WalkOutcome))
walks = st.builds(Walk, batches, st.integers(0, 480))


@given(st.lists(walks, max_size=60), st.randoms(use_true_random=False))
def test_the_order_of_walks_does_not_matter(taps: list[Walk], random: Random) -> None:
    shuffled = random.sample(taps, len(taps))
    cells: Cells = {}
    for tap in shuffled:
        fold(cells, [tap])
    together: Cells = {}
    fold(together, taps)
    assert cells == together
    priors = {leg: Prior(10 + number) for number, leg in enumerate(LEGS)}
    assert fit(cells, priors) == fit(together, priors)


@given(st.lists(walks, max_size=60))
def test_whatever_is_tapped_the_minutes_stay_finite(taps: list[Walk]) -> None:
    cells: Cells = {}
    fold(cells, taps)
    group = fit(cells, {leg: Prior(10) for leg in LEGS[:3]})
    for leg in {tap.batch.leg for tap in taps}:
        for peak in (False, True):
            belief = group.belief(leg, peak=peak)
            assert belief
            assert 0 < belief.minutes(0.5) <= belief.minutes(0.9) < math.inf


def test_forgotten_and_double_taps_hardly_count() -> None:
    honest = spread_around(25, 20)
    with_junk = [*honest, walk(0.5), walk(1), walk(150), walk(240)]
    clean, dirty = quantiles(learned(*honest).belief(LEG)), quantiles(learned(*with_junk).belief(LEG))
    assert dirty[0] == pytest.approx(clean[0], abs=0.5)
    assert dirty[1] == pytest.approx(clean[1], abs=2)


def test_what_all_legs_have_in_common_helps_one_that_nobody_walked() -> None:
    priors = {leg: Prior(20) for leg in LEGS} | {NEVER: Prior(40)}
    group = learned(*[tap for leg in LEGS for tap in spread_around(28, 15, leg)], priors=priors)
    median, _ = quantiles(group.belief(NEVER))
    assert 49 < median < 56
    assert group.belief(LEGS[0], own=False) == group.shared.before(Prior(20))


def test_the_crowd_is_a_term_of_its_own() -> None:
    priors = {leg: Prior(20) for leg in LEGS} | {NEVER: Prior(40)}
    calm = [tap for leg in LEGS for tap in spread_around(20, 15, leg)]
    crowded = [walk(20 * 1.3, leg, peak=True) for leg in LEGS[:3] for _ in range(8)]
    group = learned(*calm, *crowded, priors=priors)
    assert math.exp(group.shared.slower) == pytest.approx(1.28, abs=0.06)
    belief, crowd = group.belief(NEVER), group.belief(NEVER, peak=True)
    assert belief
    assert crowd
    assert crowd.minutes(0.5) / belief.minutes(0.5) == pytest.approx(math.exp(group.shared.slower))


def test_not_yet_is_a_lower_bound() -> None:
    arrived = spread_around(25, 12)
    late = [walk(33, outcome=WalkOutcome.NOT_YET)] * 4
    before, after = quantiles(learned(*arrived).belief(LEG)), quantiles(learned(*arrived, *late).belief(LEG))
    taken_for_arrivals = quantiles(learned(*arrived, *[walk(33)] * 4).belief(LEG))
    assert before[1] + 3 < after[1]
    assert taken_for_arrivals[1] < after[1]


def test_not_yet_after_a_minute_says_nothing() -> None:
    arrived = spread_around(25, 12)
    bound = [walk(1, outcome=WalkOutcome.NOT_YET)] * 20
    assert quantiles(learned(*arrived, *bound).belief(LEG)) == quantiles(learned(*arrived).belief(LEG))


def test_a_tap_that_came_late_is_only_an_upper_bound() -> None:
    arrived = spread_around(25, 12)
    far, near = ([walk(minutes, outcome=WalkOutcome.BY_THEN)] * 12 for minutes in (60, 20))
    alone = quantiles(learned(*arrived).belief(LEG))
    assert quantiles(learned(*arrived, *far).belief(LEG)) == pytest.approx(alone, abs=0.2)
    assert quantiles(learned(*arrived, *near).belief(LEG))[0] < alone[0] - 3


def test_after_a_bridge_has_closed_the_days_before_hardly_count() -> None:
    open_bridge = [tap for day in (0, 1) for tap in spread_around(20, 25, day=day)]
    closed = spread_around(30, 20, day=2)
    before, after = learned(*open_bridge), learned(*open_bridge, *closed)
    assert quantiles(before.belief(LEG))[0] == pytest.approx(20, abs=1)
    assert quantiles(after.belief(LEG))[0] == pytest.approx(30, abs=1.6)


def test_without_a_change_nothing_is_forgotten() -> None:
    days = [tap for day in range(4) for tap in spread_around(20, 25, day=day)]
    belief = learned(*days).belief(LEG)
    assert belief
    assert belief.weight > 90


def test_sums_move_and_scale() -> None:
    sums = Sums(2.0, 5.0, 13.0)
    assert sums.moved(1) == Sums(2.0, 7.0, 25.0)
    assert sums.times(0.5) == Sums(1.0, 2.5, 6.5)
    assert Belief(3.0, 1.0).after(Sums()) == Belief(3.0, 1.0)


def test_a_doubt_is_wider_for_an_estimate_than_for_an_organizer() -> None:
    assert DOUBT > FIRM_DOUBT
