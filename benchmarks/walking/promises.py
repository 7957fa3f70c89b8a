"""Do 9 in 10 of those who follow the advice arrive in time? In simulated conferences whose true minutes are known.

Hallway's learned minutes stand beside the static median (the advice before there was a spread), the 90th percentile of
the last ten walks, and a moving average with 1.6 deviations, as TCP times its packets. Nothing here measures time.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import fmean, quantiles

from benchmarks.figures import Figure, is_small, show
from bot.domain.walks.group import fit
from bot.domain.walks.level import SURE, adapted_level
from bot.domain.walks.publishing import LegState, publish
from bot.domain.walks.voice import Voice
from bot.domain.walks.walk import Cells, WalkedLeg, WalkOutcome, fold
from tools.simulated_walks import PEAK, Conference, conferences, walk

SEED = 20261130
FOLLOWERS = 40
"""How many people follow each promise."""
SIZE = 1 if is_small() else 24
"""Conferences of each kind of truth."""
LOWEST, HIGHEST = 0.88, 0.92
DAY_BEFORE, SHOCK_DAY, DAY_AFTER = 2, 3, 4


@dataclass(slots=True)
class Score:
    """How many of those who followed arrived in time, and how far the medians were off, in minutes."""

    arrived: int = 0
    followed: int = 0
    errors: list[float] = field(default_factory=list)

    @property
    def share(self) -> float:
        """The share who arrived in time."""
        return self.arrived / self.followed

    def follow(self, conference: Conference, leg: WalkedLeg, minutes: float, times: float = 1.0) -> tuple[int, int]:
        """Let people follow a promise on a leg; return how many there are, and how many arrived in time."""
        arrived = sum(conference.minutes(leg, times) <= minutes for _ in range(FOLLOWERS))
        self.arrived += arrived
        self.followed += FOLLOWERS
        return FOLLOWERS, arrived


def last_ten(static: float, walks: Sequence[float]) -> float:
    """The 90th percentile of the last ten walks."""
    if len(walks) < 2:
        return walks[-1] if walks else static
    return quantiles(walks[-10:], n=10, method="inclusive")[-1]


def moving_average(static: float, walks: Sequence[float]) -> float:
    """An average that follows the walks, with 1.6 mean deviations."""
    if not walks:
        return static
    mean, deviation = walks[0], walks[0] / 4
    for minutes in walks[1:]:
        deviation += (abs(minutes - mean) - deviation) / 4
        mean += (minutes - mean) / 8
    return mean + 1.6 * deviation


RIVALS: dict[str, Callable[[float, Sequence[float]], float]] = {
    "the static median": lambda static, _: static,
    "the last ten walks": last_ten,
    "a moving average": moving_average,
}


def by_count(count: int) -> dict[str, Score]:
    """With so many walks on every leg."""
    scores = {name: Score() for name in ("Hallway", "Hallway, as published", *RIVALS)}
    for conference in conferences(SEED + count, SIZE):
        walks = {leg: [conference.tapped_minutes(leg) for _ in range(count)] for leg in conference.priors}
        cells: Cells = {}
        fold(cells, [walk(minutes, leg) for leg, taps in walks.items() for minutes in taps])
        group = fit(cells, conference.priors)
        public = publish(group, dict.fromkeys(walks, LegState(count, count)), changed=100)
        for leg, prior in conference.priors.items():
            belief = group.belief(leg)
            assert belief
            scores["Hallway"].errors.append(abs(belief.minutes(0.5) - conference.medians[leg]))
            scores["Hallway"].follow(conference, leg, belief.minutes(SURE))
            scores["Hallway, as published"].follow(conference, leg, public[leg].p90)
            for name, rival in RIVALS.items():
                scores[name].follow(conference, leg, rival(prior.minutes, walks[leg]))
    return scores


def in_the_crowd() -> dict[str, Score]:
    """20 walks on 8 of 15 legs; in the crowd a walk takes 1.2 times as long, and each leg has more or less of it."""
    scores: dict[str, Score] = {}
    for conference in conferences(SEED, 3 * SIZE):
        walked = list(conference.priors)[:8]
        cells: Cells = {}
        for leg in walked:
            crowd = conference.random.choice((0.1, 0.3, 0.6, 0.9))
            for _ in range(20):
                peak = conference.random.random() < crowd
                fold(cells, [conference.tapped(leg, peak=peak)])
        group = fit(cells, conference.priors)
        for leg, prior in conference.priors.items():
            for peak in (False, True):
                belief = group.belief(leg, peak=peak)
                assert belief
                name = f"{'walked' if leg in walked else 'never walked'}, {'peak' if peak else 'off-peak'}"
                times = PEAK if peak else 1
                scores.setdefault(name, Score()).follow(conference, leg, belief.minutes(SURE), times)
                today = f"the static median, {'peak' if peak else 'off-peak'}"
                scores.setdefault(today, Score()).follow(conference, leg, prior.minutes, times)
    return scores


def bridge(legs: int) -> dict[int, Score]:
    """20 walks a day on each leg; from the fourth day on some legs take 1.3 times as long."""
    scores: dict[int, Score] = {}
    for conference in conferences(SEED, max(1, SIZE // 4)):
        closed = set(list(conference.priors)[:legs])
        cells: Cells = {}
        days: dict[WalkedLeg, list[tuple[int, int]]] = {leg: [] for leg in conference.priors}
        for day in range(DAY_AFTER + 1):
            group = fit(cells, conference.priors)
            for leg, past in days.items():
                times = 1.3 if leg in closed and day >= SHOCK_DAY else 1.0
                belief = group.belief(leg)
                assert belief
                score = scores.setdefault(day, Score()) if leg in closed else Score()
                past.append(score.follow(conference, leg, belief.minutes(adapted_level(past)), times))
                fold(cells, [conference.tapped(leg, day, times=times) for _ in range(20)])
    return scores


def latecomers() -> dict[str, Score]:
    """20 walks a leg; 60 % of those who come late never tap, and some ways to count them."""
    scores = {name: Score() for name in ("left out", 'asked, "not yet"', "known")}
    for conference in conferences(SEED, max(1, SIZE // 2)):
        for name, score in scores.items():
            cells: Cells = {}
            for _ in range(4):
                group = fit(cells, conference.priors)
                for leg in conference.priors:
                    belief = group.belief(leg)
                    assert belief
                    promised = belief.minutes(SURE)
                    for _ in range(5):
                        minutes, outcome = conference.tapped_minutes(leg), WalkOutcome.ARRIVED
                        if minutes > promised and name != "known" and conference.random.random() < 0.6:
                            if name == "left out":
                                continue
                            minutes, outcome = promised, WalkOutcome.NOT_YET
                        fold(cells, [walk(minutes, leg, outcome=outcome)])
            group = fit(cells, conference.priors)
            for leg in conference.priors:
                belief = group.belief(leg)
                assert belief
                score.follow(conference, leg, belief.minutes(SURE))
    return scores


def liars(honest: int, count: int, minutes: float, taps: int = 1) -> float:
    """The published percentile of a leg with a median of 25 minutes, some of whose walks are lies."""
    percentiles: list[float] = []
    for conference in conferences(SEED, SIZE, off=0.0):
        leg = next(iter(conference.priors))
        true = conference.medians[leg]
        voices = [Voice.first(walk(conference.minutes(leg, 25 / true), leg)) for _ in range(honest)]
        for _ in range(count):
            voice = Voice.first(walk(minutes, leg))
            for _ in range(taps - 1):
                voice = voice.after(walk(minutes, leg))
            voices.append(voice)
        cells: Cells = {}
        for voice in voices:
            cells.setdefault(voice.batch, [0] * 481)[voice.half] += 1
        prior = {leg: type(conference.priors[leg])(25)}
        percentiles.append(publish(fit(cells, prior), {leg: LegState(len(voices), len(voices))}, changed=100)[leg].p90)
    return fmean(percentiles)


def _share(name: str, score: Score, low: float | None = None, high: float | None = None) -> Figure:
    return Figure(name, score.share, "in time", at_most=high, at_least=low)


def _by_count() -> list[Figure]:
    figures: list[Figure] = []
    most = {20: 1.5, 100: 0.8}
    for count in (0, 1, 3, 5, 10, 20, 50, 100):
        scores = by_count(count)
        # Below 3 walks the promise is as good as the static source.
        low, high = (LOWEST, HIGHEST) if count >= 3 else (LOWEST if count == 0 else None, None)
        for name, score in scores.items():
            bounds = (low, high) if name.startswith("Hallway") else (None, None)
            figures.append(_share(f"{count} walks a leg: {name}", score, *bounds))
        error = fmean(scores["Hallway"].errors)
        figures.append(Figure(f"{count} walks a leg: error of Hallway's median", error, "min", at_most=most.get(count)))
    return figures


def main() -> None:
    """Print all shares."""
    show("Who follows Hallway's learned minutes and arrives in time: six kinds of truth, 5 % junk", _by_count())
    crowd = [
        _share(name, score, *((None, None) if name.startswith("the") else (LOWEST, HIGHEST)))
        for name, score in sorted(in_the_crowd().items())
    ]
    show("20 walks a leg on 8 of 15 legs, 1.2 times as long in the crowd", crowd)
    closed: list[Figure] = []
    for legs in (15, 1):
        scores = bridge(legs)
        for day, text in ((DAY_BEFORE, "the day before"), (SHOCK_DAY, "that day"), (DAY_AFTER, "the day after")):
            bounds = (0.87, 0.93) if day == DAY_AFTER else (None, None)
            closed.append(_share(f"bridges close on {legs} of 15 legs (x 1.3): {text}", scores[day], *bounds))
    show("A bridge closes, 20 walks a leg and day", closed)
    late = latecomers()
    promised = {'asked, "not yet"': (LOWEST, HIGHEST)}
    show("60 % of the late never tap", [_share(name, late[name], *promised.get(name, (None, None))) for name in late])
    show(
        "Liars: the published 9 in 10 of a leg with a median of 25 min",
        [
            Figure("10 honest people", liars(10, 0, 0), "min"),
            Figure("5 honest, one with 50 taps of a minute", liars(5, 1, 1, 50), "min", at_least=28),
            Figure("10 honest, three of 12 minutes", liars(10, 3, 12), "min", at_least=28),
            Figure("5 honest, three of 90 minutes", liars(5, 3, 90), "min", at_most=60),
            Figure("10 honest, three of 90 minutes", liars(10, 3, 90), "min", at_most=45),
        ],
    )


if __name__ == "__main__":
    main()
