"""The belief about the minutes of one leg: a normal-inverse-gamma distribution of their logarithm."""

import math
from dataclasses import dataclass, replace

from bot.domain.walks.t_distribution import t_cdf, t_quantile

WITHIN = 0.22
"""Standard deviation of log minutes among the walks of one leg, before any was walked."""
SHAPE = 3.0
"""How firmly `WITHIN` is believed: the shape of the inverse gamma distribution."""


@dataclass(frozen=True, slots=True)
class Sums:
    """Weighted sums over log minutes."""

    weight: float = 0.0
    total: float = 0.0
    squares: float = 0.0

    def __add__(self, other: "Sums") -> "Sums":
        """Return the sums over both."""
        return Sums(self.weight + other.weight, self.total + other.total, self.squares + other.squares)

    def moved(self, by: float) -> "Sums":
        """The sums as if every value had been larger by `by`."""
        weight, total = self.weight, self.total
        return Sums(weight, total + by * weight, self.squares + 2 * by * total + by * by * weight)

    def times(self, share: float) -> "Sums":
        """The sums as if every value counted `share` as much."""
        return Sums(self.weight * share, self.total * share, self.squares * share)


NONE = Sums()


@dataclass(frozen=True, slots=True)
class Belief:
    """A normal-inverse-gamma distribution of log minutes.

    Attributes:
        centre: the expected logarithm.
        weight: the number of walks that the centre counts as.
        shape, rate: the inverse gamma distribution of the variance.
        doubt: additional variance, of the values shared with other legs.
    """

    centre: float
    weight: float
    shape: float = SHAPE
    rate: float = WITHIN**2 * (SHAPE - 1)
    doubt: float = 0.0

    @classmethod
    def around(cls, centre: float, doubt: float) -> "Belief":
        """The belief before any walk: `doubt` is the standard deviation of the centre, of log minutes."""
        return cls(centre, (WITHIN / doubt) ** 2)

    def after(self, sums: Sums) -> "Belief":
        """The belief after the walks in `sums`."""
        if sums.weight <= 0:
            return self
        mean = sums.total / sums.weight
        spread = max(0.0, sums.squares - sums.weight * mean * mean)
        weight = self.weight + sums.weight
        surprise = self.weight * sums.weight * (mean - self.centre) ** 2 / weight
        centre = self.centre + (mean - self.centre) * sums.weight / weight
        return Belief(centre, weight, self.shape + sums.weight / 2, self.rate + (spread + surprise) / 2)

    @property
    def df(self) -> float:
        """Degrees of freedom of the next walk."""
        return 2 * self.shape

    @property
    def scale(self) -> float:
        """Scale of the next walk's log minutes, which have a Student t distribution around the centre."""
        return math.sqrt(self.rate * (self.weight + 1) / (self.shape * self.weight) + self.doubt)

    def minutes(self, share: float) -> float:
        """Return the minutes that are enough for `share` of the next walks."""
        return math.exp(self.centre + t_quantile(share, self.df) * self.scale)

    def chance(self, minutes: float) -> float:
        """Return the share of the next walks that need at most `minutes`, more than 0."""
        return t_cdf((math.log(minutes) - self.centre) / self.scale, self.df)

    def moved(self, by: float, doubt: float = 0.0) -> "Belief":
        """The belief about a leg whose log minutes are larger by `by`, with a variance of `doubt`."""
        return replace(self, centre=self.centre + by, doubt=self.doubt + doubt)

    def log_evidence(self, sums: Sums) -> float:
        """Return the log probability density of the walks in `sums` under this belief."""
        then = self.after(sums)
        return (
            math.lgamma(then.shape)
            - math.lgamma(self.shape)
            + self.shape * math.log(self.rate)
            - then.shape * math.log(then.rate)
            + 0.5 * math.log(self.weight / then.weight)
            - 0.5 * sums.weight * math.log(2 * math.pi)
        )
