"""When something that failed is tried again: exponential backoff with full jitter, inside the time it has."""

from datetime import datetime, timedelta

FIRST, LONGEST = timedelta(seconds=30), timedelta(minutes=10)
SOONEST = timedelta(seconds=1)
REPEAT = timedelta(seconds=2)
"""For what may have arrived: soon, while the platform still knows its key."""


def retry_at(now: datetime, expires_at: datetime, attempt: int, dice: float, first: timedelta = FIRST) -> datetime:
    """A moment after attempt number `attempt`, by a `dice` from 0 to 1; before `expires_at` if that leaves any time."""
    span = min(first * float(2 ** min(attempt - 1, 10)), LONGEST, (expires_at - now) / 2)
    return now + max(SOONEST, span * dice)
