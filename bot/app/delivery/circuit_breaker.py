"""A circuit breaker: a lane whose platform fails, or asks for a long pause, rests, and then tries one message."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.nudges.retry import LONGEST_PAUSE

FAILURES = 5
"""How many failures in a row open the breaker; an answer starts the count again."""
FIRST_REST = timedelta(seconds=15)
LONGEST_REST = timedelta(minutes=5)
LONG_PAUSE = timedelta(minutes=1)
"""A pause that a platform asks for opens the breaker from this length on, so that the lane shows as failing."""


class Circuit(StrEnum):
    """Closed: all messages are sent. Open: no message is sent. Half open: one is tried, and its result decides."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half-open"


@dataclass(frozen=True, slots=True)
class Rest:
    """A time in which no message is begun. It ends early if the clock is set back; otherwise it would last too long."""

    since: datetime
    span: timedelta
    why: str

    @property
    def until(self) -> datetime:
        """When the rest ends."""
        return self.since + self.span

    def covers(self, now: datetime) -> bool:
        """Whether the rest has begun and not ended."""
        return self.since <= now < self.until


@dataclass(slots=True)
class CircuitBreaker:
    """The breaker of one lane. `speed` is how fast its clock runs: rests are meant in real time."""

    speed: float = 1
    circuit: Circuit = Circuit.CLOSED
    rest: Rest | None = None
    _failures: int = 0
    _opened: int = 0

    def rests(self, now: datetime) -> bool:
        """Whether no message may be begun now. An open breaker whose rest has ended becomes half open."""
        if self.rest is not None and self.rest.covers(now):
            return True
        self.rest = None
        if self.circuit is Circuit.OPEN:
            self.circuit = Circuit.HALF_OPEN
        return False

    def pause(self, now: datetime, span: timedelta, why: str) -> None:
        """Rest for `span` of real time, at most `LONGEST_PAUSE`; a short pause does not count as a failure."""
        span = min(span, LONGEST_PAUSE)
        if span >= LONG_PAUSE:
            self.circuit = Circuit.OPEN
        rest = Rest(now, span * self.speed, why)
        if self.rest is None or not self.rest.covers(now) or self.rest.until < rest.until:
            self.rest = rest

    def answered(self) -> None:
        """Count an answer of the platform, also a refusal; this closes a half-open breaker."""
        self._failures = self._opened = 0
        if self.circuit is Circuit.HALF_OPEN:
            self.circuit = Circuit.CLOSED

    def failed(self, now: datetime, why: str, jitter: float) -> None:
        """Count a failure. `jitter` is a float in [0, 1) that spreads the ends of rests."""
        self._failures += 1
        if self.circuit is Circuit.HALF_OPEN or (self.circuit is Circuit.CLOSED and self._failures >= FAILURES):
            span = min(FIRST_REST * 2**self._opened, LONGEST_REST)
            self._opened = min(self._opened + 1, 10)
            self._failures = 0
            self.circuit = Circuit.OPEN
            self.pause(now, span * (0.5 + jitter / 2), why)
