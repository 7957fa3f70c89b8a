"""Prints figures side by side: ours, the rival's, the ratio, and the bound that we promise."""

import resource
import statistics
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure; `at_most` is the bound, None where there is none."""

    what: str
    value: float
    unit: str
    at_most: float | None = None

    @property
    def kept(self) -> bool:
        """Whether the bound is kept."""
        return self.at_most is None or self.value <= self.at_most


def show(title: str, figures: Sequence[Figure]) -> None:
    """Print a table; exit with status 1 if a bound is broken."""
    print(f"\n{title}")
    for figure in figures:
        bound = (
            "" if figure.at_most is None else f"  (at most {figure.at_most:g}: {'kept' if figure.kept else 'BROKEN'})"
        )
        print(f"  {figure.what:<58} {figure.value:>12,.3f} {figure.unit}{bound}")
    if not all(figure.kept for figure in figures):
        sys.exit(1)


def percentile(samples: Sequence[float], percent: int) -> float:
    """The percentile of samples, in their unit."""
    return statistics.quantiles(samples, n=100, method="inclusive")[percent - 1]


async def timed(work: Callable[[], Awaitable[Any]]) -> float:
    """Seconds that `work` took."""
    begins = time.perf_counter()
    await work()
    return time.perf_counter() - begins


def peak_mib() -> float:
    """The largest resident size of this process so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
