"""The recap of a day: attended and planned sessions, the distance walked, recordings to watch."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.domain.attendee.agenda import Agenda, Clash, Stop, build_agenda
from bot.domain.attendee.attendee import Attendance, Attendee
from bot.domain.attendee.fallbacks import Risk, risks_of, unmade_of
from bot.domain.schedule.conference import Schedule
from bot.domain.schedule.session import Session

EXACT = (100, 1_000, 10_000)
"""Below each of these numbers of steps, steps are rounded to 10, 100 and 500; above them to 1,000."""
WHOLE = 5
"""From this many kilometres on, they are rounded to whole ones."""
ARRIVES = timedelta(hours=1)
"""Somebody who says where they are at most this long before a session there starts has come for it."""


@dataclass(frozen=True, slots=True)
class Recap:
    """One attendee's day.

    Attributes:
        attended: the sessions for which the attendee said that they left, or that they were there.
        planned: the other sessions of the path.
        undecided: for each question that is still open, the sessions that clash.
        venues: where the attended and planned sessions are.
        metres: on foot, between the venues of the path.
        steps: on foot, like `metres`.
        to_watch: recorded sessions that were on the agenda and not on the path.
        tomorrow: the first stop of the next day that has one.
        risks: the seats of that day that probably lapse before the attendee arrives.
        unmade: the sessions of that day that the walk makes impossible.
    """

    day: date
    attended: tuple[Session, ...]
    planned: tuple[Session, ...]
    undecided: tuple[tuple[Session, ...], ...]
    venues: tuple[str, ...]
    metres: int
    steps: int
    to_watch: tuple[Session, ...]
    tomorrow: Stop | None
    risks: tuple[Risk, ...] = ()
    unmade: tuple[tuple[Session, Clash], ...] = ()

    @property
    def sessions(self) -> tuple[Session, ...]:
        """Attended and planned sessions, in the order of their starts."""
        return tuple(sorted((*self.attended, *self.planned), key=lambda session: (session.starts_at, session.code)))


def recap_of(attendee: Attendee, attendances: Iterable[Attendance], schedule: Schedule, day: date) -> Recap:
    """Build the recap of one conference day."""
    chosen = tuple(attendances)
    agenda = build_agenda(attendee, chosen, schedule, day)
    # Own entries are nobody's business but explain the way between the sessions.
    visited = [stop for stop in agenda.path if not stop.session.is_block]
    attended = tuple(stop.session for stop in visited if _was_there(attendee, stop))
    planned = tuple(stop.session for stop in visited if stop.session not in attended)
    open_questions = [
        (stop.session, *(other.session for other in others))
        for stop, others in agenda.questions
        if stop.session not in attended
    ]
    missed = [stop.session for stop in agenda.stops if not stop.assumed] + [session for _, session in agenda.backups]
    following = _next_day(attendee, chosen, schedule, day)
    return Recap(
        day,
        attended,
        planned,
        tuple(open_questions),
        tuple(dict.fromkeys(stop.session.venue for stop in visited if stop.session.venue)),
        sum(leg.metres or 0 for leg in agenda.legs),
        sum(leg.steps(attendee.stride) for leg in agenda.legs),
        tuple(session for session in missed if session.can_be_watched),
        following.path[0] if following else None,
        tuple(risks_of(following)) if following else (),
        tuple(unmade_of(following)) if following else (),
    )


def rounded_steps(steps: int) -> int:
    """Round to the precision of the estimate: about 20,000 steps, not 19,871."""
    ten, hundred, five_hundred = EXACT
    unit = 10 if steps < ten else 100 if steps < hundred else 500 if steps < five_hundred else 1_000
    return round(steps / unit) * unit


def rounded_kilometres(metres: int) -> float:
    """Round metres to half kilometres, and to whole ones from 5 km on."""
    kilometres = metres / 1_000
    return float(round(kilometres)) if kilometres >= WHOLE else round(kilometres * 2) / 2


def _was_there(attendee: Attendee, stop: Stop) -> bool:
    return stop.on_the_way or _confirmed_arrival(attendee, stop.session)


def _confirmed_arrival(attendee: Attendee, session: Session) -> bool:
    """Whether the last "I'm here" names the session's venue, from shortly before its start to its end."""
    here = attendee.here
    if here is None or here.venue != session.venue:
        return False
    return _between(here.at, session.starts_at - ARRIVES, session.ends_at)


def _between(moment: datetime, first: datetime, last: datetime) -> bool:
    return first <= moment <= last


def _next_day(attendee: Attendee, chosen: tuple[Attendance, ...], schedule: Schedule, day: date) -> Agenda | None:
    """The next day on which a session is planned."""
    zone = schedule.conference.tz
    sessions = (schedule.by_id.get(attendance.session) for attendance in chosen)
    days = sorted({session.day(zone) for session in sessions if session and session.day(zone) > day})
    agendas = (build_agenda(attendee, chosen, schedule, later) for later in days)
    return next((agenda for agenda in agendas if agenda.path), None)
