"""Learns all legs of a conference together: one leg gives information about another (empirical Bayes)."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.domain.walks.forgetting import shares
from bot.domain.walks.posterior import Belief, Sums
from bot.domain.walks.walk import Batch, WalkedLeg
from bot.domain.walks.weighing import Counts, LegWalks, WeighedSums, median_log, people, terms, weighed

ROUNDS = 6
"""How often all taps are weighed again."""
INNER_ROUNDS = 2
"""Rounds of solving for what all legs share, between two weighings."""
SHARED_DOUBT = 0.20
"""Standard deviation of `Shared.longer` before any walk."""
DOUBT = 0.30
"""Standard deviation of a leg around its estimate from the distance, of log minutes."""
FIRM_DOUBT = 0.20
"""The same for minutes that an organizer gave or that were routed on a map."""
FIRM_LEGS = 6
"""How many legs the assumed doubt is worth."""
WIDEST = 1.5
"""The legs spread at most this many times the assumed doubt, so that a few people cannot change it."""
PEAK_VARIANCE, PEAK_DOUBT = 0.05, 0.25
"""Variance of a walk in the crowd, and standard deviation of the effect of a crowd before any walk."""
MOST_FIRST = 4
"""The median of the walks counts as at most this many in the first round."""
SETTLED = 0.003
"""Log minutes: the walks of a leg that moves less are not weighed again."""
NO_CHANGE = 0.98
"""A day that counts at least this much counts fully."""
_UNKNOWN = (math.log(15), 1.0)
"""Centre and doubt of a leg about which nothing is known."""


@dataclass(frozen=True, slots=True)
class Prior:
    """The knowledge about a leg without walks: its median in minutes, and the standard deviation of its logarithm."""

    minutes: float
    doubt: float = DOUBT


@dataclass(frozen=True, slots=True)
class Shared:
    """The values that the legs share, in log minutes.

    Attributes:
        longer: how much longer all legs take than their priors say.
        longer_variance: how uncertain that is.
        spread: standard deviation of the legs around it, relative to the doubt of each.
        slower: how much longer a walk takes in the crowd.
        slower_variance: how uncertain that is.
    """

    longer: float = 0.0
    longer_variance: float = SHARED_DOUBT**2
    spread: float = 1.0
    slower: float = 0.0
    slower_variance: float = PEAK_DOUBT**2

    def before(self, prior: Prior | None) -> Belief:
        """The belief about a leg that nobody has walked."""
        if prior is None:
            return Belief.around(*_UNKNOWN)
        doubt = math.sqrt((self.spread * prior.doubt) ** 2 + self.longer_variance)
        return Belief.around(math.log(prior.minutes) + self.longer, doubt)


@dataclass(slots=True)
class _Leg:
    prior: Prior | None
    walks: LegWalks
    counts: Counts
    belief: Belief
    sums: WeighedSums = field(default_factory=WeighedSums)
    is_settled: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """The beliefs about all legs."""

    shared: Shared
    priors: Mapping[WalkedLeg, Prior]
    walked: Mapping[WalkedLeg, Belief]

    def belief(self, leg: WalkedLeg, *, peak: bool = False, own: bool = True) -> Belief | None:
        """Return the belief about a leg, or None if nothing is known about it.

        Args:
            leg: a leg that nobody has walked gets the belief that all other walks imply for its known minutes.
            peak: return the belief about walks in the crowd.
            own: False leaves out the walks of the leg itself, except for their effect on all legs.
        """
        belief = self.walked.get(leg) if own else None
        if belief is None:
            if leg not in self.priors:
                return None
            belief = self.shared.before(self.priors[leg])
        return belief.moved(self.shared.slower, self.shared.slower_variance) if peak else belief


def fit(cells: Mapping[Batch, Sequence[int]], priors: Mapping[WalkedLeg, Prior]) -> Group:
    """Learn the minutes of all legs from walks.

    Args:
        cells: the counted walks.
        priors: the best minutes that are known without walks; a leg may be missing.

    Returns:
        The beliefs; they do not depend on the order in which the walks were counted.
    """
    grouped: dict[WalkedLeg, list[tuple[Batch, Sequence[int]]]] = {}
    for batch in sorted(cells):
        if any(cells[batch]):
            grouped.setdefault(batch.leg, []).append((batch, cells[batch]))
    legs = {key: _first(LegWalks(batches), priors.get(key)) for key, batches in grouped.items()}
    shared = _rounds(list(legs.values()), Shared(), ROUNDS)
    changed = [leg for leg in legs.values() if _forget(leg, shared)]
    if changed:
        shared = _rounds(list(legs.values()), shared, ROUNDS // 2)
    return Group(shared, priors, {key: leg.belief for key, leg in legs.items()})


def _first(walks: LegWalks, prior: Prior | None) -> _Leg:
    """A leg at the median of its walks."""
    counts = walks.counts()
    weight, middle = min(people(counts), MOST_FIRST), median_log(counts)
    belief = Shared().before(prior).after(Sums(weight, weight * middle, weight * middle * middle))
    return _Leg(prior, walks, counts, belief)


def _rounds(legs: Sequence[_Leg], shared: Shared, rounds: int) -> Shared:
    for _ in range(rounds):
        unsettled = [leg for leg in legs if not leg.is_settled]
        if not unsettled:
            break
        for leg in unsettled:
            leg.sums = weighed(leg.counts, terms(leg.counts, leg.belief, shared.slower))
        for _ in range(INNER_ROUNDS):
            shared = _solve(legs, shared)
        for leg in legs:
            before = leg.belief.centre
            leg.belief = shared.before(leg.prior).after(leg.sums.combined(shared.slower))
            leg.is_settled = abs(leg.belief.centre - before) < SETTLED
    return shared


def _solve(legs: Sequence[_Leg], shared: Shared) -> Shared:
    """What the legs share, given the weights of their walks."""
    slower, slower_variance = _crowd(legs, shared)
    longer, longer_variance, spread = _level(legs, shared, slower)
    return Shared(longer, longer_variance, spread, slower, slower_variance)


def _crowd(legs: Sequence[_Leg], shared: Shared) -> tuple[float, float]:
    """The effect of the crowd and its variance.

    Solved together with the centres of all legs: in turns, the effect of a crowd on legs that were walked in no other
    time would take many rounds.
    """
    firm, pull = PEAK_VARIANCE / PEAK_DOUBT**2, 0.0
    for leg in legs:
        if not leg.sums.peak.weight:
            continue
        before, calm, peak = shared.before(leg.prior), leg.sums.calm, leg.sums.peak
        weight = before.weight + calm.weight + peak.weight
        centre = (before.weight * before.centre + calm.total + peak.total) / weight
        firm += peak.weight * (1 - peak.weight / weight)
        pull += peak.total - peak.weight * centre
    return pull / firm, PEAK_VARIANCE / firm


def _level(legs: Sequence[_Leg], shared: Shared, slower: float) -> tuple[float, float, float]:
    """How much longer all legs take, its variance, and the spread of the legs around it."""
    levels: list[tuple[float, float, float]] = []
    for leg in legs:
        sums = leg.sums.combined(slower)
        if leg.prior and sums.weight:
            belief = leg.belief
            variance = belief.rate / belief.shape / sums.weight
            levels.append((sums.total / sums.weight - math.log(leg.prior.minutes), variance, leg.prior.doubt))
    weights = [1 / ((shared.spread * doubt) ** 2 + variance) for _, variance, doubt in levels]
    firm = 1 / SHARED_DOUBT**2 + sum(weights)
    longer = sum(weight * value for weight, (value, _, _) in zip(weights, levels, strict=True)) / firm
    total = float(FIRM_LEGS)
    for value, variance, doubt in levels:
        around = (shared.spread * doubt) ** 2
        share = around / (around + variance)
        total += (((value - longer) * share) ** 2 + variance * share) / doubt**2
    # Three legs less: one because the level itself is taken from them, two for the mean of the variance, not its mode.
    spread = math.sqrt(total / (FIRM_LEGS + max(len(levels) - 3, 0)))
    return longer, 1 / firm, min(spread, WIDEST)


def _forget(leg: _Leg, shared: Shared) -> bool:
    """Let walks from before a likely change of a leg count less; return whether there are any."""
    by_day = leg.walks.by_day
    if len(by_day) < 2:  # noqa: PLR2004 - a change is between two days
        return False
    leg_terms = terms(leg.counts, leg.belief, shared.slower)
    days = [(day, weighed(by_day[day], leg_terms).combined(shared.slower)) for day in sorted(by_day)]
    counting = shares(days, shared.before(leg.prior))
    if min(counting.values()) >= NO_CHANGE:
        return False
    leg.counts, leg.is_settled = leg.walks.counts(counting), False
    return True
