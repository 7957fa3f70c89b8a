"""When to retry a failed delivery: exponential backoff with full jitter, within its lifetime."""

from datetime import datetime, timedelta

FIRST, LONGEST = timedelta(seconds=30), timedelta(minutes=10)
SOONEST = timedelta(seconds=1)
REPEAT = timedelta(seconds=2)
"""Delay for a delivery that may have arrived: short, while the platform still remembers its key."""


def retry_at(now: datetime, expires_at: datetime, attempt: int, jitter: float, first: timedelta = FIRST) -> datetime:
    """Return when to retry after attempt `attempt`, before `expires_at` if time is left; `jitter` is in [0, 1]."""
    span = min(first * float(2 ** min(attempt - 1, 10)), LONGEST, (expires_at - now) / 2)
    return now + max(SOONEST, span * jitter)
