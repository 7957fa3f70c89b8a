"""When to retry a failed delivery: exponential backoff with full jitter, within its lifetime."""

import math
from datetime import datetime, timedelta

FIRST, LONGEST = timedelta(seconds=30), timedelta(minutes=10)
SOONEST = timedelta(seconds=1)
REPEAT = timedelta(seconds=2)
"""Delay for a delivery that may have arrived: short, while the platform still remembers its key."""

LONGEST_PAUSE = timedelta(minutes=15)
"""The longest pause that a platform gets by asking for it; then one message is tried."""


def pause_asked(retry_after: str, otherwise: float) -> float:
    """Return the seconds that a `Retry-After` header asks for, at most `LONGEST_PAUSE`.

    Args:
        retry_after: the header's value, which may be any text.
        otherwise: the seconds if it is not a number, or a negative one.
    """
    try:
        seconds = float(retry_after[:400])
    except ValueError:
        return otherwise
    return bounded_pause(seconds) if seconds >= 0 else otherwise


def bounded_pause(seconds: float) -> float:
    """Return a pause in seconds that is neither negative nor longer than `LONGEST_PAUSE`."""
    return LONGEST_PAUSE.total_seconds() if math.isnan(seconds) else min(max(seconds, 0), LONGEST_PAUSE.total_seconds())


def retry_at(now: datetime, expires_at: datetime, attempt: int, jitter: float, first: timedelta = FIRST) -> datetime:
    """Return when to retry after attempt `attempt`, before `expires_at` if time is left; `jitter` is in [0, 1]."""
    span = min(first * float(2 ** min(attempt - 1, 10)), LONGEST, (expires_at - now) / 2)
    return now + max(SOONEST, span * jitter)
