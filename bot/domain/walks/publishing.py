"""Decides what may be published about a leg, and when, so that nobody's walk can be computed from it."""

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from bot.domain.walks.group import Group, Prior, Shared
from bot.domain.walks.level import SURE
from bot.domain.walks.posterior import Belief
from bot.domain.walks.walk import Cells, WalkedLeg

FEWEST_PEOPLE = 5
"""People who must have walked a leg before it is published, and further people before it is published again."""
CAPPED_BELOW = 10
"""Below this many people the published percentile stays within `CAP` times that of the minutes known before."""
CAP = (0.5, 2.0)
CROWD = (0.8, 2.0)
"""Bounds of the effect of the crowd; on a Saturday night in Las Vegas it was 2."""
ALL_ALIKE: Mapping[WalkedLeg, float] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Published:
    """The published minutes of a leg, whole.

    Attributes:
        minutes: the median.
        p90: enough for 9 in 10.
        people: how many people walked it; 0 if the minutes come from the walks on other legs.
    """

    minutes: int
    p90: int
    people: int


@dataclass(frozen=True, slots=True)
class LegState:
    """One leg at the moment of publishing.

    Attributes:
        people: the number of people whose walks are counted.
        changed: how many people came, changed or left since the leg was published from its own walks.
    """

    people: int = 0
    changed: int = 0


def published_crowd(group: Group, cells: Cells) -> float:
    """Return the factor by which walks take longer in the crowd, in hundredths.

    1 until five people have walked in the crowd, and five outside it.
    """
    people = Counter[bool]()
    for batch, histogram in cells.items():
        people[batch.peak] += sum(histogram)
    if min(people[True], people[False]) < FEWEST_PEOPLE:
        return 1.0
    return round(min(max(math.exp(group.shared.slower), CROWD[0]), CROWD[1]), 2)


def publish(
    group: Group,
    legs: Mapping[WalkedLeg, LegState],
    *,
    changed: int,
    levels: Mapping[WalkedLeg, float] = ALL_ALIKE,
) -> dict[WalkedLeg, Published]:
    """Return the legs to publish again.

    The result is empty while fewer than five people in total have changed something since the last time: otherwise the
    effect of one leg on the others would reveal their walks. A leg that five people walked stays unchanged until five
    more have changed it. A leg with fewer is published without its own walks.

    Args:
        group: the beliefs from all walks so far.
        legs: the legs with walks or known minutes.
        changed: how many people in all came, changed or left since something was published.
        levels: the percentile that keeps the promise, for legs where it differs from the promised one.
    """
    if changed < FEWEST_PEOPLE:
        return {}
    published: dict[WalkedLeg, Published] = {}
    for leg, state in legs.items():
        own = state.people >= FEWEST_PEOPLE
        if own and state.changed < FEWEST_PEOPLE:
            continue
        belief = group.belief(leg, own=own)
        if belief:
            # Also if it is the same: the next version must not tell which of the walks since then changed it.
            published[leg] = _rounded(belief, group.priors.get(leg), state.people if own else 0, levels.get(leg, SURE))
    return published


def _rounded(belief: Belief, prior: Prior | None, people: int, level: float) -> Published:
    p90 = belief.minutes(level)
    if prior and people < CAPPED_BELOW:
        before = Shared().before(prior).minutes(SURE)
        p90 = min(max(p90, CAP[0] * before), CAP[1] * before)
    minutes = max(1, round(min(belief.minutes(0.5), p90)))
    return Published(minutes, max(round(p90), minutes + 1), people)
