"""Prints figures: ours, the rival's, the ratio of the two, and the bound that Hallway promises."""

import logging
import os
import resource
import statistics
import sys
from collections.abc import Sequence
from dataclasses import dataclass

import structlog


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure. `at_most` and `at_least` are the promised bounds, None where nothing is promised."""

    name: str
    value: float
    unit: str
    at_most: float | None = None
    at_least: float | None = None

    @property
    def is_within(self) -> bool:
        """Whether the value is within the bounds."""
        below = self.at_most is None or self.value <= self.at_most
        return below and (self.at_least is None or self.value >= self.at_least)

    @property
    def bound(self) -> str:
        """The bounds as text."""
        limits = {"at most": self.at_most, "at least": self.at_least}
        text = " and ".join(f"{word} {limit:,g}" for word, limit in limits.items() if limit is not None)
        return f"  ({text}: {'kept' if self.is_within else 'BROKEN'})" if text else ""


def show(title: str, figures: Sequence[Figure]) -> None:
    """Print a table and the load of the machine; exit with status 1 if a bound is broken."""
    print(f"\n{title}\n  (load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores)")
    width = max([58, *(len(figure.name) for figure in figures)])
    for figure in figures:
        print(f"  {figure.name:<{width}} {figure.value:>12,.3f} {figure.unit}{figure.bound}", flush=True)
    # A small run only shows that the benchmark works: its figures mean nothing.
    if not all(figure.is_within for figure in figures) and not is_small():
        sys.exit(1)


def is_small() -> bool:
    """Whether the benchmark was started with `--small`, as the tests do."""
    return "--small" in sys.argv


def quiet() -> None:
    """Log errors only: a line for each message would be part of what is measured."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))


def percentile(samples: Sequence[float], percent: int) -> float:
    """The percentile of samples, in their unit."""
    return statistics.quantiles(samples, n=100, method="inclusive")[percent - 1]


def peak_mib() -> float:
    """The largest resident size of this process so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
