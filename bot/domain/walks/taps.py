"""From taps to walks: the time between "On my way" and "I'm here" of the same session and way."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.attendee.agenda import Stop, build_agenda
from bot.domain.attendee.attendee import LEFT_AT_MOST_BEFORE, Attendance, Attendee
from bot.domain.attendee.departure import Origin
from bot.domain.schedule.conference import Schedule
from bot.domain.times.zones import day_of
from bot.domain.travel.leg import Leg
from bot.domain.travel.lodging import read_lodging
from bot.domain.travel.venue import Place
from bot.domain.travel.walker import Pace
from bot.domain.travel.way import LegSource
from bot.domain.walks.walk import Batch, Walk, WalkedLeg, WalkOutcome, half_minutes

LATE_TAP = timedelta(minutes=5)
"""Somebody who says "I'm here" later than this after the start may have come long before."""
ASKED_AFTER = timedelta(minutes=10)
"""How long after the promised moment of arrival it is worth asking whether it was kept."""
MEASURED = (Origin.HERE, Origin.SESSION, Origin.STAY)


@dataclass(frozen=True, slots=True)
class TakenWalk:
    """A walk that was tapped, beside what was promised for it.

    Attributes:
        left_at: when they said that they were on their way.
        promised: the promised minutes at this person's pace.
        minutes: how long it took them, or has taken so far.
    """

    walk: Walk
    left_at: datetime
    promised: float
    minutes: float

    @property
    def is_late(self) -> bool:
        """Whether it took longer than promised, to half a minute."""
        return half_minutes(self.minutes) > half_minutes(self.promised)


def promised_arrival(attendee: Attendee, stop: Stop) -> datetime | None:
    """Return when the promised minutes of a walk are over; None if they have not left, or it is no walk to learn from.

    Also None if they said later where they are: then they have arrived, or went another way.
    """
    left_at, leg = stop.attendance.left_at, _walked(stop)
    if not stop.on_the_way or left_at is None or leg is None:
        return None
    if attendee.here and attendee.here.at >= left_at:
        return None
    return left_at + timedelta(minutes=leg.minutes)


def asked_between(attendee: Attendee, stop: Stop) -> tuple[datetime, datetime] | None:
    """Return from when to when it is worth asking whether somebody has arrived; None if it is not."""
    arrival = promised_arrival(attendee, stop)
    return (arrival, min(arrival + ASKED_AFTER, stop.session.starts_at + LATE_TAP)) if arrival else None


def departed_for(
    attendee: Attendee, chosen: Iterable[Attendance], schedule: Schedule, session: str
) -> tuple[WalkedLeg, float] | None:
    """Return the leg to a session and its promised minutes; None if it is no walk to learn from."""
    stop = next((stop for stop in _stops(attendee, tuple(chosen), schedule, session)), None)
    leg = _walked(stop) if stop else None
    return (WalkedLeg(leg.origin, leg.target, leg.mode), leg.minutes) if leg else None


def walk_to(
    attendee: Attendee, chosen: Sequence[Attendance], schedule: Schedule, venue: str, now: datetime
) -> TakenWalk | None:
    """Return the walk that somebody has ended who is at `venue` now.

    Args:
        attendee: as they were before they said so.
        chosen: their attendances.
        schedule: of the conference.
        venue: its name.
        now: when they said it.
    """
    found = [
        (attendance.left_at, attendance.session)
        for attendance in chosen
        if attendance.left_at and (session := schedule.by_id.get(attendance.session)) and session.venue == venue
    ]
    return _taken(attendee, chosen, schedule, max(found)[1], now) if found else None


def walk_so_far(
    attendee: Attendee, chosen: Sequence[Attendance], schedule: Schedule, session: str, now: datetime
) -> TakenWalk | None:
    """Return the walk to a session of somebody who is not there yet."""
    taken = _taken(attendee, chosen, schedule, session, now)
    if taken is None or taken.walk.batch.outcome is WalkOutcome.BY_THEN:
        return None
    walk = taken.walk
    return replace(taken, walk=Walk(walk.batch._replace(outcome=WalkOutcome.NOT_YET), walk.half))


def _taken(
    attendee: Attendee, chosen: Sequence[Attendance], schedule: Schedule, session_id: str, now: datetime
) -> TakenWalk | None:
    for stop in _stops(attendee, chosen, schedule, session_id):
        left_at, leg = stop.attendance.left_at, _walked(stop)
        if left_at is None or leg is None or promised_arrival(attendee, stop) is None:
            return None
        if not timedelta() < now - left_at <= LEFT_AT_MOST_BEFORE:
            return None
        outcome = WalkOutcome.ARRIVED if now <= stop.session.starts_at + LATE_TAP else WalkOutcome.BY_THEN
        zone = schedule.conference.tz
        day = day_of(left_at, zone)
        batch = Batch(WalkedLeg(leg.origin, leg.target, leg.mode), day, schedule.peaks.covers(left_at), outcome)
        minutes = (now - left_at) / timedelta(minutes=1)
        at_normal_pace = minutes * _usual(attendee, stop, leg, schedule) / leg.minutes
        return TakenWalk(Walk(batch, half_minutes(at_normal_pace)), left_at, leg.minutes, minutes)
    return None


def _usual(attendee: Attendee, stop: Stop, leg: Leg, schedule: Schedule) -> float:
    """The minutes of the same way at normal pace."""
    place = stop.session.place
    if attendee.pace is Pace.NORMAL or place is None:
        return leg.minutes
    start = stop.before.place if stop.before and stop.before.venue == leg.origin else None
    walker = replace(attendee.walker, pace=Pace.NORMAL)
    by = stop.session.starts_at - timedelta(minutes=stop.departure.arrive_early)
    ways = schedule.travel.ways(start or Place(leg.origin), place, walker, by, arriving=True)
    return next((way.minutes for way in ways if way.mode is leg.mode), leg.minutes)


def _stops(attendee: Attendee, chosen: Iterable[Attendance], schedule: Schedule, session: str) -> Iterable[Stop]:
    day = schedule.day_by_id.get(session)
    stops = build_agenda(attendee, chosen, schedule, day).stops if day else ()
    return (stop for stop in stops if stop.session.id == session)


def _walked(stop: Stop) -> Leg | None:
    """The leg between two venues; None inside one, from an unknown place, or from a hotel that is no venue."""
    departure = stop.departure
    leg = departure.leg
    if leg is None or departure.origin not in MEASURED or leg.origin == leg.target:
        return None
    # Where somebody sleeps is nobody's business, and no venue.
    is_hotel = leg.source is LegSource.OWN or read_lodging(leg.origin) is not None
    return None if is_hotel or leg.source is LegSource.INSIDE or not leg.minutes else leg
