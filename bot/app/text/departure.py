"""When to leave and how to walk, in one line; it always names where the minutes come from."""

from bot.app.messages import Text
from bot.app.text.format import count, sentence
from bot.app.text.reader import Reader
from bot.domain.attendee.agenda import Departure, Origin
from bot.domain.attendee.attendee import Attendance
from bot.domain.schedule.session import Session
from bot.domain.schedule.travel import Leg, LegSource


def leg_walk(leg: Leg) -> str:
    """`18 min walk`, `12 min by shuttle`."""
    return f"{leg.minutes} min walk" if leg.mode == "walk" else f"{leg.minutes} min by {leg.mode}"


def leg_source(leg: Leg) -> str:
    """`learned from the group, 23 walks`; the other sources speak for themselves."""
    samples = f", {count(leg.samples, 'walk')}" if leg.samples is not None else ""
    return f"{leg.source}{samples}"


def leg_text(leg: Leg) -> str:
    """`18 min walk from Venetian to Caesars Forum (estimated from the distance)`."""
    if leg.source is LegSource.INSIDE:
        return (
            f"{leg.minutes} min inside {leg.target} ({leg.source})" if leg.minutes else f"the same room in {leg.target}"
        )
    return f"{leg_walk(leg)} from {leg.origin} to {leg.target} ({leg_source(leg)})"


def departure_text(departure: Departure, attendance: Attendance, session: Session, reader: Reader) -> Text:
    """`leave Venetian by 13:05: 18 min walk to Caesars Forum, + 10 min check-in (…)`."""
    ahead = _ahead(departure, attendance)
    leave, leg = reader.time(departure.leave_by), departure.leg
    if leg is None:
        why = f"no way to {session.venue} is known" if session.venue else "its venue is not known"
        return sentence("be there by ", leave, f": {why}, so no walk is counted, only {ahead}")
    if departure.origin is Origin.UNKNOWN:
        safe = f"{leg_walk(leg)} from {leg.origin}, the longest way to {leg.target}, + {ahead}"
        return sentence(
            "leave by ",
            leave,
            f": {safe} ({leg_source(leg)}). I don't know where you start: /hotel or /here tells me",
        )
    if departure.stays:
        return sentence("stay where you are, it is the same room; if you go out, be back by ", leave, f" ({ahead})")
    if leg.source is LegSource.INSIDE:
        return sentence("leave by ", leave, f": {leg.minutes} min inside {leg.target}, + {ahead} ({leg.source})")
    way = f"{leg_walk(leg)} to {leg.target}, + {ahead} ({leg_source(leg)})"
    return sentence(f"leave {leg.origin} by ", leave, ": ", way)


def _ahead(departure: Departure, attendance: Attendance) -> str:
    return f"{departure.arrive_early} min {'check-in' if attendance.reserved else 'walk-up line'}"
