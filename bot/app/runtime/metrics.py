"""What is measured while Hallway works: plain numbers in memory, which whoever watches reads when they like.

Nothing in them tells of a person: their labels are platforms, kinds, states and lanes.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.app.ports import DeliveryState, Waiting

LATE = (0.1, 0.5, 1.0, 5.0, 15.0, 60.0, 300.0, 900.0, 3600.0)
"""Seconds after its due time at which a nudge was sent."""
WAITS = (0.001, 0.005, 0.02, 0.1, 0.5, 1.0, 5.0, 30.0)
"""Seconds that a request stood in a queue."""


@dataclass(slots=True)
class Histogram:
    """How many of the observed were at most as large as each bound, and their sum."""

    bounds: Sequence[float]
    counts: list[int] = field(init=False)
    sum: float = 0.0

    def __post_init__(self) -> None:
        """One count for each bound, and one for what is above them all."""
        self.counts = [0] * (len(self.bounds) + 1)

    def observe(self, value: float) -> None:
        """Count `value`."""
        self.counts[bisect_left(self.bounds, value)] += 1
        self.sum += value


def _by_label(bounds: Sequence[float]) -> Callable[[], "Histograms"]:
    return lambda: Histograms(bounds)


class Histograms(dict[str, Histogram]):
    """A histogram for each label, made when it is first observed."""

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
    """By platform, kind and what became of it; `owed` are those that are tried again."""
    late: Histograms = field(default_factory=_by_label(LATE))
    """By kind: seconds after the due time of what was sent."""
    paced: Histograms = field(default_factory=_by_label(WAITS))
    """By platform: seconds that a request waited for its turn."""
    store: Histograms = field(default_factory=_by_label(WAITS))
    """By `read` and `write`: seconds until a transaction began."""
    claims: Counter[str] = field(default_factory=Counter)
    """By lane: deliveries claimed."""
    breakers: Mapping[str, str] = field(default_factory=dict)
    """By lane: closed, open or half-open."""
    waiting: Sequence[Waiting] = ()
    """What the store last said of the outbox."""

    def attempted(self, platform: str, kind: str, state: DeliveryState, late: float) -> None:
        """One attempt of a delivery; `late` are the seconds since it was due."""
        self.attempts[platform, kind, state] += 1
        if state is DeliveryState.SENT:
            self.late[kind].observe(late)
