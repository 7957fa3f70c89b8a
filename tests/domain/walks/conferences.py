"""Small simulated conferences whose true walking times are known."""

import math
import statistics
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from bot.domain.walks.group import Prior
from bot.domain.walks.walk import Batch, Walk, WalkedLeg, WalkOutcome, half_minutes

FIRST = date(2026, 11, 30)
LEG = WalkedLeg("Venetian", "Wynn")
JUNK = 0.05
PEAK = 1.2


def _gamma(random: Random) -> float:
    return random.gammavariate(20, 1 / 20)


def _two_ways(random: Random) -> float:
    return random.lognormvariate(-0.15, 0.12) if random.random() < 0.6 else random.lognormvariate(0.25, 0.12)


TRUTHS: dict[str, Callable[[Random], float]] = {
    "lognormal": lambda random: random.lognormvariate(0, 0.22),
    "gamma": _gamma,
    "normal": lambda random: max(0.3, random.gauss(1, 0.2)),
    "a shuttle": lambda random: 0.7 * random.lognormvariate(0, 0.12) + 0.6 * random.random(),
    "two ways": _two_ways,
    "a queue": lambda random: 0.85 * random.lognormvariate(0, 0.15) + random.expovariate(5),
}


@dataclass(frozen=True, slots=True)
class Conference:
    """Legs with a true median each, and a static source that is off."""

    random: Random
    draw: Callable[[Random], float]
    middle: float
    medians: dict[WalkedLeg, float]
    priors: dict[WalkedLeg, Prior]

    @classmethod
    def of(cls, random: Random, truth: str, legs: int = 15) -> "Conference":
        draw = TRUTHS[truth]
        middle = statistics.median(draw(random) for _ in range(2001))
        off = math.exp(random.choice((-0.15, 0.0, 0.15)))
        priors = {WalkedLeg("Start", f"Venue {number}"): Prior(random.uniform(8, 45)) for number in range(legs)}
        medians = {leg: prior.minutes * off * random.lognormvariate(0, 0.3) for leg, prior in priors.items()}
        return cls(random, draw, middle, medians, priors)

    def minutes(self, leg: WalkedLeg, times: float = 1.0) -> float:
        """True minutes of one walk."""
        return times * self.medians[leg] * self.draw(self.random) / self.middle

    def tapped(self, leg: WalkedLeg, day: int = 0, *, peak: bool = False, times: float = 1.0) -> Walk:
        """One walk as it is tapped: some taps are junk."""
        minutes = self.minutes(leg, times * (PEAK if peak else 1))
        if self.random.random() < JUNK:
            late = minutes + self.random.uniform(15, 120)
            minutes = self.random.uniform(0.5, 2) if self.random.random() < 0.4 else late
        return walk(minutes, leg, day, peak=peak)

    def in_time(self, leg: WalkedLeg, minutes: float, times: float = 1.0, people: int = 20) -> tuple[int, int]:
        """How many of so many people need at most these minutes."""
        return sum(self.minutes(leg, times) <= minutes for _ in range(people)), people


def walk(
    minutes: float,
    leg: WalkedLeg = LEG,
    day: int = 0,
    *,
    peak: bool = False,
    outcome: WalkOutcome = WalkOutcome.ARRIVED,
) -> Walk:
    """One walk, to half a minute."""
    return Walk(Batch(leg, FIRST + timedelta(days=day), peak, outcome), half_minutes(minutes))
