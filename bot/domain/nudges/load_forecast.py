"""When a peak has to begin, so that its last message is still on time: pure, by counts and not by single messages."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import heappop, heappush


@dataclass(frozen=True, slots=True)
class Load:
    """So many messages that may be sent from `ready_at` on and are on time until `deadline`."""

    ready_at: datetime
    deadline: datetime
    count: int


@dataclass(frozen=True, slots=True)
class Forecast:
    """What becomes of a lane's load.

    The first peak has to begin at `begins_at` at the latest and is over at `until`; its first message is wanted
    `head_start` after it begins. None where nothing waits. `late` is how many messages are not on time even so, and
    `ends_at` when the last one is out if nobody idles.
    """

    begins_at: datetime | None = None
    until: datetime | None = None
    head_start: timedelta = timedelta()
    late: int = 0
    ends_at: datetime | None = None


def forecast(loads: Iterable[Load], a_second: float, now: datetime, grace: timedelta = timedelta()) -> Forecast:
    """The forecast for a lane that may begin `a_second` messages a second, from `now` on.

    Only who is told more than `grace` after the deadline is counted as late.

    Counted backwards from the deadlines, every message is sent as late as it can be: the moment at which that begins
    is the last at which beginning keeps everybody on time, if anything does. From then on the earliest deadline
    goes first, which is late for nobody unless every order is (Jackson 1955).
    """
    waiting = sorted((load for load in loads if load.count > 0), key=lambda each: each.deadline)
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
    """How many are late, and when the last is out, if the most urgent of those that are ready always goes next."""
    coming = sorted(loads, key=lambda each: each.ready_at, reverse=True)
    ready: list[tuple[datetime, int, float]] = []
    late, moment = 0, now
    while coming or ready:
        if not ready:
            moment = max(moment, coming[-1].ready_at)
        while coming and coming[-1].ready_at <= moment:
            load = coming.pop()
            heappush(ready, (load.deadline, len(coming), float(load.count)))
        deadline, order, left = heappop(ready)
        until = moment + timedelta(seconds=left / a_second)
        if coming and coming[-1].ready_at < until:
            until = coming[-1].ready_at
        sent = min(left, (until - moment).total_seconds() * a_second)
        late += _late(sent, deadline + grace, moment, a_second)
        moment = until
        if left - sent > TINY:
            heappush(ready, (deadline, order, left - sent))
    return late, moment


TINY = 1e-3
"""Of a message: what is left over by rounding to microseconds."""


def _late(sent: float, deadline: datetime, begins: datetime, a_second: float) -> int:
    """How many of those sent from `begins` on are out only after their deadline."""
    on_time = max((deadline - begins).total_seconds() * a_second, 0.0)
    return max(round(sent - on_time), 0)
