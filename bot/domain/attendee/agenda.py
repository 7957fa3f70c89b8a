"""An attendee's day: sessions in order, the leg to each, when to leave, and conflicts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from itertools import combinations

from bot.domain.attendee.attendee import Attendance, Attendee, Choice
from bot.domain.attendee.departure import Departure, Origin, departure_for, leave_by, start_of
from bot.domain.schedule.conference import Schedule
from bot.domain.schedule.drop_in import is_drop_in
from bot.domain.schedule.session import Session
from bot.domain.travel.leg import Leg
from bot.domain.travel.venue import Place

Pair = tuple[Attendance, Session]
ONE_DAY = timedelta(days=1)
LONGEST_WALK = timedelta(hours=2)
"""Sessions that are further apart than this can be reached one after the other, whatever the walk."""


class Fit(StrEnum):
    """Whether one session can be reached after another."""

    FITS = "fits"
    TIGHT = "has to leave the session before early"
    LATE = "arrives before the start, but after the seat lapses, or too late for the line"


@dataclass(frozen=True, slots=True)
class Clash:
    """Another session on the agenda that cannot be attended as well.

    Attributes:
        other: the other session.
        arrival: when the attendee would arrive at the later of both after the end of the earlier one; None if both
            overlap.
    """

    other: Session
    arrival: datetime | None = None


@dataclass(frozen=True, slots=True)
class Stop:
    """A session on an agenda.

    Attributes:
        gap: the free time between the end of the previous session and the moment to leave, never negative; None for
            the first session of the day.
        before: the session that is attended before this one, if any; the leg starts there unless the attendee said
            where they are, or goes to their hotel in between.
        back: the leg from the session before to the hotel, if the attendee goes there in between.
        assumed: whether the day is planned with this session. Of sessions that clash, only one is: see `_path`.
        clashes: the sessions on the agenda that cannot be attended as well.
    """

    session: Session
    attendance: Attendance
    departure: Departure
    gap: timedelta | None = None
    fit: Fit = Fit.FITS
    before: Session | None = None
    back: Leg | None = None
    assumed: bool = True
    clashes: tuple[Clash, ...] = ()

    @property
    def on_the_way(self) -> bool:
        """Whether the attendee has left for the session."""
        return self.attendance.has_left_for(self.session)


@dataclass(frozen=True, slots=True)
class Agenda:
    """One attendee's conference day.

    Attributes:
        backups: sessions to attend only if another one is not possible.
        home: the leg to the hotel.
        starred: sessions that the attendee is interested in; the day is not planned with them.
    """

    day: date
    stops: tuple[Stop, ...] = ()
    backups: tuple[Pair, ...] = ()
    home: Leg | None = None
    starred: tuple[Pair, ...] = ()

    @property
    def path(self) -> tuple[Stop, ...]:
        """The stops that the day is planned with, in order. Each can be reached after the one before it."""
        return tuple(stop for stop in self.stops if stop.assumed)

    def stop_of(self, session: str) -> Stop | None:
        """Return the stop at the session with this id; None if it is not on the agenda."""
        return next((stop for stop in self.stops if stop.session.id == session), None)

    @property
    def legs(self) -> list[Leg]:
        """The legs of the path with a known start, in order, including the one home."""
        stops = [stop for stop in self.path if stop.departure.origin is not Origin.UNKNOWN]
        return [leg for leg in (*(leg for stop in stops for leg in (stop.back, stop.departure.leg)), self.home) if leg]

    @property
    def questions(self) -> tuple[tuple[Stop, tuple[Stop, ...]], ...]:
        """Return the stops of the path that clash with others, each with those others.

        Each of the others is in one question only. Drop-ins are in none.
        """
        rivals: dict[str, list[Stop]] = {}
        for other in self.stops:
            against = {clash.other.id for clash in other.clashes}
            rival = next((stop for stop in self.path if stop.session.id in against), None)
            if rival and not other.assumed and not is_drop_in(other.session):
                rivals.setdefault(rival.session.id, []).append(other)
        return tuple((stop, tuple(rivals[stop.session.id])) for stop in self.path if stop.session.id in rivals)


def build_agenda(attendee: Attendee, attendances: Iterable[Attendance], schedule: Schedule, day: date) -> Agenda:
    """Build the agenda of one conference day; cancelled and unlisted sessions are left out.

    A session of the day before or after is on it, too, if it clashes with one that this day is planned with.
    """
    attendances = tuple(attendances)
    by_day, seats = _by_day(attendances, schedule), any(attendance.reserved for attendance in attendances)
    nearby = [pair for near_day in _joined_days(by_day, day) for pair in by_day[near_day]]
    going = [pair for pair in nearby if pair[0].choice is Choice.GOING]
    clashes = _clashes(attendee, going, schedule)
    path = _path(going, clashes)
    of_day = [session for session in path if schedule.day_by_id[session.id] == day]
    planned = {session.id for session in of_day}
    stops = tuple(
        _stop(attendee, pair, path, clashes, schedule, seats=seats)
        for pair in going
        if schedule.day_by_id[pair[1].id] == day
        or (pair[1] not in path and any(clash.other.id in planned for clash in clashes[pair[1].id]))
    )
    backups, starred = (
        tuple(pair for pair in by_day.get(day, ()) if pair[0].choice is choice)
        for choice in (Choice.BACKUP, Choice.STARRED)
    )
    return Agenda(day, stops, backups, _way_home(attendee, of_day, schedule), starred)


def next_stop(attendee: Attendee, attendances: Iterable[Attendance], schedule: Schedule, now: datetime) -> Stop | None:
    """Return the first stop that has not begun, today or on a later day; a planned one if there is any."""
    attendances = tuple(attendances)
    sessions = (schedule.by_id.get(attendance.session) for attendance in attendances)
    days = {session.day(schedule.conference.tz) for session in sessions if session and session.starts_at > now}
    for day in sorted(days):
        coming = [
            stop for stop in build_agenda(attendee, attendances, schedule, day).stops if stop.session.starts_at > now
        ]
        if coming:
            return min(coming, key=lambda stop: not stop.assumed)
    return None


def fitting_repeats(
    attendee: Attendee, attendances: Iterable[Attendance], schedule: Schedule, session: Session, now: datetime
) -> list[Session]:
    """Return the other sittings of a session that can replace it: those to come that clash with nothing assumed."""
    chosen = [attendance for attendance in attendances if attendance.session != session.id]
    coming = coming_repeats(chosen, schedule, session, now)
    return [other for other in coming if _would_fit(attendee, chosen, schedule, other, now)]


def coming_repeats(
    attendances: Iterable[Attendance], schedule: Schedule, session: Session, now: datetime
) -> list[Session]:
    """Return the other sittings of a session that are still to come and not chosen yet; starred ones are included."""
    decided = {attendance.session for attendance in attendances if attendance.is_decided}
    return [other for other in schedule.repeats(session) if other.starts_at > now and other.id not in decided]


def _would_fit(
    attendee: Attendee, chosen: Sequence[Attendance], schedule: Schedule, session: Session, now: datetime
) -> bool:
    # Chosen last of all, it is assumed only if it clashes with nothing else that is; what people drop in to can wait.
    last = Attendance(session.id, chosen_at=datetime.max.replace(tzinfo=UTC))
    agenda = build_agenda(attendee, [*chosen, last], schedule, schedule.day_by_id[session.id])
    (stop,) = (stop for stop in agenda.stops if stop.session.id == session.id)
    return stop.assumed and stop.fit is Fit.FITS and stop.departure.leave_by >= now


def whereabouts(attendee: Attendee, agenda: Agenda, schedule: Schedule, now: datetime) -> tuple[Place | None, Origin]:
    """Return where the attendee is at `now` and the source: "I'm here", the agenda, or the hotel."""
    begun = [stop.session for stop in agenda.path if stop.session.starts_at <= now and not stop.session.needs_no_walk]
    before = max(begun, key=lambda session: session.starts_at, default=None)
    return start_of(attendee, now, before, schedule)


def _by_day(attendances: Iterable[Attendance], schedule: Schedule) -> Mapping[date, Sequence[Pair]]:
    """The chosen sessions that take place, in the order of their starts."""
    pairs = [
        (attendance, schedule.by_id[attendance.session])
        for attendance in attendances
        if attendance.session in schedule.by_id
    ]
    chosen = [(attendance, session) for attendance, session in pairs if session.takes_place]
    by_day: dict[date, list[Pair]] = {}
    for pair in sorted(chosen, key=lambda pair: (pair[1].starts_at, pair[1].ends_at, pair[1].code)):
        by_day.setdefault(schedule.day_by_id[pair[1].id], []).append(pair)
    return by_day


def _joined_days(by_day: Mapping[date, Sequence[Pair]], day: date) -> Sequence[date]:
    """The day, and those before and after it whose sessions are so near that they may clash across the night."""
    if day not in by_day:
        return ()
    first = last = day
    while _is_near(by_day, first - ONE_DAY, first):
        first -= ONE_DAY
    while _is_near(by_day, last, last + ONE_DAY):
        last += ONE_DAY
    return [near_day for near_day in by_day if first <= near_day <= last]


def _is_near(by_day: Mapping[date, Sequence[Pair]], day: date, other: date) -> bool:
    if day not in by_day or other not in by_day:
        return False
    ends = max(session.ends_at for _, session in by_day[day])
    return by_day[other][0][1].starts_at - ends < LONGEST_WALK


def _clashes(attendee: Attendee, going: Sequence[Pair], schedule: Schedule) -> Mapping[str, tuple[Clash, ...]]:
    """The clashes of each session, by its id. `going` is in the order of the starts."""
    clashes: dict[str, list[Clash]] = {session.id: [] for _, session in going}
    for (_, earlier), (_, later) in combinations(going, 2):
        if clash := _clash(attendee, earlier, later, schedule):
            clashes[earlier.id].append(clash)
            clashes[later.id].append(replace(clash, other=earlier))
    return {id_: tuple(others) for id_, others in clashes.items()}


def _clash(attendee: Attendee, earlier: Session, later: Session, schedule: Schedule) -> Clash | None:
    """Return the clash of `earlier` with `later`; None if the attendee can attend both."""
    if earlier.overlaps(later):
        return Clash(later)
    arrival = _arrival(attendee, earlier, later, schedule)
    return Clash(later, arrival) if arrival > later.starts_at else None


def _arrival(attendee: Attendee, earlier: Session, later: Session, schedule: Schedule) -> datetime:
    """Return the usual arrival at `later` after the end of `earlier`. An unknown walk counts as 0 minutes."""
    if earlier.place is None or later.place is None:
        return earlier.ends_at
    leg = schedule.travel.best(earlier.place, later.place, attendee.walker, earlier.ends_at)
    return earlier.ends_at + timedelta(minutes=leg.median if leg else 0)


def _path(going: Sequence[Pair], clashes: Mapping[str, tuple[Clash, ...]]) -> list[Session]:
    """Return the sessions that the day is planned with until the attendee decides, in the order of their starts.

    Of sessions that clash, the one the attendee has left for comes first, then one with a reserved seat, then the one
    that was chosen first. Drop-ins come last: they can wait.
    """
    path: dict[str, Session] = {}
    for _, session in sorted(going, key=_preference):
        if not any(clash.other.id in path for clash in clashes[session.id]):
            path[session.id] = session
    return [session for _, session in going if session.id in path]


def _preference(pair: Pair) -> tuple[bool, bool, bool, datetime, datetime, str]:
    attendance, session = pair
    chosen_at = attendance.chosen_at or datetime.min.replace(tzinfo=UTC)
    order = (chosen_at, session.starts_at, session.id)
    return (not attendance.has_left_for(session), is_drop_in(session), not attendance.reserved, *order)


def _stop(
    attendee: Attendee,
    pair: Pair,
    path: Sequence[Session],
    clashes: Mapping[str, tuple[Clash, ...]],
    schedule: Schedule,
    *,
    seats: bool,
) -> Stop:
    """A stop on the path, or one that could replace those of the path that it clashes with."""
    attendance, session = pair
    instead_of = {clash.other.id for clash in clashes[session.id]}
    earlier = [
        other for other in path if other.ends_at <= session.starts_at and other.id not in {session.id, *instead_of}
    ]
    # An online session moves nobody, and neither does an own entry without a place.
    before = max(
        (other for other in earlier if not other.needs_no_walk), key=lambda other: other.starts_at, default=None
    )
    departure, fit = departure_for(attendee, attendance, session, before, schedule, seats=seats), Fit.FITS
    if before and not session.needs_no_walk:
        departure, fit = _after(before, session, departure)
    return Stop(
        session,
        attendance,
        departure,
        gap=max(departure.leave_by - max(other.ends_at for other in earlier), timedelta()) if earlier else None,
        fit=fit,
        before=before,
        back=_way_home(attendee, [before], schedule) if before and departure.origin is Origin.STAY else None,
        assumed=session in path,
        clashes=clashes[session.id],
    )


def _after(before: Session, session: Session, departure: Departure) -> tuple[Departure, Fit]:
    """Return the departure that costs as little as possible of the session before.

    The attendee leaves the session before early only for the seat or the line, not to be there as early as they wish,
    and only if part of that session remains. Otherwise they leave at its end, and are late for the seat or the line.
    """
    if departure.stays or departure.origin is Origin.HERE or departure.leave_by >= before.ends_at:
        return departure, Fit.FITS
    latest, leg = leave_by(session, departure.line, departure.leg), departure.leg
    fits = departure.origin is Origin.UNKNOWN or latest >= before.ends_at
    # Late means late by the median; in time means in time as surely as the attendee wants.
    walk = 0.0 if leg is None else leg.minutes if fits else leg.median
    spare = int((session.starts_at - before.ends_at) / timedelta(minutes=1) - walk)
    at_the_end = replace(departure, leave_by=before.ends_at, arrive_early=max(spare, 0))
    if fits:
        return at_the_end, Fit.FITS
    if latest > before.starts_at:
        return replace(departure, leave_by=latest, arrive_early=departure.line), Fit.TIGHT
    return at_the_end, Fit.LATE


def _way_home(attendee: Attendee, path: Sequence[Session], schedule: Schedule) -> Leg | None:
    last_walk = next(
        ((session.place, session.ends_at) for session in reversed(path) if not session.needs_no_walk), None
    )
    last, ends = last_walk or (None, None)
    if last is None or attendee.stay is None:
        return None
    return schedule.travel.best(last, Place(attendee.stay), attendee.walker, ends)
