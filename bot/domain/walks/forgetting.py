"""Gives less weight to walks from before a change of the leg, such as a closed bridge."""

import math
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import accumulate

from bot.domain.walks.posterior import Belief, Sums

CHANGE = 0.3
"""Probability that a leg changes from one day to the next, before its walks are seen.

High, because a change that is missed breaks the promise, and walks forgotten without one cost little: the explanation
with more parameters has the lower evidence anyway.
"""


def shares(days: Sequence[tuple[date, Sums]], before: Belief) -> Mapping[date, float]:
    """Return the weight of the walks of each day: the probability that the leg has not changed since.

    Two explanations are compared: all days are alike, or the leg changed once, between two of the days.

    Args:
        days: the sums of the days, in order.
        before: the belief about the leg before any walk.
    """
    sums = [day_sums for _, day_sums in days]
    until = list(accumulate(sums))
    since = list(accumulate(reversed(sums)))[::-1]
    alike = before.log_evidence(until[-1])
    log_odds = math.log(CHANGE / (1 - CHANGE))
    odds = [
        math.exp(min(before.log_evidence(old) + before.log_evidence(new) - alike + log_odds, 700.0))
        for old, new in zip(until, since[1:], strict=False)
    ]
    unchanged = 1 / (1 + sum(odds))
    changed_by = accumulate(odds, initial=0.0)
    return {day: min(1.0, unchanged * (1 + odd)) for (day, _), odd in zip(days, changed_by, strict=True)}
