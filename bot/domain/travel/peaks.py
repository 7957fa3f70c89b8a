"""When a large part of the conference changes rooms at once."""

from bisect import bisect_left
from dataclasses import dataclass
from datetime import datetime, timedelta

AROUND = timedelta(minutes=10)
"""How long before and after such an end the ways are crowded."""


@dataclass(frozen=True, slots=True)
class Peaks:
    """The moments at which many sessions end, in order; `bot.domain.schedule.common_ends` finds them."""

    ends: tuple[datetime, ...] = ()

    def covers(self, moment: datetime) -> bool:
        """Whether the ways are crowded for somebody who leaves at `moment`."""
        at = bisect_left(self.ends, moment - AROUND)
        return at < len(self.ends) and self.ends[at] <= moment + AROUND


NO_PEAKS = Peaks()
