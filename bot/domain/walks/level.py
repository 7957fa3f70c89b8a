"""The adaptive level of a leg: the percentile to promise, corrected by how often promises were kept.

After Gibbs and Candes (2021), "Adaptive conformal inference under distribution shift".
"""

from collections.abc import Iterable

SURE = 0.9
"""The promise: this share of those who follow it arrives in time."""
GAIN = 0.1
"""How much of a day's shortfall is made up for on the next day."""
FIRM_PROMISES = 20
"""On a day with this many promises half of that is believed; with few, chance would move the level."""
LOWEST, HIGHEST = 0.86, 0.96


def adapted_level(days: Iterable[tuple[int, int]]) -> float:
    """Return the percentile to promise so that `SURE` of all promises are kept.

    Args:
        days: how many people followed a promise on each day, and how many of them arrived in time, in order.
    """
    level = SURE
    for followed, arrived in days:
        if followed:
            shortfall = SURE - arrived / followed
            level += GAIN * shortfall * followed / (followed + FIRM_PROMISES)
            level = min(max(level, LOWEST), HIGHEST)
    return level
