"""Load forecast: when sending must begin so that the last message of a peak is still on time.

Works on counts, not on single messages.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import heappop, heappush


@dataclass(frozen=True, slots=True)
class Load:
    """`count` messages that may be sent from `ready_at` on and are on time until `deadline`."""

    ready_at: datetime
    deadline: datetime
    count: int


@dataclass(frozen=True, slots=True)
class Forecast:
    """Forecast of one lane.

    Attributes:
        begins_at: the latest start of the first peak; None if no message waits.
        until: when that peak is over.
        head_start: how long after `begins_at` its first message is due.
        late: how many messages are late even so.
        ends_at: when the last message is out if the lane never idles.
    """

    begins_at: datetime | None = None
    until: datetime | None = None
    head_start: timedelta = timedelta()
    late: int = 0
    ends_at: datetime | None = None


def forecast(loads: Iterable[Load], a_second: float, now: datetime, grace: timedelta = timedelta()) -> Forecast:
    """Forecast a lane.

    Counts backwards from the deadlines: if every message is sent as late as possible, the start of that is the latest
    one that can keep all on time. From then on earliest deadline first is optimal (Jackson 1955).

    Args:
        a_second: messages that the lane may begin per second.
        grace: a message counts as late only this long after its deadline.
    """
    waiting = sorted((load for load in loads if load.count > 0), key=lambda load: load.deadline)
    if not waiting:
        return Forecast()
    begins = until = waiting[-1].deadline
    for load in reversed(waiting):
        if load.deadline < begins:
            begins = until = load.deadline
        begins -= timedelta(seconds=load.count / a_second)
    late, ends_at = _served(waiting, a_second, now, grace)
    head_start = waiting[0].deadline - begins
    begins_at = max(begins, min(load.ready_at for load in waiting))
    return Forecast(begins_at, until, head_start, late, ends_at)


def _served(loads: list[Load], a_second: float, now: datetime, grace: timedelta) -> tuple[int, datetime]:
    """Simulate earliest deadline first; return how many messages are late and when the last is out."""
    coming = sorted(loads, key=lambda load: load.ready_at, reverse=True)
    ready: list[tuple[datetime, int, float]] = []
    late, moment = 0, now
    while coming or ready:
        if not ready:
            moment = max(moment, coming[-1].ready_at)
        while coming and coming[-1].ready_at <= moment:
            load = coming.pop()
            heappush(ready, (load.deadline, len(coming), float(load.count)))
        deadline, order, count = heappop(ready)
        until = moment + timedelta(seconds=count / a_second)
        if coming and coming[-1].ready_at < until:
            until = coming[-1].ready_at
        sent = min(count, (until - moment).total_seconds() * a_second)
        late += _late(sent, deadline + grace, moment, a_second)
        moment = until
        if count - sent > TINY:
            heappush(ready, (deadline, order, count - sent))
    return late, moment


TINY = 1e-3
"""Fraction of a message that rounding to microseconds may leave."""


def _late(sent: float, deadline: datetime, begins: datetime, a_second: float) -> int:
    """Return how many of `sent` messages, begun at `begins`, miss the deadline."""
    on_time = max((deadline - begins).total_seconds() * a_second, 0.0)
    return max(round(sent - on_time), 0)
