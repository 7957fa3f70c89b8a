"""The page of a person's day: the stops in order, the current and the next one, and the path between the venues."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.app.messages import Button, Text
from bot.app.pages.visits import Visit
from bot.app.ports.pictures import MapVenue, Point
from bot.app.text import (
    AgendaWriter,
    Reader,
    day_text,
    departure_text,
    is_over,
    leg_text,
    minutes_text,
    outside_text,
    sizes_text,
    t,
)
from bot.app.text.agenda import SHORTEST_FREE
from bot.app.text.day_path import lines_of, positions_of, venues_of, visits_of
from bot.domain.attendee.agenda import Agenda, Stop, build_agenda
from bot.domain.attendee.attendee import Attendance
from bot.domain.schedule.conference import Schedule
from bot.domain.schedule.session import Session
from bot.domain.times.zones import day_of

DECIDED = ("going", "backup")
"""Choices that are on the agenda; any other is only remembered."""
LABEL = 200
"""Characters of a title on a button: a page has room for whole titles."""


@dataclass(frozen=True, slots=True)
class StopView:
    """One stop.

    Attributes:
        leave_by: the moment to leave; None where nobody has to walk.
        walk: when to leave and from where; empty where nobody has to walk.
        free: the free time before that moment, and `search`, what finds sessions in it; empty if there is none.
        lines: when, where, what it is, and what clashes.
        on: whether it is running now.
        over: whether it has ended.
    """

    session: Session
    number: int
    lines: tuple[Text, ...]
    walk: Text
    free: Text
    search: str
    leave_by: datetime | None
    assumed: bool
    reserved: bool
    on: bool
    over: bool


@dataclass(frozen=True, slots=True)
class DayView:
    """One day.

    Attributes:
        days: all days that have something, and today, with what to call them.
        now: what is running and planned; `next`: the next stop of today or a later day, with its day.
        questions: for each clash, which session it shall be, with the buttons that decide.
        others: sessions that are remembered and not on the agenda: backups, stars, and what does not take place.
        venues: the venues with a position; `path`: the lines of the day's legs.
    """

    day: date
    label: str
    head: Text
    days: tuple[tuple[date, str], ...]
    stops: tuple[StopView, ...]
    now: StopView | None
    next: StopView | None
    questions: tuple[tuple[Sequence[Text], Sequence[Button]], ...]
    home: Text
    others: tuple[tuple[Session, str], ...]
    venues: tuple[MapVenue, ...]
    path: tuple[tuple[Point, ...], ...]


def day_view(visit: Visit, now: datetime, day: date | None = None) -> DayView:
    """Return a day of a person; without a `day`, today, or the next day with entries."""
    schedule, attendee = visit.schedule, visit.attendee
    reader, today = Reader.of(attendee, schedule), day_of(now, schedule.conference.tz)
    with_something = _days(visit.chosen, schedule)
    if day is None:
        last = with_something[-1] if with_something and is_over(schedule, now) else today
        day = next((planned_day for planned_day in with_something if planned_day >= today), last)
    agenda = build_agenda(attendee, visit.chosen, schedule, day)
    writer = AgendaWriter(attendee, visit.chosen, schedule, reader, now, label=LABEL)
    stops = tuple(_stop_view(writer, stop, number, agenda) for number, stop in enumerate(agenda.stops, 1))
    all_days = sorted({*with_something, *schedule.days, today} if schedule.days else {today})
    return DayView(
        day=day,
        label=day_text(day),
        head=_head(agenda, schedule, now),
        days=tuple((listed_day, day_text(listed_day)) for listed_day in all_days),
        stops=stops,
        now=next((stop for stop in stops if stop.on and stop.assumed), None),
        next=_next(visit, writer, agenda, with_something),
        questions=tuple(writer.question_parts(agenda)),
        home=t("Then home: {walk}.", walk=leg_text(agenda.home)) if agenda.home else (),
        others=_others(visit, day, agenda),
        venues=_venues(agenda, schedule),
        path=lines_of(schedule, _hops(agenda, schedule)),
    )


def _venues(agenda: Agenda, schedule: Schedule) -> tuple[MapVenue, ...]:
    """The venues with the numbers that the stops have in the list of the day."""
    numbers: dict[str, list[int]] = {}
    for number, stop in enumerate(agenda.stops, 1):
        if stop.assumed:
            numbers.setdefault(stop.session.venue, []).append(number)
    return tuple(replace(venue, numbers=tuple(numbers.get(venue.name, ()))) for venue in venues_of(schedule))


def _hops(agenda: Agenda, schedule: Schedule) -> Sequence[Sequence[str]]:
    """Return the venues of each leg, including the ones from and to the hotel: nobody else sees this map."""
    positions, hops = positions_of(schedule), list[Sequence[str]]()
    for leg in agenda.legs:
        ends = (leg.origin, leg.via, leg.target) if leg.via else (leg.origin, leg.target)
        hops.append(tuple(dict.fromkeys(venue for venue in ends if venue in positions)))
    # Between two stops without a leg of their own there is a straight line: an unknown way is a way, too.
    return hops or [visits_of((stop.session for stop in agenda.path), positions)]


def _days(chosen: Sequence[Attendance], schedule: Schedule) -> list[date]:
    return sorted(
        {schedule.day_by_id[attendance.session] for attendance in chosen if attendance.session in schedule.day_by_id}
    )


def _head(agenda: Agenda, schedule: Schedule, now: datetime) -> Text:
    if agenda.stops:
        return sizes_text(agenda)
    return outside_text(schedule, now) or t("Nothing on your agenda yet.")


def _stop_view(writer: AgendaWriter, stop: Stop, number: int, agenda: Agenda) -> StopView:
    session, departure = stop.session, stop.departure
    walks = departure.leg is not None and not departure.stays and not session.online and stop.assumed
    walk = departure_text(departure, stop.attendance, session, writer.reader) if walks else ()
    free, search = _free(writer, stop, agenda.day)
    return StopView(
        session=session,
        number=number,
        lines=tuple(line for line in writer.numbered_card(stop, number, agenda).lines if not walk or line != walk),
        walk=walk,
        free=free,
        search=search,
        leave_by=departure.leave_by if walks and not stop.on_the_way else None,
        assumed=stop.assumed,
        reserved=stop.attendance.reserved,
        on=session.starts_at <= writer.now < session.ends_at,
        over=session.ends_at <= writer.now,
    )


def _free(writer: AgendaWriter, stop: Stop, day: date) -> tuple[Text, str]:
    """The free time before the attendee leaves for a stop, and the search for what fits into the rest of it."""
    ends = stop.departure.leave_by
    if not stop.assumed or stop.gap is None or stop.gap < SHORTEST_FREE:
        return (), ""
    reader, tz = writer.reader.here(), writer.schedule.conference.tz
    starts = ends - stop.gap
    text = t(
        "Free {start}-{end}, {time}", start=reader.time(starts), end=reader.time(ends), time=minutes_text(stop.gap)
    )
    from_now = max(starts, writer.now)
    if ends - from_now < SHORTEST_FREE:
        return text, ""
    hours = (f"{at.astimezone(tz):%H:%M}" for at in (from_now, ends))
    return text, "free for me {} after {} before {}".format(day.isoformat(), *hours)


def _next(visit: Visit, writer: AgendaWriter, shown_agenda: Agenda, days: Sequence[date]) -> StopView | None:
    """The next stop that is planned, also of a later day than the one that is shown."""
    for day in (later for later in days if later >= writer.today):
        agenda = (
            shown_agenda if day == shown_agenda.day else build_agenda(visit.attendee, visit.chosen, visit.schedule, day)
        )
        for number, stop in enumerate(agenda.stops, 1):
            if stop.assumed and stop.session.starts_at > writer.now:
                return _stop_view(writer, stop, number, agenda)
    return None


def _others(visit: Visit, day: date, agenda: Agenda) -> tuple[tuple[Session, str], ...]:
    """Return the chosen sessions of the day that are not stops, each with its kind of choice."""
    planned = {stop.session.id for stop in agenda.stops}
    others: list[tuple[Session, str]] = []
    for attendance in visit.chosen:
        session = visit.schedule.by_id.get(attendance.session)
        if session is None or session.id in planned or visit.schedule.day_by_id[session.id] != day:
            continue
        others.append((session, attendance.choice.value if session.takes_place else "off"))
    return tuple(sorted(others, key=lambda pair: (pair[0].starts_at, pair[0].code)))
