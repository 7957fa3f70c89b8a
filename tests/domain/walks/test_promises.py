"""The promise "9 in 10 arrive in time" in small simulated conferences; `benchmarks/walking` has the large ones."""

from collections import Counter
from random import Random
from statistics import fmean

import pytest

from bot.domain.walks.group import Group, fit
from bot.domain.walks.level import SURE, adapted_level
from bot.domain.walks.walk import Cells, WalkedLeg, WalkOutcome, fold
from tools.simulated_walks import PEAK, TRUTHS, Conference, walk

SEED = 20261130


def promised(group: Group, leg: WalkedLeg, share: float = SURE, *, peak: bool = False) -> float:
    belief = group.belief(leg, peak=peak)
    assert belief
    return belief.minutes(share)


@pytest.mark.parametrize(("count", "tolerance"), [(0, 0.04), (3, 0.02), (20, 0.02)])
def test_nine_in_ten_who_follow_arrive_in_time(count: int, tolerance: float) -> None:
    random, score = Random(SEED + count), Counter[str]()
    for truth in [*TRUTHS] * 12:
        conference = Conference.of(random, truth)
        cells: Cells = {}
        fold(cells, [conference.tapped(leg) for leg in conference.priors for _ in range(count)])
        group = fit(cells, conference.priors)
        for leg, prior in conference.priors.items():
            score["in time"] += conference.in_time(leg, promised(group, leg))[0]
            score["today"] += conference.in_time(leg, prior.minutes)[0]
            score["people"] += 20
    assert score["in time"] / score["people"] == pytest.approx(SURE, abs=tolerance)
    assert score["today"] / score["people"] < 0.6


@pytest.mark.parametrize(("count", "most"), [(20, 1.5), (100, 0.8)])
def test_the_median_comes_near_the_truth(count: int, most: float) -> None:
    random, errors = Random(SEED), list[float]()
    for truth in [*TRUTHS] * 3:
        conference = Conference.of(random, truth)
        cells: Cells = {}
        fold(cells, [conference.tapped(leg) for leg in conference.priors for _ in range(count)])
        group = fit(cells, conference.priors)
        errors += [abs(promised(group, leg, 0.5) - median) for leg, median in conference.medians.items()]
    assert fmean(errors) <= most


def test_in_the_crowd_and_on_legs_that_nobody_walked_too() -> None:
    random, score, people = Random(SEED), Counter[tuple[bool, bool]](), Counter[tuple[bool, bool]]()
    for truth in [*TRUTHS] * 20:
        conference = Conference.of(random, truth)
        walked = list(conference.priors)[:8]
        shares = {leg: random.choice((0.1, 0.3, 0.6, 0.9)) for leg in walked}
        cells: Cells = {}
        fold(
            cells,
            [conference.tapped(leg, peak=random.random() < share) for leg, share in shares.items() for _ in range(20)],
        )
        group = fit(cells, conference.priors)
        for leg in conference.priors:
            for peak in (False, True):
                minutes = promised(group, leg, peak=peak)
                came, followed = conference.in_time(leg, minutes, PEAK if peak else 1)
                score[leg in walked, peak] += came
                people[leg in walked, peak] += followed
    for key, followed in people.items():
        assert score[key] / followed == pytest.approx(SURE, abs=0.025), key


def test_a_day_after_a_bridge_has_closed_the_promise_is_kept_again() -> None:
    random, came, people = Random(SEED), Counter[int](), Counter[int]()
    for truth in [*TRUTHS] * 3:
        conference = Conference.of(random, truth)
        cells: Cells = {}
        scores: dict[WalkedLeg, list[tuple[int, int]]] = {leg: [] for leg in conference.priors}
        for day in range(5):
            group = fit(cells, conference.priors)
            times = 1.3 if day >= 3 else 1.0
            for leg, days in scores.items():
                minutes = promised(group, leg, adapted_level(days))
                score = conference.in_time(leg, minutes, times)
                came[day] += score[0]
                people[day] += score[1]
                days.append((score[1], score[0]))
            fold(cells, [conference.tapped(leg, day, times=times) for leg in scores for _ in range(20)])
    assert came[3] / people[3] < 0.6
    assert came[4] / people[4] == pytest.approx(SURE, abs=0.03)


def test_latecomers_who_never_tap_are_asked() -> None:
    """60 % of those who come late do not tap; the question is answered with "not yet"."""
    random, came, people = Random(SEED), Counter[bool](), 0
    for truth in [*TRUTHS] * 6:
        conference = Conference.of(random, truth)
        for asked in (False, True):
            cells: Cells = {}
            for _ in range(4):
                group = fit(cells, conference.priors)
                for leg in conference.priors:
                    minutes = promised(group, leg)
                    for _ in range(5):
                        tapped = conference.tapped(leg)
                        if tapped.half > 2 * minutes and random.random() < 0.6:
                            if not asked:
                                continue
                            tapped = walk(minutes, leg, outcome=WalkOutcome.NOT_YET)
                        fold(cells, [tapped])
            group = fit(cells, conference.priors)
            for leg in conference.priors:
                came[asked] += conference.in_time(leg, promised(group, leg))[0]
        people += 20 * len(conference.priors)
    assert came[False] / people < 0.875
    assert came[True] / people == pytest.approx(SURE, abs=0.02)
