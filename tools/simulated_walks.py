"""Simulated conferences whose true walking times are known: for the tests and for the benchmarks of learned minutes."""

import math
import statistics
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from bot.domain.walks.group import Prior
from bot.domain.walks.walk import Batch, Walk, WalkedLeg, WalkOutcome, half_minutes

FIRST = date(2026, 11, 30)
LEG = WalkedLeg("Venetian", "Wynn")
JUNK = 0.05
"""Share of taps that are no walk."""
DOUBLE_TAPS = 0.4
"""Share of them that are double taps; the others were forgotten until later."""
FIRST_WAY = 0.6
"""Share of people who take the shorter of two ways."""
PEAK = 1.2
"""A walk in the crowd takes this many times as long."""
LEGS = 15
STATIC_OFF = (-0.15, 0.0, 0.15)
"""The static source is off by one of these in log minutes, on all legs."""
LEG_OFF = 0.3
"""Standard deviation of one leg around it."""


def _two_ways(random: Random) -> float:
    return random.lognormvariate(-0.15, 0.12) if random.random() < FIRST_WAY else random.lognormvariate(0.25, 0.12)


TRUTHS: dict[str, Callable[[Random], float]] = {
    "lognormal": lambda random: random.lognormvariate(0, 0.22),
    "gamma": lambda random: random.gammavariate(20, 1 / 20),
    "normal": lambda random: max(0.3, random.gauss(1, 0.2)),
    "a shuttle with its wait": lambda random: 0.7 * random.lognormvariate(0, 0.12) + 0.6 * random.random(),
    "two ways": _two_ways,
    "a heavy queue": lambda random: 0.85 * random.lognormvariate(0, 0.15) + random.expovariate(5),
}


@dataclass(frozen=True, slots=True)
class Conference:
    """Legs with a true median each, in minutes, and the minutes of a static source that is off."""

    random: Random
    draw: Callable[[Random], float]
    middle: float
    medians: dict[WalkedLeg, float]
    priors: dict[WalkedLeg, Prior]

    @classmethod
    def of(cls, random: Random, truth: str, off: float | None = None) -> "Conference":
        """A conference with one kind of truth; the static source is off by `off` in log minutes."""
        draw = TRUTHS[truth]
        middle = statistics.median(draw(random) for _ in range(4001))
        shared = random.choice(STATIC_OFF) if off is None else off
        priors = {WalkedLeg("Start", f"Venue {number}"): Prior(random.uniform(8, 45)) for number in range(LEGS)}
        medians = {
            leg: prior.minutes * math.exp(shared) * random.lognormvariate(0, LEG_OFF) for leg, prior in priors.items()
        }
        return cls(random, draw, middle, medians, priors)

    def minutes(self, leg: WalkedLeg, times: float = 1.0) -> float:
        """The true minutes of one walk that takes `times` as long as usual."""
        return times * self.medians[leg] * self.draw(self.random) / self.middle

    def tapped_minutes(self, leg: WalkedLeg, times: float = 1.0) -> float:
        """The minutes of one walk as they are tapped: some taps are no walk."""
        minutes = self.minutes(leg, times)
        if self.random.random() >= JUNK:
            return minutes
        return (
            self.random.uniform(0.5, 2)
            if self.random.random() < DOUBLE_TAPS
            else minutes + self.random.uniform(15, 120)
        )

    def tapped(self, leg: WalkedLeg, day: int = 0, *, peak: bool = False, times: float = 1.0) -> Walk:
        """One walk as it is tapped, `PEAK` times as long in the crowd."""
        return walk(self.tapped_minutes(leg, times * (PEAK if peak else 1)), leg, day, peak=peak)

    def in_time(self, leg: WalkedLeg, minutes: float, times: float = 1.0, people: int = 20) -> tuple[int, int]:
        """How many of `people` need at most `minutes`, and `people`."""
        return sum(self.minutes(leg, times) <= minutes for _ in range(people)), people


def conferences(seed: int, rounds: int, off: float | None = None) -> Iterator[Conference]:
    """Conferences of all truths, `rounds` of each."""
    random = Random(seed)  # noqa: S311 — a simulation
    for _ in range(rounds):
        for truth in TRUTHS:
            yield Conference.of(random, truth, off)


def walk(
    minutes: float,
    leg: WalkedLeg = LEG,
    day: int = 0,
    *,
    peak: bool = False,
    outcome: WalkOutcome = WalkOutcome.ARRIVED,
) -> Walk:
    """One walk as it is counted, to half a minute, on a day after the first."""
    return Walk(Batch(leg, FIRST + timedelta(days=day), peak, outcome), half_minutes(minutes))
