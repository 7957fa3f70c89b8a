"""When a large part of the conference changes rooms at once."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Self

from bot.domain.schedule.session import Session

LARGE_PART = 0.2
"""Share of a day's sessions that end at the same moment."""
AROUND = timedelta(minutes=10)
"""How long before and after such an end the ways are crowded."""
FEWEST = 5
"""Sessions that end together; on a small day two of them are no crowd."""


@dataclass(frozen=True, slots=True)
class Peaks:
    """The moments at which many sessions end, in order."""

    ends: tuple[datetime, ...] = ()

    @classmethod
    def of(cls, sessions: Iterable[Session], tz: tzinfo) -> Self:
        """Find them in a schedule."""
        by_day: dict[date, Counter[datetime]] = {}
        for session in sessions:
            if session.takes_place and not session.online:
                by_day.setdefault(session.day(tz), Counter())[session.ends_at] += 1
        ends = [
            end
            for counts in by_day.values()
            for end, count in counts.items()
            if count >= max(FEWEST, LARGE_PART * counts.total())
        ]
        return cls(tuple(sorted(ends)))

    def covers(self, moment: datetime) -> bool:
        """Whether the ways are crowded for somebody who leaves at `moment`."""
        at = bisect_left(self.ends, moment - AROUND)
        return at < len(self.ends) and self.ends[at] <= moment + AROUND


NO_PEAKS = Peaks()
