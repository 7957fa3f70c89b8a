"""The evening recap: sessions attended, distance walked, recordings to watch."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from bot.domain.attendee.agenda import Agenda, Stop, build_agenda
from bot.domain.attendee.attendee import Attendance, Attendee
from bot.domain.schedule.conference import Schedule
from bot.domain.schedule.session import Recorded, Session


@dataclass(frozen=True, slots=True)
class Recap:
    """One attendee's day. `metres` and `steps` are on foot; `to_watch` are recorded sessions missed by an overlap."""

    day: date
    attended: tuple[Session, ...]
    venues: tuple[str, ...]
    metres: int
    steps: int
    to_watch: tuple[Session, ...]
    tomorrow: Stop | None

    @property
    def kilometres(self) -> float:
        """Kilometres on foot, to one decimal."""
        return round(self.metres / 1000, 1)


def recap_of(attendee: Attendee, attendances: Iterable[Attendance], schedule: Schedule, day: date) -> Recap:
    """Build the recap of one conference day. Of two overlapping sessions the recorded one counts as missed."""
    chosen = tuple(attendances)
    agenda = build_agenda(attendee, chosen, schedule, day)
    missed = _missed(agenda)
    attended = tuple(stop.session for stop in agenda.stops if stop.session.id not in {each.id for each in missed})
    backups = [session for _, session in agenda.backups if session.recorded is Recorded.YES]
    venues = dict.fromkeys(session.venue for session in attended if session.venue)
    on_foot = [leg for leg in agenda.legs if leg.mode == "walk"]
    return Recap(
        day,
        attended,
        tuple(venues),
        sum(leg.metres or 0 for leg in on_foot),
        sum(leg.steps(attendee.stride) for leg in on_foot),
        (*missed, *backups),
        _first_after(attendee, chosen, schedule, day),
    )


def _missed(agenda: Agenda) -> tuple[Session, ...]:
    return tuple(
        stop.session
        for stop in agenda.stops
        if stop.session.recorded is Recorded.YES
        and any(other.recorded is not Recorded.YES or _earlier(other, stop.session) for other in stop.overlaps)
    )


def _earlier(one: Session, other: Session) -> bool:
    return (one.starts_at, one.code) < (other.starts_at, other.code)


def _first_after(attendee: Attendee, chosen: tuple[Attendance, ...], schedule: Schedule, day: date) -> Stop | None:
    zone = schedule.conference.tz
    sessions = (schedule.by_id.get(each.session) for each in chosen)
    days = sorted({session.day(zone) for session in sessions if session and session.day(zone) > day})
    agendas = (build_agenda(attendee, chosen, schedule, later) for later in days)
    return next((agenda.stops[0] for agenda in agendas if agenda.stops), None)
