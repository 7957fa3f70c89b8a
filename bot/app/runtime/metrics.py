"""Measurements in memory, exported by `/metrics`.

They hold no personal data: their labels are platforms, kinds, states and lanes.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.app.ports import DeliveryState, Waiting

LATE = (0.1, 0.5, 1.0, 5.0, 15.0, 60.0, 300.0, 900.0, 3600.0)
"""Seconds after its due time at which a nudge was sent."""
WAITS = (0.001, 0.005, 0.02, 0.1, 0.5, 1.0, 5.0, 30.0)
"""Seconds that a request waited in a queue."""


@dataclass(slots=True)
class Histogram:
    """Counts observed values by upper bound, and adds them up."""

    bounds: Sequence[float]
    counts: list[int] = field(init=False)
    sum: float = 0.0

    def __post_init__(self) -> None:
        """One count for each bound, and one for larger values."""
        self.counts = [0] * (len(self.bounds) + 1)

    def observe(self, value: float) -> None:
        """Count `value`."""
        self.counts[bisect_left(self.bounds, value)] += 1
        self.sum += value


def _by_label(bounds: Sequence[float]) -> Callable[[], "Histograms"]:
    return lambda: Histograms(bounds)


class Histograms(dict[str, Histogram]):
    """A histogram for each label, created when it is first used."""

    def __init__(self, bounds: Sequence[float]) -> None:
        super().__init__()
        self._bounds = bounds

    def __missing__(self, label: str) -> Histogram:
        made = self[label] = Histogram(self._bounds)
        return made


@dataclass(slots=True)
class Metrics:
    """Everything that is counted in one process since it started."""

    attempts: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    """By platform, kind and resulting state; `owed` means that it is tried again."""
    late: Histograms = field(default_factory=_by_label(LATE))
    """By kind: seconds between the due time and the sending of a delivery."""
    paced: Histograms = field(default_factory=_by_label(WAITS))
    """By platform: seconds that a request waited for the rate limiter."""
    store: Histograms = field(default_factory=_by_label(WAITS))
    """By `read` and `write`: seconds until a transaction began."""
    claims: Counter[str] = field(default_factory=Counter)
    """By lane: deliveries claimed."""
    breakers: Mapping[str, str] = field(default_factory=dict)
    """By lane: closed, open or half-open."""
    waiting: Sequence[Waiting] = ()
    """The deliveries that wait, as last read from the store."""

    def attempted(self, platform: str, kind: str, state: DeliveryState, late: float) -> None:
        """Count one attempt of a delivery, `late` seconds after it was due."""
        self.attempts[platform, kind, state] += 1
        if state is DeliveryState.SENT:
            self.late[kind].observe(late)
