"""When to leave and how long the walk takes, with the source of the minutes."""

from datetime import timedelta

from bot.app.messages import Text, Typed
from bot.app.text.catalog import n, t
from bot.app.text.local_times import Reader
from bot.domain.attendee.agenda import Departure, Origin
from bot.domain.attendee.attendee import Attendance
from bot.domain.schedule.session import Session
from bot.domain.schedule.travel import Leg, LegSource


def walk_text(leg: Leg) -> Text:
    """`18 min walk`, `12 min by shuttle`."""
    if leg.mode == "walk":
        return t("{minutes} min walk", minutes=leg.minutes)
    return t("{minutes} min by {mode}", minutes=leg.minutes, mode=leg.mode.value)


def source_text(leg: Leg) -> Text:
    """How the minutes of a leg are known: `estimate`, `measured on 23 walks`."""
    match leg.source:
        case LegSource.LEARNED if leg.samples is not None:
            return n("measured on {count} walk", "measured on {count} walks", leg.samples)
        case LegSource.LEARNED:
            return t("measured by attendees")
        case LegSource.ORGANIZER:
            return t("set by the organizers")
        case LegSource.ROUTED:
            return t("from the map")
        case LegSource.INSIDE:
            return t("inside the venue")
    return t("estimate")


def leg_text(leg: Leg) -> Text:
    """`18 min walk from Venetian to Caesars Forum (estimate)`."""
    if leg.source is LegSource.INSIDE and not leg.minutes:
        return t("the same room in {venue}", venue=leg.target)
    if leg.source is LegSource.INSIDE:
        return t("{minutes} min inside {venue}", minutes=leg.minutes, venue=leg.target)
    return t(
        "{walk} from {start} to {end} ({source})",
        walk=walk_text(leg),
        start=leg.origin,
        end=leg.target,
        source=source_text(leg),
    )


def departure_text(departure: Departure, attendance: Attendance, session: Session, reader: Reader) -> Text:
    """`Leave Venetian by 13:05: 18 min walk to Caesars Forum (estimate) + 10 min for check-in`."""
    time, line, leg = reader.time(departure.leave_by), line_text(departure, attendance), departure.leg
    if leg is None:
        return t("Be there by {time} ({line}). {unknown}", time=time, line=line, unknown=unknown_place_text(session))
    if departure.origin is Origin.UNKNOWN:
        return t("Leave by {time} to be safe: {longest}", time=time, longest=longest_walk_text(leg))
    if departure.stays:
        return t(
            "Stay where you are: it's the same room. If you go out, be back by {time} ({line}).", time=time, line=line
        )
    if leg.source is LegSource.INSIDE:
        return t(
            "Leave by {time}: {minutes} min inside {venue} + {line}.",
            time=time,
            minutes=leg.minutes,
            venue=leg.target,
            line=line,
        )
    return t(
        "Leave {place} by {time}: {walk} to {venue} ({source}) + {line}.",
        place=leg.origin,
        time=time,
        walk=walk_text(leg),
        venue=leg.target,
        source=source_text(leg),
        line=line,
    )


def route_text(departure: Departure, attendance: Attendance, session: Session, reader: Reader) -> Text:
    """What stands below `Leave MGM Grand by 8:51 for …`: the walk, the line at the door, the start and the room."""
    leg, line = departure.leg, line_text(departure, attendance)
    starts = start_text(session, reader)
    if leg is None:
        return t("{line}. {starts} {unknown}", line=line, starts=starts, unknown=unknown_place_text(session))
    if departure.origin is Origin.UNKNOWN:
        return t("{starts} To be safe, {longest}", starts=starts, longest=longest_walk_text(leg))
    if departure.stays:
        back = reader.time(session.starts_at - timedelta(minutes=departure.arrive_early))
        return t("If you go out, be back by {time} ({line}). {starts}", time=back, line=line, starts=starts)
    if leg.source is LegSource.INSIDE:
        return t(
            "{minutes} min inside {venue} + {line}. {starts}",
            minutes=leg.minutes,
            venue=leg.target,
            line=line,
            starts=starts,
        )
    return t(
        "{walk} ({source}) + {line}. {starts}", walk=walk_text(leg), source=source_text(leg), line=line, starts=starts
    )


def start_text(session: Session, reader: Reader) -> Text:
    """`It starts at 10:00 in Murano 3304`."""
    time = reader.time(session.starts_at)
    if not session.room:
        return t("It starts at {time}.", time=time)
    return t("It starts at {time} in {room}.", time=time, room=session.room)


def longest_walk_text(leg: Leg) -> Text:
    """Why a leave-by is early when the start is unknown, and how to change that."""
    return t(
        "I counted the longest walk ({walk} from {place}). Tell me where you are with {hotel} or {here}.",
        walk=walk_text(leg),
        place=leg.origin,
        hotel=Typed("/hotel"),
        here=Typed("/here"),
    )


def unknown_place_text(session: Session) -> Text:
    """A remark that no walk is counted."""
    place = session.venue or session.room
    if not place:
        return t("I don't know where it is yet, so add your walk.")
    return t("I don't know where {place} is, so add your walk.", place=place)


def line_text(departure: Departure, attendance: Attendance) -> Text:
    """`10 min for check-in`, `20 min for the walk-up line`."""
    minutes = departure.arrive_early
    if attendance.reserved:
        return t("{minutes} min for check-in", minutes=minutes)
    return t("{minutes} min for the walk-up line", minutes=minutes)
