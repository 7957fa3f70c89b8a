"""Solutions of a clash: other sittings with which the person attends all its sessions and loses nothing else."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice, product

from bot.domain.attendee.agenda import Agenda, Fit, build_agenda, coming_repeats
from bot.domain.attendee.attendee import Attendance, Attendee
from bot.domain.schedule.conference import Schedule
from bot.domain.schedule.session import Session

MOST_REPEATS = 3
"""Other sittings of one session that are tried."""
MOST_TRIED = 24
"""Combinations that are tried for one clash."""


@dataclass(frozen=True, slots=True)
class WayOut:
    """A combination of sittings with which the person attends every session of a clash.

    Attributes:
        moves: the sessions that change, each with the sitting that replaces it.
        walk: minutes of walking on the days of these sittings.
    """

    moves: tuple[tuple[Session, Session], ...]
    walk: float


def ways_out(
    attendee: Attendee, attendances: Sequence[Attendance], schedule: Schedule, clash: Sequence[Session], now: datetime
) -> list[WayOut]:
    """Return the combinations that fit the whole of each day, best first: few changes, no seat given up, short walks.

    Args:
        attendee: the person.
        attendances: all their choices.
        schedule: the schedule of the conference.
        clash: the sessions that exclude each other.
        now: the current time; sittings that begin before it are not used.
    """
    reserved = {attendance.session for attendance in attendances if attendance.reserved}
    combinations = islice(_combinations(attendances, schedule, clash, now), MOST_TRIED)
    ways = [way for combination in combinations if (way := _way_out(attendee, attendances, schedule, combination, now))]

    def order(way: WayOut) -> tuple[int, int, float, datetime]:
        lost = sum(old.id in reserved for old, _ in way.moves)
        return len(way.moves), lost, way.walk, way.moves[0][1].starts_at

    return sorted(ways, key=order)


def _combinations(
    attendances: Sequence[Attendance], schedule: Schedule, clash: Sequence[Session], now: datetime
) -> Iterator[tuple[tuple[Session, Session], ...]]:
    """Each session with one of its sittings, the combinations with few changes first."""
    options = [
        [(session, other) for other in (session, *coming_repeats(attendances, schedule, session, now)[:MOST_REPEATS])]
        for session in clash
    ]
    changes = sorted(product(*options), key=lambda pairs: sum(old != new for old, new in pairs))
    return (pairs for pairs in changes[1:])


def _way_out(
    attendee: Attendee,
    attendances: Sequence[Attendance],
    schedule: Schedule,
    pairs: Sequence[tuple[Session, Session]],
    now: datetime,
) -> WayOut | None:
    """The way out, if everything that the days are planned with so far fits with the new sittings."""
    replaced = {old.id: new.id for old, new in pairs}
    changed = [
        Attendance(replaced[attendance.session], chosen_at=attendance.chosen_at)
        if replaced.get(attendance.session, attendance.session) != attendance.session
        else attendance
        for attendance in attendances
        if attendance.session not in {new for old, new in replaced.items() if new != old}
    ]
    days = {schedule.day_by_id[session.id] for pair in pairs for session in pair}
    walk = 0.0
    for day in sorted(days):
        agenda = build_agenda(attendee, changed, schedule, day)
        before = build_agenda(attendee, attendances, schedule, day)
        unreplaced = {stop.session.id for stop in before.path} - set(replaced)
        if not unreplaced | set(replaced.values()) & _ids(agenda, schedule) <= {
            stop.session.id for stop in agenda.path
        }:
            return None
        moved = [stop for stop in agenda.path if stop.session.id in {new.id for old, new in pairs if new != old}]
        if any(stop.fit is not Fit.FITS or stop.departure.leave_by < now for stop in moved):
            return None
        walk += sum(leg.minutes for leg in agenda.legs)
    return WayOut(tuple((old, new) for old, new in pairs if old != new), walk)


def _ids(agenda: Agenda, schedule: Schedule) -> set[str]:
    """All sessions of the agenda's day."""
    return {session.id for session in schedule.on(agenda.day)}
