"""A session on somebody's agenda: when to leave for it, what it overlaps, what to do where it cannot be made."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.app.messages import Card, Text
from bot.app.text.departure import departure_text
from bot.app.text.format import minutes_text, sentence
from bot.app.text.reader import Reader
from bot.app.text.sessions import line_of, session_card
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
    """The session of a stop with leave-by and leg, overlaps, and a repeat if it cannot be made."""
    lines = (
        departure_text(stop.departure, stop.attendance, stop.session, reader),
        seat_text(stop, reader),
        _late(stop, reader, now),
        fit_text(stop, reader),
        *(overlap_text(stop.session, other, reader) for other in stop.overlaps),
        *(_way_out(stop, schedule, reader, now)),
    )
    return session_card(stop.session, reader, *[line for line in lines if line], number=number, day=day)


def seat_text(stop: Stop, reader: Reader) -> Text:
    """Until when a reserved seat is kept."""
    if not stop.attendance.reserved:
        return ()
    lapses = stop.session.starts_at - timedelta(minutes=stop.departure.arrive_early)
    return sentence("Your reserved seat lapses at ", reader.time(lapses), ".")


def fit_text(stop: Stop, reader: Reader) -> Text:
    """Said only where the session before does not leave enough time."""
    if stop.fit is Fit.TIGHT:
        return sentence("Tight: the session before ends after that, so you would miss the check-in cut-off.")
    if stop.fit is Fit.TOO_LATE:
        starts = reader.time(stop.session.starts_at)
        return sentence(
            "Cannot be made: you would come out of the session before too late to be there at ", starts, "."
        )
    return ()


def overlap_text(session: Session, other: Session, reader: Reader) -> Text:
    """What overlaps, and which of the two can be watched later."""
    watch = [each.code for each in (session, other) if each.recorded is Recorded.YES]
    later = f"; {' and '.join(watch)} {'are' if len(watch) > 1 else 'is'} recorded" if watch else ""
    return sentence("Overlaps ", line_of(other, reader), f"{later}.")


def repeat_of(session: Session, chosen: Sequence[Session], schedule: Schedule, now: datetime) -> Session | None:
    """The next sitting of the same talk that overlaps nothing chosen, else the next one."""
    coming = [other for other in schedule.repeats(session) if other.starts_at > now]
    free = [other for other in coming if not any(other.overlaps(each) for each in chosen if each.id != session.id)]
    return next(iter(free or coming), None)


def _late(stop: Stop, reader: Reader, now: datetime) -> Text:
    departure = stop.departure
    if departure.leg is None or not departure.leave_by < now < stop.session.starts_at:
        return ()
    arrival = now + timedelta(minutes=departure.leg.minutes)
    when = "just in time" if arrival <= stop.session.starts_at else "late"
    ago = minutes_text(now - departure.leave_by)
    return sentence(f"That was {ago} ago. Leave now and you arrive {when}, at ", reader.time(arrival), ".")


def _way_out(stop: Stop, schedule: Schedule, reader: Reader, now: datetime) -> tuple[Text, ...]:
    """A repeat helps who cannot make this sitting: too late, overlapping or cancelled."""
    if stop.fit is Fit.FITS and not stop.overlaps:
        return ()
    repeat = repeat_of(stop.session, stop.overlaps, schedule, now)
    if repeat is None:
        return ()
    return (sentence("Repeat: ", reader.day(repeat.starts_at), " ", line_of(repeat, reader)),)


def numbered_stop(stop: Stop, number: int, schedule: Schedule, reader: Reader, now: datetime) -> Card:
    """A stop as one of an agenda: with the free time before one leaves for it."""
    card = stop_card(stop, schedule, reader, now, number=number)
    if not stop.gap:
        return card
    return replace(card, lines=(*card.lines, sentence(f"Before that: {minutes_text(stop.gap)} free.")))
