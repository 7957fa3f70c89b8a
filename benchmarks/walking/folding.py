"""What learning costs: counting a million walks beside a loop that only adds them up, a refit, and one question."""

import gc
import time
from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from statistics import median

from benchmarks.figures import Figure, is_small, show
from bot.domain.walks.group import Group, Prior, fit
from bot.domain.walks.walk import Batch, Cells, Walk, WalkedLeg, WalkOutcome, fold, half_minutes

WALKS = 2_000 if is_small() else 1_000_000
VENUES, ROUNDS, QUERIES = (6, 2, 500) if is_small() else (25, 5, 20_000)


def seconds(work: Callable[[], object]) -> float:
    """Seconds of processor time: other programs on the machine do not count."""
    gc.collect()
    begins = time.process_time()
    work()
    return time.process_time() - begins


def walks(random: Random, day_count: int) -> list[Walk]:
    """Walks on all legs between the venues in some days, a third of them in the crowd."""
    names = [f"Venue {number}" for number in range(VENUES)]
    legs = [WalkedLeg(origin, target) for origin in names for target in names if origin != target]
    middles = {leg: random.uniform(2, 3.6) for leg in legs}
    days = [date(2026, 11, 30) + timedelta(days=day) for day in range(day_count)]
    batches = [
        Batch(leg, day, peak, WalkOutcome.ARRIVED) for leg in legs for day in days for peak in (False, False, True)
    ]
    chosen = random.choices(batches, k=WALKS)
    return [Walk(batch, half_minutes(random.lognormvariate(middles[batch.leg], 0.22))) for batch in chosen]


def added_up(taps: list[Walk]) -> dict[Batch, int]:
    """The least that any estimate needs: a sum for each leg, day and crowd."""
    sums: dict[Batch, int] = {}
    for batch, half in taps:
        sums[batch] = sums.get(batch, 0) + half
    return sums


def folded(taps: list[Walk]) -> Cells:
    """The histograms of all walks."""
    cells: Cells = {}
    fold(cells, taps)
    return cells


def asked(group: Group) -> None:
    """One percentile of one leg after the other."""
    legs = list(group.walked)
    for number in range(QUERIES):
        belief = group.belief(legs[number % len(legs)], peak=number % 2 == 0)
        assert belief
        belief.minutes(0.9)


def measured(days: int, most: float) -> None:
    """Print the ratios; each is the middle of five runs.

    Args:
        days: the walks are from so many days. A fit looks for a change between any two of them.
        most: the promised bound of a fit, in countings of 500,000 walks.
    """
    taps = walks(Random(1), days)
    priors = {batch.leg: Prior(15) for batch, _ in taps}
    cells = folded(taps)
    group = fit(cells, priors)
    # The walks stay as they are: the collector need not look through a million of them in each round.
    gc.freeze()
    rounds = [
        (
            seconds(lambda: added_up(taps)),
            seconds(lambda: folded(taps)),
            seconds(lambda: fit(cells, priors)),
            seconds(lambda: asked(group)),
        )
        for _ in range(ROUNDS)
    ]
    gc.unfreeze()
    half = 500_000 / WALKS
    fit_ratio = median(round_[2] / (round_[1] * half) for round_ in rounds)
    show(
        f"Hallway learns from {WALKS:,} walks of {'a day' if days == 1 else f'{days} days'} on {len(priors)} legs",
        [
            Figure("a bare loop that adds them up", median(round_[0] for round_ in rounds), "s"),
            Figure("Hallway counts them", median(round_[1] for round_ in rounds), "s"),
            Figure("counting / adding up", median(round_[1] / round_[0] for round_ in rounds), "x", at_most=2),
            Figure("Hallway fits all legs again", median(round_[2] for round_ in rounds), "s"),
            Figure("a fit / counting 500,000 walks", fit_ratio, "x", at_most=most),
            Figure("one percentile", median(round_[3] for round_ in rounds) / QUERIES * 1e6, "us", at_most=20),
        ],
    )


def main() -> None:
    """Measure the walks of one day, as in the study, and of a whole conference."""
    measured(days=1, most=1)
    measured(days=5, most=2)


if __name__ == "__main__":
    main()
