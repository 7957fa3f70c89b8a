"""When something that failed is tried again: exponential backoff with full jitter, inside the time it has."""

from datetime import datetime, timedelta

FIRST, LONGEST = timedelta(seconds=30), timedelta(minutes=10)
SOONEST = timedelta(seconds=1)
REPEAT = timedelta(seconds=2)
"""For what may have arrived: soon, while the platform still knows its key."""


def retry_at(now: datetime, expires_at: datetime, attempt: int, jitter: float, first: timedelta = FIRST) -> datetime:
    """Return when to retry after attempt `attempt`, before `expires_at` if time is left; `jitter` is in [0, 1]."""
    span = min(first * float(2 ** min(attempt - 1, 10)), LONGEST, (expires_at - now) / 2)
    return now + max(SOONEST, span * jitter)
