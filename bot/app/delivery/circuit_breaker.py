"""A circuit breaker: a platform that fails again and again is left alone for a while, then tried with one message."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

FAILURES = 5
"""In a row, with no answer between them, open it."""
FIRST_REST = timedelta(seconds=15)
LONGEST_REST = timedelta(minutes=5)


class Circuit(StrEnum):
    """Closed: messages go out. Open: none does. Half open: one is tried, and decides."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half-open"


@dataclass(frozen=True, slots=True)
class Rest:
    """A while in which nothing is begun. A clock that is set back ends it: it was never meant to last that long."""

    since: datetime
    span: timedelta
    why: str

    @property
    def until(self) -> datetime:
        """When it is over."""
        return self.since + self.span

    def covers(self, now: datetime) -> bool:
        """Whether it lasts."""
        return self.since <= now < self.until


@dataclass(slots=True)
class CircuitBreaker:
    """Of one lane. `speed` is how fast its clock runs: rests are meant in real time."""

    speed: float = 1
    circuit: Circuit = Circuit.CLOSED
    rest: Rest | None = None
    _failures: int = 0
    _opened: int = 0

    def rests(self, now: datetime) -> bool:
        """Whether nothing may be begun now; one that was open and has rested is half open."""
        if self.rest is not None and self.rest.covers(now):
            return True
        self.rest = None
        if self.circuit is Circuit.OPEN:
            self.circuit = Circuit.HALF_OPEN
        return False

    def pause(self, now: datetime, span: timedelta, why: str) -> None:
        """Begin nothing for so long: somebody asked for it, and nothing failed."""
        asked = Rest(now, span * self.speed, why)
        if self.rest is None or not self.rest.covers(now) or self.rest.until < asked.until:
            self.rest = asked

    def answered(self) -> None:
        """The platform answered, whatever it said."""
        self._failures = self._opened = 0
        if self.circuit is Circuit.HALF_OPEN:
            self.circuit = Circuit.CLOSED

    def failed(self, now: datetime, why: str, jitter: float) -> None:
        """The platform did not answer, or failed; `jitter` from 0 to 1 spreads those who come back."""
        self._failures += 1
        if self.circuit is Circuit.HALF_OPEN or (self.circuit is Circuit.CLOSED and self._failures >= FAILURES):
            span = min(FIRST_REST * 2**self._opened, LONGEST_REST)
            self._opened = min(self._opened + 1, 10)
            self._failures = 0
            self.circuit = Circuit.OPEN
            self.pause(now, span * (0.5 + jitter / 2), why)
