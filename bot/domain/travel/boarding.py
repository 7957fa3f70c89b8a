"""Ways that run only at certain hours, shortly before they begin and after they end: wait, or take the last ride."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from bot.domain.travel.leg import Leg
from bot.domain.travel.way import Way

MOST_WAIT = timedelta(minutes=30)
"""The longest wait for the first ride, and the most minutes too early with the last one."""
LIKELY = 0.5
"""A first ride that is in time in fewer cases than this is not named."""
TO_THE_STOP = timedelta(minutes=10)
"""To take the last ride, leave this long before its hours end: the distance to the stop is unknown."""
FROM_THE_ROOM = timedelta(minutes=5)
"""Up to this long before the first ride there is no wait: the person walks to the stop meanwhile."""
MINUTE = timedelta(minutes=1)
MIDNIGHT = time()


Pairs = Sequence[tuple[Sequence[Way], Leg]]
"""Every way, in one part or two, with the leg that it is for a person."""


def can_take(way: Way, leg: Leg, moment: datetime | None, *, arriving: bool) -> bool:
    """Return whether the way runs at this time, which is in the conference's zone."""
    if not way.is_timed:
        return True
    if moment is None:
        return False
    return way.runs(_before(moment, leg.minutes) if arriving else moment)


def boarded(pairs: Pairs, legs: Sequence[Leg], moment: datetime, *, arriving: bool) -> list[Leg]:
    """Return the legs of ways that do not run now, but are worth waiting for, or can be taken before they end.

    Args:
        pairs: the best source first.
        legs: the legs that run, the best first; legs that are not better are left out.
        moment: the departure, in the zone of the conference.
        arriving: whether `moment` is the arrival instead.
    """
    board = _boarding_in_time if arriving else _waiting
    boardable = [leg for leg in (board(ways, leg, moment) for ways, leg in pairs) if leg]
    return [leg for leg in boardable if not legs or leg.minutes < legs[0].minutes]


def naming_later(legs: tuple[Leg, ...], pairs: Pairs, moment: datetime) -> tuple[Leg, ...]:
    """Name a ride that starts after the time to leave for another way, but usually arrives in time.

    Args:
        legs: the best first.
        pairs: as for `boarded`.
        moment: the required arrival.
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
    """Return the first time within the wait at which all of them run; None if they run now, or do not start soon."""
    openings = [opening for way in ways if not way.runs(moment) for opening in _starts_or_ends(way, moment, first=True)]
    return next((at for at in sorted(openings) if moment < at <= moment + MOST_WAIT and _all_run(ways, at)), None)


def _closing(ways: Sequence[Way], moment: datetime) -> datetime | None:
    """Return when to leave for the last ride; None if the ways run now, or ended long ago."""
    ends = [
        end - TO_THE_STOP for way in ways if not way.runs(moment) for end in _starts_or_ends(way, moment, first=False)
    ]
    closings = sorted(ends, reverse=True)
    return next((at for at in closings if moment - MOST_WAIT <= at < moment and _all_run(ways, at)), None)


def _all_run(ways: Sequence[Way], moment: datetime) -> bool:
    return all(way.runs(moment) for way in ways)


def _starts_or_ends(way: Way, moment: datetime, *, first: bool) -> Iterator[datetime]:
    """Return the times about this day at which the way begins (or ends) to run."""
    clock = MIDNIGHT if way.hours is None else way.hours[0 if first else 1]
    for days in (-1, 0, 1):
        yield datetime.combine(moment.date() + timedelta(days=days), clock, moment.tzinfo)


def _before(moment: datetime, minutes: float) -> datetime:
    return moment - timedelta(minutes=minutes)


def _minutes(duration: timedelta) -> float:
    return duration / MINUTE
