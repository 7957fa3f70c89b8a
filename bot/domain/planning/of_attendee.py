"""The input of the planner for one attendee: fixed sessions, wishes, and where each day starts."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from bot.domain.attendee.agenda import Agenda, build_agenda, whereabouts
from bot.domain.attendee.attendee import Attendance, Attendee, Choice
from bot.domain.attendee.departure import SPARE, Origin, arrive_early, line_minutes
from bot.domain.planning.candidate import Candidate, Firmness, value_of
from bot.domain.planning.lunch import is_lunch, lunch_of
from bot.domain.planning.problem import DayToPlan
from bot.domain.planning.wishes import Lunch, Walks, Wishes, at_venue
from bot.domain.schedule.conference import Schedule
from bot.domain.schedule.session import Session
from bot.domain.travel.leg import Leg
from bot.domain.travel.venue import Place

STAR = 3.0
"""The interest in a starred session; that in what fits all typed words is 1."""


def days_to_plan(
    attendee: Attendee,
    attendances: Sequence[Attendance],
    schedule: Schedule,
    days: Iterable[date],
    interests: Mapping[str, float],
    now: datetime,
    *,
    eats: bool = True,
) -> list[DayToPlan]:
    """Return the days with everything that is still to come.

    Args:
        attendee: the person.
        attendances: all their choices. The sessions that they attend are fixed.
        schedule: the schedule of the conference.
        days: in order.
        interests: the interest in sessions, by id, beside the stars.
        now: the current time; sessions that have begun are not planned.
        eats: whether time for lunch is kept free.
    """
    choices = {attendance.session: attendance for attendance in attendances}
    talks = {schedule.by_id[id_].talk for id_, attendance in choices.items() if _is_fixed(attendance, schedule)}
    has_seats = schedule.has_seats or any(attendance.reserved for attendance in attendances)
    blocks = [session for id_ in choices if (session := schedule.by_id.get(id_)) and session.is_block]
    planned_days = []
    for day in days:
        candidates = [
            _candidate(
                session,
                choices.get(session.id),
                _interest(session, interests, talks),
                attendee,
                schedule,
                seats=has_seats,
            )
            for session in (*schedule.on(day), *(block for block in blocks if schedule.day_by_id[block.id] == day))
            if session.starts_at > now and _may_be_planned(session, choices, interests, talks, schedule)
        ]
        wishes = _wishes(attendee, attendances, schedule, day, now, candidates)
        planned_days.append(DayToPlan.of(candidates, wishes if eats else replace(wishes, lunch=None)))
    return planned_days


def walks_of(attendee: Attendee, schedule: Schedule) -> Walks:
    """Return how long the attendee walks from place to place."""

    def leg(origin: Place, target: Place, arriving: datetime) -> Leg | None:
        return schedule.travel.best(origin, target, attendee.walker, arriving, arriving=True)

    def usual(origin: Place, target: Place, arriving: datetime) -> float:
        way = leg(origin, target, arriving)
        return way.minutes if way else 0

    def least(origin: Place, target: Place, arriving: datetime) -> float:
        way = leg(origin, target, arriving)
        return way.median if way else 0

    def spot(place: Place) -> Place:
        venue = schedule.travel.book.named(place.venue)
        return place if venue and venue.door_times else at_venue(place)

    return Walks(usual, least, spot)


def _is_fixed(attendance: Attendance, schedule: Schedule) -> bool:
    """Whether the attendee goes to a session that is not a drop-in: a drop-in can wait."""
    session = schedule.by_id.get(attendance.session)
    is_going = attendance.choice is Choice.GOING and session is not None and session.takes_place
    return is_going and attendance.session not in schedule.drop_ins


def _may_be_planned(
    session: Session,
    choices: Mapping[str, Attendance],
    interests: Mapping[str, float],
    talks: Collection[str],
    schedule: Schedule,
) -> bool:
    if not session.takes_place or session.id in schedule.drop_ins:
        return False
    # Another sitting of a chosen talk counts if the attendee cannot come to the chosen sitting any more.
    if session.talk in talks:
        return True
    chosen = choices.get(session.id)
    if chosen is not None and chosen.choice is Choice.LATER:
        return False
    return session.id in interests or (chosen is not None and chosen.choice is not Choice.BACKUP)


def _interest(session: Session, interests: Mapping[str, float], talks: Collection[str]) -> float:
    return STAR if session.talk in talks else interests.get(session.id, 0.0)


def _candidate(
    session: Session,
    attendance: Attendance | None,
    interest: float,
    attendee: Attendee,
    schedule: Schedule,
    *,
    seats: bool,
) -> Candidate:
    chosen = attendance or Attendance(session.id)
    line = line_minutes(chosen, session, schedule.conference, seats=seats)
    early = arrive_early(attendee, line)
    firmness = _firmness(attendance)
    interest = max(interest, STAR) if attendance and attendance.choice is not Choice.BACKUP else interest
    return Candidate(session, value_of(session, interest), firmness, early if line else max(early, SPARE))


def _firmness(attendance: Attendance | None) -> Firmness:
    if attendance is None or attendance.choice is Choice.BACKUP:
        return Firmness.WISH
    if attendance.choice is Choice.GOING:
        return Firmness.SEAT if attendance.reserved else Firmness.GOING
    return Firmness.MUST if attendance.must else Firmness.WISH


def _wishes(
    attendee: Attendee,
    attendances: Sequence[Attendance],
    schedule: Schedule,
    day: date,
    now: datetime,
    candidates: Collection[Candidate],
) -> Wishes:
    # A hotel of another conference is not a place of this one.
    stay = schedule.travel.book.named(attendee.stay) if attendee.stay else None
    home = Place(stay.name) if stay else None
    agenda = build_agenda(attendee, attendances, schedule, day)
    lunch = _lunch(schedule, day, now, [stop.session for stop in agenda.stops], candidates)
    if day != now.astimezone(schedule.conference.tz).date() and not any(
        s.session.starts_at <= now for s in agenda.stops
    ):
        return Wishes(lunch, home, None, home)
    place, free = free_at(attendee, agenda, schedule, now)
    return Wishes(lunch, place, free, home)


def free_at(attendee: Attendee, agenda: Agenda, schedule: Schedule, now: datetime) -> tuple[Place | None, datetime]:
    """Return where an attendee is, and when they can leave: now, or at the end of their current session."""
    place, origin = whereabouts(attendee, agenda, schedule, now)
    place = place if place and schedule.travel.book.named(place.venue) else None
    running = [stop.session for stop in agenda.path if stop.session.starts_at <= now < stop.session.ends_at]
    # A person who has since named another place has left it. A drop-in session can be left at any time.
    stays = [
        session
        for session in running
        if (origin is Origin.SESSION or session.online) and session.id not in schedule.drop_ins
    ]
    return place, max([now, *(session.ends_at for session in stays)])


def _lunch(
    schedule: Schedule, day: date, now: datetime, going: Sequence[Session], candidates: Collection[Candidate]
) -> Lunch | None:
    """The lunch to plan; None if it is over, has its own entry, or nothing else is planned on that day."""
    lunch = lunch_of(schedule, day)
    if not candidates or now + lunch.length > lunch.closes or any(is_lunch(session) for session in going):
        return None
    return lunch
