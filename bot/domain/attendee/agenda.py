"""An attendee's day: sessions in order, the leg to each, when to leave, and conflicts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Self

from bot.domain.attendee.attendee import Attendance, Attendee, Choice
from bot.domain.schedule.conference import Conference, Schedule
from bot.domain.schedule.session import Session
from bot.domain.schedule.travel import Leg, LegSource, Mode
from bot.domain.schedule.venue import Place
from bot.domain.schedule.zones import day_of


class Origin(StrEnum):
    """The evidence for the place where a leg starts."""

    HERE = "where you said you are"
    SESSION = "your session before"
    STAY = "your hotel"
    UNKNOWN = "unknown"


class Fit(StrEnum):
    """Whether one session can be reached after another."""

    FITS = "fits"
    TIGHT = "arrives after the check-in cut-off"
    TOO_LATE = "cannot be made"


@dataclass(frozen=True, slots=True)
class Departure:
    """When to leave for a session and from where.

    Attributes:
        leave_by: the moment to leave, UTC.
        arrive_early: minutes to be there before the start.
        origin: why the leg starts where it does.
        leg: the walk or ride; None if nothing is known about it.
    """

    leave_by: datetime
    arrive_early: int
    origin: Origin
    leg: Leg | None = None

    @property
    def stays(self) -> bool:
        """Whether the session is in the room where the attendee already sits."""
        return (
            self.origin is not Origin.UNKNOWN and self.leg is not None and not self.leg.minutes and not self.leg.metres
        )

    @property
    def facts(self) -> dict[str, str | int]:
        """This departure as plain values for a nudge's `facts`; `Departure.of_facts` is the inverse."""
        facts: dict[str, str | int] = {
            "leave_by": int(self.leave_by.timestamp()),
            "early": self.arrive_early,
            "origin": self.origin.name,
        }
        if leg := self.leg:
            facts |= {"from": leg.origin, "to": leg.target, "minutes": leg.minutes, "mode": leg.mode.value}
            facts |= {"source": leg.source.name, "metres": -1 if leg.metres is None else leg.metres}
            facts |= {"samples": leg.samples} if leg.samples is not None else {}
        return facts

    @classmethod
    def of_facts(cls, facts: Mapping[str, str | int]) -> Self:
        """Rebuild a departure from `facts`; `leave_by` has whole seconds."""
        leave_by = datetime.fromtimestamp(int(facts["leave_by"]), UTC)
        leg = _leg_of(facts) if "minutes" in facts else None
        return cls(leave_by, int(facts["early"]), Origin[str(facts["origin"])], leg)


def _leg_of(facts: Mapping[str, str | int]) -> Leg:
    metres, samples = int(facts["metres"]), facts.get("samples")
    return Leg(
        str(facts["from"]),
        str(facts["to"]),
        int(facts["minutes"]),
        LegSource[str(facts["source"])],
        None if metres < 0 else metres,
        Mode(str(facts["mode"])),
        None if samples is None else int(samples),
    )


@dataclass(frozen=True, slots=True)
class Stop:
    """A session on an agenda.

    `gap` is the free time between the end of the previous session and the moment to leave, never negative; None for
    the first session of the day.
    """

    session: Session
    attendance: Attendance
    departure: Departure
    gap: timedelta | None = None
    fit: Fit = Fit.FITS
    overlaps: tuple[Session, ...] = ()
    before: Session | None = None


@dataclass(frozen=True, slots=True)
class Agenda:
    """One attendee's conference day. `backups` count only if another session fails; `home` is the leg to the hotel."""

    day: date
    stops: tuple[Stop, ...] = ()
    backups: tuple[tuple[Attendance, Session], ...] = ()
    home: Leg | None = None

    @property
    def legs(self) -> list[Leg]:
        """The legs with a known start, in order, including the one home."""
        legs = [stop.departure.leg for stop in self.stops if stop.departure.origin is not Origin.UNKNOWN]
        return [leg for leg in (*legs, self.home) if leg]


def arrive_early(attendee: Attendee, attendance: Attendance, conference: Conference) -> int:
    """Return how many minutes before the start to arrive: check-in cut-off or walk-up advice, or the attendee's own."""
    advice = conference.check_in if attendance.reserved else conference.walk_up
    return max(advice, attendee.arrive_early)


def leave_by(session: Session, early: int, leg: Leg | None) -> datetime:
    """Return `starts_at - early - leg.minutes`; without a leg the travel time counts as 0."""
    return session.starts_at - timedelta(minutes=early + (leg.minutes if leg else 0))


def build_agenda(attendee: Attendee, attendances: Iterable[Attendance], schedule: Schedule, day: date) -> Agenda:
    """Build the agenda of one conference day; cancelled and unlisted sessions are left out."""
    chosen = _on_day(attendances, schedule, day)
    going = [pair for pair in chosen if pair[0].choice is Choice.GOING]
    stops: list[Stop] = []
    for attendance, session in going:
        stops.append(_stop(attendee, attendance, session, stops, schedule))
    stops = [_with_overlaps(stop, stops) for stop in stops]
    backups = tuple(pair for pair in chosen if pair[0].choice is Choice.BACKUP)
    return Agenda(day, tuple(stops), backups, _way_home(attendee, stops, schedule))


def departure_for(
    attendee: Attendee,
    attendance: Attendance,
    session: Session,
    before: Session | None,
    schedule: Schedule,
) -> Departure:
    """Return when to leave for `session`: at its start if it is online, without a walk and a line.

    Args:
        before: the last attended session of that day that starts before `session` and is not online, if any.
    """
    if session.online:
        return Departure(session.starts_at, 0, Origin.UNKNOWN)
    early = arrive_early(attendee, attendance, schedule.conference)
    start, origin = _whereabouts(attendee, session.starts_at, before, schedule)
    if session.place is None:
        return Departure(leave_by(session, early, None), early, Origin.UNKNOWN)
    travel = schedule.travel
    leg = travel.leg(start, session.place, attendee.pace) if start else None
    if leg is None:
        origin, leg = Origin.UNKNOWN, travel.longest_to(session.place, attendee.pace)
    return Departure(leave_by(session, early, leg), early, origin, leg)


def whereabouts(attendee: Attendee, agenda: Agenda, schedule: Schedule, now: datetime) -> tuple[Place | None, Origin]:
    """Return where the attendee is at `now`, from "I'm here", the agenda or the stay, and which of these it was."""
    begun = [stop.session for stop in agenda.stops if stop.session.starts_at <= now and not stop.session.online]
    before = max(begun, key=lambda session: session.starts_at, default=None)
    return _whereabouts(attendee, now, before, schedule)


def _whereabouts(
    attendee: Attendee, at: datetime, before: Session | None, schedule: Schedule
) -> tuple[Place | None, Origin]:
    zone, here = schedule.conference.tz, attendee.here
    newer = here is not None and here.at <= at and (before is None or here.at > before.starts_at)
    if here and newer and day_of(here.at, zone) == day_of(at, zone):
        return Place(here.venue), Origin.HERE
    if before and before.place:
        return before.place, Origin.SESSION
    if before is None and attendee.stay:
        return Place(attendee.stay), Origin.STAY
    return None, Origin.UNKNOWN


def _on_day(attendances: Iterable[Attendance], schedule: Schedule, day: date) -> Sequence[tuple[Attendance, Session]]:
    that_day = (each for each in attendances if schedule.day_by_id.get(each.session) == day)
    pairs = ((each, schedule.by_id[each.session]) for each in that_day)
    chosen = [(each, session) for each, session in pairs if session.takes_place]
    return sorted(chosen, key=lambda pair: (pair[1].starts_at, pair[1].ends_at, pair[1].code))


def _stop(
    attendee: Attendee, attendance: Attendance, session: Session, stops: Sequence[Stop], schedule: Schedule
) -> Stop:
    earlier = [stop.session for stop in stops if stop.session.starts_at < session.starts_at]
    before = earlier[-1] if earlier else None
    # An online session moves nobody.
    attended = next((other for other in reversed(earlier) if not other.online), None)
    departure = departure_for(attendee, attendance, session, attended, schedule)
    if before is None:
        return Stop(session, attendance, departure)
    gap = max(departure.leave_by - before.ends_at, timedelta())
    return Stop(session, attendance, departure, gap, _fit(before, session, departure), before=before)


def _fit(before: Session, session: Session, departure: Departure) -> Fit:
    if departure.leave_by >= before.ends_at or (departure.stays and session.starts_at >= before.ends_at):
        return Fit.FITS
    walk = timedelta(minutes=departure.leg.minutes if departure.leg else 0)
    return Fit.TOO_LATE if before.ends_at + walk > session.starts_at else Fit.TIGHT


def _with_overlaps(stop: Stop, stops: Sequence[Stop]) -> Stop:
    others = tuple(
        other.session for other in stops if other.session.id != stop.session.id and other.session.overlaps(stop.session)
    )
    return replace(stop, overlaps=others)


def _way_home(attendee: Attendee, stops: Sequence[Stop], schedule: Schedule) -> Leg | None:
    last = next((stop.session.place for stop in reversed(stops) if not stop.session.online), None)
    if last is None or attendee.stay is None:
        return None
    return schedule.travel.leg(last, Place(attendee.stay), attendee.pace)
