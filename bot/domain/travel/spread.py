"""How long a way takes from one time to the next: a lognormal distribution of minutes."""

import math
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist
from typing import Self

_NORMAL = NormalDist()


@lru_cache(256)
def _quantile(share: float) -> float:
    return _NORMAL.inv_cdf(share)


@dataclass(frozen=True, slots=True)
class Spread:
    """Minutes as a lognormal distribution, by its median and its 90th percentile.

    With equal figures there is no spread: it always takes the same time.
    """

    median: float
    p90: float

    @classmethod
    def of_mean(cls, mean: float, variance: float) -> Self:
        """Return the lognormal distribution with this mean in minutes and this variance in square minutes."""
        if mean <= 0:
            return cls(0.0, 0.0)
        square = math.log1p(variance / mean**2)
        median = mean / math.exp(square / 2)
        return cls(median, median * math.exp(_quantile(0.9) * math.sqrt(square)))

    @property
    def sigma(self) -> float:
        """The standard deviation of the logarithm of the minutes."""
        return math.log(self.p90 / self.median) / _quantile(0.9) if self.p90 > self.median > 0 else 0.0

    @property
    def mean(self) -> float:
        """The mean in minutes, at least the median."""
        return self.median * math.exp(self.sigma**2 / 2)

    @property
    def variance(self) -> float:
        """The variance in square minutes."""
        return self.mean**2 * math.expm1(self.sigma**2)

    def at(self, share: float) -> float:
        """Return the minutes that are enough for a share of the walks, such as 0.9."""
        return self.median * math.exp(_quantile(share) * self.sigma)

    def chance(self, minutes: float) -> float:
        """Return the share of the walks that need at most `minutes`."""
        if self.sigma == 0:
            return 1.0 if minutes >= self.median else 0.0
        return _NORMAL.cdf(math.log(minutes / self.median) / self.sigma) if minutes > 0 else 0.0

    def times(self, factor: float) -> "Spread":
        """Return the spread of a way that takes `factor` times as long."""
        return Spread(self.median * factor, self.p90 * factor)

    def __add__(self, other: "Spread") -> "Spread":
        """Return the spread of one way after the other.

        Means and variances add, and the sum is taken as lognormal again (Fenton-Wilkinson). Percentiles do not add:
        two ways are rarely both slow.
        """
        if not (self.variance or other.variance):
            return Spread(self.median + other.median, self.median + other.median)
        return Spread.of_mean(self.mean + other.mean, self.variance + other.variance)
