"""What fits into the time between now and the next thing on an agenda, with the ways there and onward."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.attendee.agenda import Stop, build_agenda
from bot.domain.attendee.attendee import Attendance, Attendee, Choice
from bot.domain.planning.candidate import value_of
from bot.domain.planning.of_attendee import STAR, free_at, walks_of
from bot.domain.planning.wishes import Walks
from bot.domain.schedule.conference import Schedule
from bot.domain.schedule.session import Session
from bot.domain.times.zones import day_of
from bot.domain.travel.venue import Place

HORIZON = timedelta(hours=3)
"""How far to look where nothing follows, and no end was given."""
SAME = 5
"""Minutes of detour that make no difference: then the better session comes first."""
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class GapSession:
    """A session that fits into a gap.

    Attributes:
        there: minutes to it; None if it is not known where one is.
        onward: minutes from it to the next thing; None if nothing follows.
        detour: the minutes that it costs: there and onward, without the direct way.
    """

    session: Session
    there: float | None
    onward: float | None
    detour: float
    is_starred: bool


@dataclass(frozen=True, slots=True)
class AgendaGap:
    """The time until the next thing on an agenda.

    Attributes:
        begins: when one is free: now, or at the end of what one is in.
        ends: when everything has to be over, or one has to be at the next thing.
        place: where one is, if that is known.
        following: the next thing, if there is one.
        sessions: what fits, the nearest and best first.
    """

    begins: datetime
    ends: datetime
    place: Place | None
    following: Stop | None
    sessions: Sequence[GapSession]


def agenda_gap(
    attendee: Attendee,
    attendances: Sequence[Attendance],
    schedule: Schedule,
    now: datetime,
    until: datetime | None = None,
) -> AgendaGap:
    """Return the gap that one is in, or that begins at the end of what one is in, with what fits into it.

    Args:
        attendee: the person.
        attendances: all their choices.
        schedule: of the conference.
        now: the moment.
        until: when it ends at the latest.
    """
    agenda = build_agenda(attendee, attendances, schedule, day_of(now, schedule.conference.tz))
    place, begins = free_at(attendee, agenda, schedule, now)
    following = next(
        (stop for stop in agenda.path if stop.session.starts_at >= begins and not _drops_in(stop, schedule)), None
    )
    door = _door(following) if following else None
    ends = min(moment for moment in (door, until) if moment) if door or until else begins + HORIZON
    mine = {each.session: each for each in attendances}
    gap = AgendaGap(begins, ends, place, following, ())
    found = _fitting(gap, until, mine, schedule, walks_of(attendee, schedule))
    ordered = sorted(found, key=_order)
    return AgendaGap(begins, ends, place, following, ordered)


def _drops_in(stop: Stop, schedule: Schedule) -> bool:
    return stop.session.id in schedule.drop_ins


def _door(stop: Stop) -> datetime:
    """When one has to be at the next thing."""
    return stop.session.starts_at - timedelta(minutes=stop.departure.arrive_early)


def _fitting(
    gap: AgendaGap, until: datetime | None, mine: dict[str, Attendance], schedule: Schedule, walks: Walks
) -> Iterator[GapSession]:
    following = gap.following.session if gap.following else None
    door = _door(gap.following) if gap.following else None
    direct = walks.minutes(gap.place, following.place, following.starts_at) if following else 0
    for session in schedule.starting_after(gap.begins - _MINUTE):
        if session.starts_at >= gap.ends:
            return
        chosen = mine.get(session.id)
        is_starred = chosen is not None and chosen.choice is Choice.STARRED
        if session.id in schedule.drop_ins or (chosen and not is_starred):
            continue
        # A little late costs nothing there; the next thing is firm.
        there = walks.minutes(gap.place, session.place, session.starts_at, least=True)
        if gap.begins + there * _MINUTE > session.starts_at or (until and session.ends_at > until):
            continue
        onward = walks.minutes(session.place, following.place, following.starts_at) if following else 0
        if door and session.ends_at + onward * _MINUTE > door:
            continue
        known = there if gap.place and session.place else None
        yield GapSession(session, known, onward if following else None, there + onward - direct, is_starred)


def _order(each: GapSession) -> tuple[bool, int, float, datetime, str]:
    value = value_of(each.session, STAR if each.is_starred else 1)
    return not each.is_starred, int(each.detour // SAME), -value, each.session.starts_at, each.session.code
