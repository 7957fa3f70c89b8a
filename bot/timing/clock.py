"""The real clock, and one that is moved by hand or runs at another speed."""

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta


class SystemClock:
    """This instant."""

    def now(self) -> datetime:
        """In UTC."""
        return datetime.now(UTC)


@dataclass(slots=True)
class RehearsalClock:
    """Starts at `start` and runs `speed` times as fast as the real one; at speed 0 only `move_to` moves it."""

    start: datetime
    speed: float = 0
    _since: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        """Hours of the wall are not all as long as another: from here on it counts in UTC."""
        self.start = self.start.astimezone(UTC)

    def now(self) -> datetime:
        """The rehearsed instant, in UTC."""
        return self.start + timedelta(seconds=(time.monotonic() - self._since) * self.speed)

    def move_to(self, moment: datetime) -> None:
        """Make it `moment` now, earlier or later; the clock runs on from there."""
        self.start, self._since = moment.astimezone(UTC), time.monotonic()

    def run_at(self, speed: float) -> None:
        """Run at another speed from now on; 0 stands still."""
        self.move_to(self.now())
        self.speed = speed
