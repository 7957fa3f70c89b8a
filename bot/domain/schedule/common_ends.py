"""The moments at which so many sessions end that the ways between them are crowded."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, tzinfo

from bot.domain.schedule.session import Session
from bot.domain.travel.peaks import Peaks

LARGE_PART = 0.2
"""Share of a day's sessions that end at the same moment."""
FEWEST = 5
"""Sessions that end together; on a small day two of them are no crowd."""


def peaks_of(sessions: Iterable[Session], tz: tzinfo) -> Peaks:
    """Return the moments at which a large part of a day's sessions ends; `tz` says when a day begins."""
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
    return Peaks(tuple(sorted(ends)))
