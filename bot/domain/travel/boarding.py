"""Ways that run at certain hours, a little before they begin and after they end: wait for the first, take the last."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from bot.domain.travel.leg import Leg
from bot.domain.travel.way import Way

MOST_WAIT = timedelta(minutes=30)
"""Nobody waits longer than this for the first ride, or is so much too early with the last."""
LIKELY = 0.5
"""A first ride that is in time in fewer cases than this is not named."""
TO_THE_STOP = timedelta(minutes=10)
"""Who takes the last ride leaves this long before its hours end: how far the stop is from the room is not known."""
FROM_THE_ROOM = timedelta(minutes=5)
"""Who sets out at most this long before the first ride need not wait for it: they walk to the stop meanwhile."""
MINUTE = timedelta(minutes=1)
MIDNIGHT = time()


Pairs = Sequence[tuple[Sequence[Way], Leg]]
"""Every way, in one part or two, with the leg that it is for a person."""


def can_take(way: Way, leg: Leg, moment: datetime | None, *, arriving: bool) -> bool:
    """Return whether one can take it at this moment of the conference's zone."""
    if not way.is_timed:
        return True
    if moment is None:
        return False
    return way.runs(_before(moment, leg.minutes) if arriving else moment)


def boarded(pairs: Pairs, legs: Sequence[Leg], moment: datetime, *, arriving: bool) -> list[Leg]:
    """Return the legs of ways that do not run, but for which one can wait, or that one can take before they end.

    Args:
        pairs: the best source first.
        legs: those that run, the best first; what is no better is left out.
        moment: when one sets out, in the zone of the conference.
        arriving: whether one has to be there at `moment` instead.
    """
    board = _boarding_in_time if arriving else _waiting
    found = [leg for leg in (board(ways, leg, moment) for ways, leg in pairs) if leg]
    return [leg for leg in found if not legs or leg.minutes < legs[0].minutes]


def naming_later(legs: tuple[Leg, ...], pairs: Pairs, moment: datetime) -> tuple[Leg, ...]:
    """Name, beside a way for which one leaves before the first ride, that ride, if it usually is in time.

    Args:
        legs: the best first.
        pairs: as for `boarded`.
        moment: when one has to be there.
    """
    leaves = _before(moment, legs[0].minutes) if legs else moment
    for ways, leg in pairs if legs else ():
        opens = _opening(ways, _before(moment, leg.minutes))
        if opens and leaves < opens and (leg.step_free or not leg.needs_step_free):
            chance = leg.chance(_minutes(moment - opens))
            if chance >= LIKELY:
                return (replace(legs[0], later=(leg.mode, opens.astimezone(UTC), chance)), *legs[1:])
    return legs


def _waiting(ways: Sequence[Way], leg: Leg, moment: datetime) -> Leg | None:
    opens = _opening(ways, moment)
    if opens is None:
        return None
    wait = _minutes(opens - moment)
    return replace(leg, minutes=leg.minutes + wait, opens=(opens.astimezone(UTC), wait))


def _boarding_in_time(ways: Sequence[Way], leg: Leg, moment: datetime) -> Leg | None:
    out = _before(moment, leg.minutes)
    first = _opening(ways, out)
    if first and first - out <= FROM_THE_ROOM:
        return replace(leg, opens=(first.astimezone(UTC), 0.0))
    last = _closing(ways, out)
    if last is None:
        return None
    spare = _minutes(out - last)
    return replace(leg, minutes=leg.minutes + spare, closes=((last + TO_THE_STOP).astimezone(UTC), spare))


def _opening(ways: Sequence[Way], moment: datetime) -> datetime | None:
    """The first moment within the wait at which all of them run; None if they run now, or do not so soon."""
    found = [opening for way in ways if not way.runs(moment) for opening in _turns(way, moment, first=True)]
    return next((at for at in sorted(found) if moment < at <= moment + MOST_WAIT and _all_run(ways, at)), None)


def _closing(ways: Sequence[Way], moment: datetime) -> datetime | None:
    """When to set out for the last one, if that is within the wait before; None if they run now, or ended long ago."""
    ends = [end - TO_THE_STOP for way in ways if not way.runs(moment) for end in _turns(way, moment, first=False)]
    found = sorted(ends, reverse=True)
    return next((at for at in found if moment - MOST_WAIT <= at < moment and _all_run(ways, at)), None)


def _all_run(ways: Sequence[Way], moment: datetime) -> bool:
    return all(way.runs(moment) for way in ways)


def _turns(way: Way, moment: datetime, *, first: bool) -> Iterator[datetime]:
    """The moments about this day at which it may begin (or end) to run."""
    clock = MIDNIGHT if way.hours is None else way.hours[0 if first else 1]
    for days in (-1, 0, 1):
        yield datetime.combine(moment.date() + timedelta(days=days), clock, moment.tzinfo)


def _before(moment: datetime, minutes: float) -> datetime:
    return moment - timedelta(minutes=minutes)


def _minutes(duration: timedelta) -> float:
    return duration / MINUTE
