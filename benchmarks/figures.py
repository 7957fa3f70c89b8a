"""Prints figures side by side: ours, the rival's, the ratio, and the bound that we promise."""

import logging
import os
import resource
import statistics
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

import structlog


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure; `at_most` or `at_least` is the bound, None where there is none."""

    what: str
    value: float
    unit: str
    at_most: float | None = None
    at_least: float | None = None

    @property
    def kept(self) -> bool:
        """Whether the bound is kept."""
        below = self.at_most is None or self.value <= self.at_most
        return below and (self.at_least is None or self.value >= self.at_least)

    @property
    def bound(self) -> str:
        """The bound in words, "" where there is none."""
        bounds = {"at most": self.at_most, "at least": self.at_least}
        said = " and ".join(f"{word} {value:,g}" for word, value in bounds.items() if value is not None)
        return f"  ({said}: {'kept' if self.kept else 'BROKEN'})" if said else ""


def tell(title: str, figures: Sequence[Figure]) -> bool:
    """Print a table, and how busy the machine is with whatever else; False if a bound is broken."""
    print(f"\n{title}\n  (load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores)")
    width = max([58, *(len(figure.what) for figure in figures)])
    for figure in figures:
        print(f"  {figure.what:<{width}} {figure.value:>12,.3f} {figure.unit}{figure.bound}", flush=True)
    return all(figure.kept for figure in figures)


def show(title: str, figures: Sequence[Figure]) -> None:
    """Print a table; exit with status 1 if a bound is broken."""
    if not tell(title, figures):
        sys.exit(1)


def quiet() -> None:
    """Log errors only: a line for each message would be what is measured."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))


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
