"""The real clock, and a simulated clock that can be set and can run at another speed."""

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta


class SystemClock:
    """A clock that shows the real time."""

    def now(self) -> datetime:
        """The current real time, in UTC."""
        return datetime.now(UTC)


@dataclass(slots=True)
class RehearsalClock:
    """A simulated clock: starts at `start` and runs `speed` times as fast as the real one.

    At speed 0 it stands still, and only `move_to` changes its time.
    """

    start: datetime
    speed: float = 0
    _since: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        """Convert `start` to UTC: local time jumps when daylight saving time begins or ends."""
        self.start = self.start.astimezone(UTC)

    def now(self) -> datetime:
        """The simulated time, in UTC."""
        return self.start + timedelta(seconds=(time.monotonic() - self._since) * self.speed)

    def move_to(self, moment: datetime) -> None:
        """Set the clock to `moment`, forwards or backwards; it continues from there."""
        self.start, self._since = moment.astimezone(UTC), time.monotonic()

    def run_at(self, speed: float) -> None:
        """Run at another speed from now on; at 0 the clock stands still."""
        self.move_to(self.now())
        self.speed = speed
