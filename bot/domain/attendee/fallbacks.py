"""The alternatives after missing the time to leave: a later departure, the walk-up, a repeat."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.attendee.agenda import Agenda, Clash, Stop, fitting_repeats
from bot.domain.attendee.attendee import Attendance, Attendee
from bot.domain.attendee.departure import Departure, Origin, leave_at
from bot.domain.schedule.conference import Schedule
from bot.domain.schedule.drop_in import is_drop_in
from bot.domain.schedule.session import Session

LATER = (0.75, 0.5, 0.25)
"""The chances whose moments to leave are shown after the advised one."""
UNLIKELY = 0.5
"""Connections that succeed in fewer cases than this are named on the evening before."""


@dataclass(frozen=True, slots=True)
class Risk:
    """A stop whose reserved seat probably lapses before the attendee arrives from the session before.

    Attributes:
        chance: the share of those who leave at the end of the session before that are in time.
    """

    stop: Stop
    chance: float


def later_moments(departure: Departure, session: Session, now: datetime) -> Sequence[tuple[float, datetime]]:
    """Return chances below the advised one to be in time for the seat, the line or the start, each with its time.

    Times that have passed are left out. The result is empty if the way always takes the same time, or if no ride goes
    later.
    """
    leg = departure.leg
    if leg is None or not leg.spread or not leg.spread.sigma or leg.closes or not _has_known_start(departure):
        return ()
    moments = [(share, leave_at(session, departure.line, leg.spread.at(share))) for share in LATER]
    return [(share, moment) for share, moment in moments if moment > now and share < leg.sure / 100]


def walk_up_moment(departure: Departure, session: Session, now: datetime) -> datetime | None:
    """Return when to leave to be at the door at the start, without the seat or the line.

    None if nobody queues, the start of the walk is not known, nothing goes later, or the moment has passed.
    """
    if departure.leg is None or departure.leg.closes or not departure.line or not _has_known_start(departure):
        return None
    moment = leave_at(session, 0, departure.leg.minutes)
    return moment if moment > now else None


def repeat_for(
    attendee: Attendee, chosen: Iterable[Attendance], schedule: Schedule, session: Session, now: datetime
) -> Session | None:
    """Return the next sitting of the same talk that fits the attendee's day; None without one."""
    if not schedule.repeats(session):
        return None
    return next(iter(fitting_repeats(attendee, chosen, schedule, session, now)), None)


def is_recorded(session: Session) -> bool:
    """Whether the session can be watched later."""
    return session.can_be_watched


def risks_of(agenda: Agenda) -> Sequence[Risk]:
    """Return the stops of a day whose reserved seat probably lapses before the attendee arrives, in order."""
    risks = [
        Risk(stop, stop.departure.chance_from(stop.before.ends_at, stop.session, stop.departure.line))
        for stop in agenda.path
        if stop.before and stop.attendance.reserved and stop.departure.origin is Origin.SESSION
    ]
    return [risk for risk in risks if risk.chance < UNLIKELY]


def unmade_of(agenda: Agenda) -> Sequence[tuple[Session, Clash]]:
    """Return the sessions of a day that the walk makes impossible, each with the one planned instead.

    Drop-ins are left out, because the attendee can come later.
    """
    planned = {stop.session.id for stop in agenda.path}
    skipped = [stop for stop in agenda.stops if not stop.assumed and not is_drop_in(stop.session)]
    pairs = [(stop, clash) for stop in skipped for clash in stop.clashes]
    return [(stop.session, clash) for stop, clash in pairs if clash.arrival and clash.other.id in planned]


def _has_known_start(departure: Departure) -> bool:
    return departure.origin is not Origin.UNKNOWN and not departure.stays
