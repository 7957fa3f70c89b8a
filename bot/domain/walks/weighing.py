"""Weights the walks of one leg by the probability that they were walks at all."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import compress
from statistics import NormalDist
from typing import NamedTuple

from bot.domain.walks.posterior import NONE, Belief, Sums
from bot.domain.walks.t_distribution import t_constant
from bot.domain.walks.walk import BINS, LONGEST_WALK, Batch, WalkOutcome

JUNK = 0.08
"""Share of taps assumed not to be walks: double taps, and arrivals that were tapped much later."""
JUNK_DENSITY = JUNK / math.log(LONGEST_WALK)
"""Junk is equally likely at any log minutes."""
STEP = 0.05
"""Log minutes are counted in steps of this size: less than a quarter of the usual spread of a leg."""
NORMAL = NormalDist()
_HALVES = range(BINS)
_STEPS = [round(math.log(max(half, 0.5) / 2) / STEP) for half in _HALVES]


class Series(NamedTuple):
    """Taps of one leg that have the same weights."""

    peak: bool
    outcome: WalkOutcome


Counts = Mapping[Series, Mapping[int, float]]
"""How many taps are at each step of log minutes; fractional if older walks count less."""
Term = tuple[float, float, float]
"""What one tap at a step adds to the sums of its leg: its weight, log minutes and their square."""
_SERIES = {(peak, outcome): Series(peak, outcome) for peak in (False, True) for outcome in WalkOutcome}


class LegWalks:
    """The histograms of one leg, by day."""

    def __init__(self, batches: Iterable[tuple[Batch, Sequence[int]]]) -> None:
        self.by_day: dict[date, dict[Series, dict[int, float]]] = {}
        for (_, day, peak, outcome), histogram in batches:
            by_step: dict[int, float] = {}
            for step, count in zip(compress(_STEPS, histogram), filter(None, histogram), strict=True):
                by_step[step] = by_step.get(step, 0) + count
            self.by_day.setdefault(day, {})[_SERIES[peak, outcome]] = by_step

    def counts(self, shares: Mapping[date, float] | None = None) -> Counts:
        """Return the taps of all days; `shares` is the weight of each day, None for full weight."""
        by_series: dict[Series, dict[int, float]] = {}
        for day, counts in self.by_day.items():
            share = shares[day] if shares else 1.0
            for series, by_step in counts.items():
                into = by_series.setdefault(series, {})
                for step, count in by_step.items():
                    into[step] = into.get(step, 0.0) + share * count
        return by_series


@dataclass(frozen=True, slots=True)
class WeighedSums:
    """The sums of one leg: walks in the crowd and other walks are separate, because a crowd slows all legs alike."""

    calm: Sums = NONE
    peak: Sums = NONE

    def combined(self, slower: float) -> Sums:
        """The sums without the crowd: `slower` is its effect on log minutes."""
        return self.calm + self.peak.moved(-slower)

    def __add__(self, other: "WeighedSums") -> "WeighedSums":
        """Return the sums over both."""
        return WeighedSums(self.calm + other.calm, self.peak + other.peak)


def people(counts: Counts) -> float:
    """Return how many taps there are."""
    return sum(sum(by_step.values()) for by_step in counts.values())


def median_log(counts: Counts) -> float:
    """Return the median log minutes of the people who arrived, or of all people if nobody arrived."""
    arrived = [by_step for series, by_step in counts.items() if series.outcome is WalkOutcome.ARRIVED]
    taps = sorted(tap for by_step in arrived or counts.values() for tap in by_step.items())
    half, seen = sum(count for _, count in taps) / 2, 0.0
    for step, count in taps:
        seen += count
        if seen >= half:
            return step * STEP
    raise ValueError("no taps")


def terms(counts: Counts, belief: Belief, slower: float) -> Mapping[Series, Mapping[int, Term]]:
    """Return the contribution of one tap at each step, weighted by the probability that it was a walk.

    Args:
        counts: the taps of one leg.
        belief: the belief about the leg, without the crowd.
        slower: the effect of the crowd on log minutes.
    """
    scale, df = belief.scale, belief.df
    height, power = (1 - JUNK) * t_constant(df) / scale, -(df + 1) / 2
    by_series: dict[Series, dict[int, Term]] = {}
    for series, by_step in counts.items():
        centre = belief.centre + slower if series.peak else belief.centre
        into = by_series[series] = {}
        if series.outcome is not WalkOutcome.ARRIVED:
            into.update((step, _censored(series.outcome, step * STEP, centre, scale)) for step in by_step)
            continue
        for step in by_step:
            log = step * STEP
            z = (log - centre) / scale
            likely = height * (1 + z * z / df) ** power
            into[step] = likely / (likely + JUNK_DENSITY), log, log * log
    return by_series


def weighed(counts: Counts, terms_of: Mapping[Series, Mapping[int, Term]]) -> WeighedSums:
    """Return the sums over the taps of a leg."""
    sums = [NONE, NONE]
    for series, by_step in counts.items():
        into = terms_of[series]
        total_weight = total = squares = 0.0
        for step, count in by_step.items():
            weight, log, square = into[step]
            weight *= count
            total_weight += weight
            total += weight * log
            squares += weight * square
        sums[series.peak] += Sums(total_weight, total, squares)
    return WeighedSums(*sums)


def _censored(outcome: WalkOutcome, log: float, centre: float, scale: float) -> Term:
    """The term of a tap that only bounds the minutes, from below or from above.

    The value is the working observation of the normal distribution cut at the bound (as in a Newton step), and its
    weight the share of information that is left: none for a bound that anybody would have met.
    """
    sign = 1.0 if outcome is WalkOutcome.NOT_YET else -1.0
    bound = min(max(sign * (log - centre) / scale, -6.0), 6.0)
    beyond = max(1 - NORMAL.cdf(bound), 1e-12)
    hazard = NORMAL.pdf(bound) / beyond
    curvature = hazard * (hazard - bound)
    if curvature < 1e-9:  # noqa: PLR2004 - nothing is learned from it
        return 0.0, centre, centre * centre
    above = min(max(1 - log / math.log(LONGEST_WALK), 0.0), 1.0)
    junk = JUNK * (above if outcome is WalkOutcome.NOT_YET else 1 - above)
    walked = (1 - JUNK) * beyond
    value = centre + sign * scale / (hazard - bound)
    # The expected square around the centre is scale^2 hazard^2 for each tap, which is less than that of the value.
    around = scale * scale * hazard * hazard / curvature
    return curvature * walked / (walked + junk), value, 2 * centre * value - centre * centre + around
