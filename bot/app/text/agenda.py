"""A session on an attendee's agenda: when to leave for it, what it overlaps, what to do if it is out of reach."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.app.messages import Card, Text
from bot.app.text.catalog import t
from bot.app.text.departure import departure_text
from bot.app.text.format import lines, minutes_text
from bot.app.text.local_times import Reader
from bot.app.text.sessions import session_card, session_line
from bot.domain.attendee.agenda import Fit, Stop
from bot.domain.schedule.conference import Schedule
from bot.domain.schedule.session import Recorded, Session


def stop_card(
    stop: Stop,
    schedule: Schedule,
    reader: Reader,
    now: datetime,
    *,
    day: bool = False,
    number: int | None = None,
) -> Card:
    """The session of a stop with leave-by and walk, conflicts, overlaps, and a repeat if it can't be attended."""
    more = lines(
        departure_text(stop.departure, stop.attendance, stop.session, reader),
        seat_text(stop, reader),
        _late(stop, reader, now),
        conflict_text(stop, reader),
        *(overlap_text(stop.session, other, reader) for other in stop.overlaps),
        _repeat_text(stop, schedule, reader, now),
    )
    return session_card(stop.session, reader, *more, number=number, day=day)


def seat_text(stop: Stop, reader: Reader) -> Text:
    """When a reserved seat lapses; empty without one."""
    if not stop.attendance.reserved:
        return ()
    return t("Your reserved seat lapses at {time}.", time=reader.time(_latest_arrival(stop)))


def conflict_text(stop: Stop, reader: Reader) -> Text:
    """Why the session before leaves too little time; empty if it leaves enough."""
    before, leg = stop.before, stop.departure.leg
    if before is None or stop.fit is Fit.FITS:
        return ()
    arrival = before.ends_at + timedelta(minutes=leg.minutes if leg else 0)
    if stop.fit is Fit.TOO_LATE:
        return t(
            "You can't make it: \"{title}\" ends at {ends} and you'd arrive at {arrival}.",
            title=before.title,
            ends=reader.time(before.ends_at),
            arrival=reader.time(arrival),
        )
    leave = reader.time(stop.departure.leave_by)
    if stop.attendance.reserved:
        return t(
            "Tight: you'd arrive at {arrival}, {late} after your seat lapses. Slip out at {leave} to keep it.",
            arrival=reader.time(arrival),
            late=minutes_text(arrival - _latest_arrival(stop)),
            leave=leave,
        )
    return t(
        "Tight: you'd arrive at {arrival}, {spare} before it starts. Slip out at {leave} to get in line in time.",
        arrival=reader.time(arrival),
        spare=minutes_text(stop.session.starts_at - arrival),
        leave=leave,
    )


def _latest_arrival(stop: Stop) -> datetime:
    return stop.session.starts_at - timedelta(minutes=stop.departure.arrive_early)


def overlap_text(session: Session, other: Session, reader: Reader) -> Text:
    """The overlap with `other`, and which of the two is recorded."""
    line = session_line(other, reader)
    match session.recorded is Recorded.YES, other.recorded is Recorded.YES:
        case True, True:
            return t("Overlaps {session}. Both are recorded.", session=line)
        case True, False:
            return t("Overlaps {session}. This one is recorded.", session=line)
        case False, True:
            return t("Overlaps {session}. That one is recorded.", session=line)
    return t("Overlaps {session}.", session=line)


def repeat_of(session: Session, chosen: Sequence[Session], schedule: Schedule, now: datetime) -> Session | None:
    """The next repeat that overlaps no other chosen session; if all overlap, the next one."""
    coming = [other for other in schedule.repeats(session) if other.starts_at > now]
    others = [other for other in chosen if other.id != session.id]
    free = [repeat for repeat in coming if not any(repeat.overlaps(other) for other in others)]
    return next(iter(free or coming), None)


def _late(stop: Stop, reader: Reader, now: datetime) -> Text:
    departure = stop.departure
    if departure.leg is None or not departure.leave_by < now < stop.session.starts_at:
        return ()
    arrival, ago = now + timedelta(minutes=departure.leg.minutes), minutes_text(now - departure.leave_by)
    if arrival <= stop.session.starts_at:
        return t("That was {ago} ago. Leave now to arrive just in time, at {time}.", ago=ago, time=reader.time(arrival))
    return t("That was {ago} ago. Leave now to arrive at {time}, after the start.", ago=ago, time=reader.time(arrival))


def _repeat_text(stop: Stop, schedule: Schedule, reader: Reader, now: datetime) -> Text:
    """The repeat of a session that overlaps another or is out of reach."""
    if stop.fit is Fit.FITS and not stop.overlaps:
        return ()
    repeat = repeat_of(stop.session, stop.overlaps, schedule, now)
    if repeat is None:
        return ()
    return t("It's on again {day}: {session}.", day=reader.day(repeat.starts_at), session=session_line(repeat, reader))


def numbered_stop(stop: Stop, number: int, schedule: Schedule, reader: Reader, now: datetime) -> Card:
    """A stop as an entry of an agenda, with the free time before it."""
    card = stop_card(stop, schedule, reader, now, number=number)
    if not stop.gap:
        return card
    return replace(card, lines=(*card.lines, t("You have {time} free before you leave.", time=minutes_text(stop.gap))))
