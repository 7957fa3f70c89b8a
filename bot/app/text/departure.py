"""When to leave and how long the walk takes, with the source of the minutes."""

from datetime import datetime, timedelta

from bot.app.messages import Text, Typed
from bot.app.text.catalog import Value, n, s, t
from bot.app.text.chances import cases_text, share_text
from bot.app.text.format import minutes_text, spaced
from bot.app.text.local_times import Reader
from bot.app.text.places import place_name
from bot.domain.attendee.attendee import Attendance
from bot.domain.attendee.departure import Departure, Origin
from bot.domain.schedule.session import Session
from bot.domain.travel.leg import Leg
from bot.domain.travel.way import LegSource, Mode
from bot.domain.travel.weather import Weather

FEW_METRES = 100
"""Metres outside up to which a way is called one inside."""

HARDLY_EARLY = timedelta(minutes=2)
"""Nobody calls it slipping out to leave so little before the end."""


def shown_minutes(minutes: float) -> int:
    """The minutes to show: the nearest whole number, because rounding up always would waste time."""
    return round(minutes)


def walk_text(leg: Leg) -> Text:
    """`18 min walk`, `12 min by shuttle`."""
    minutes = shown_minutes(leg.moving)
    if leg.source is LegSource.OWN:
        return t("{minutes} min", minutes=minutes)
    if leg.mode is Mode.WALK:
        return t("{minutes} min walk", minutes=minutes)
    if leg.mode is Mode.BRIDGE:
        return t("{minutes} min walk over the bridge", minutes=minutes)
    if leg.via:
        return t("{minutes} min by {mode} via {venue}", minutes=minutes, mode=mode_name(leg.mode), venue=leg.via)
    return t("{minutes} min by {mode}", minutes=minutes, mode=mode_name(leg.mode))


def mode_name(mode: Mode) -> str:
    """`shuttle`, `monorail`."""
    names = {Mode.WALK: s("walk"), Mode.BRIDGE: s("bridge"), Mode.SHUTTLE: s("shuttle"), Mode.TRAM: s("tram")}
    return names.get(mode) or s("monorail")


def source_text(leg: Leg) -> Text:
    """How sure the minutes of a leg are, and how they are known: `enough for 9 in 10, estimate`."""
    known, why = _known_text(leg), weather_text(leg)
    if leg.spread:
        known = t("enough for {share}, {source}", share=share_text(leg.sure / 100), source=known)
    return t("{why}; {known}", why=why, known=known) if why else known


def weather_text(leg: Leg) -> Text:
    """`inside, since it rains`: why another way than usual is the best one; empty for the usual one."""
    if leg.weather is None:
        return ()
    outside = leg.metres if leg.outdoor is None else leg.outdoor
    is_inside = (outside or 0) < FEW_METRES
    if leg.weather is Weather.RAIN:
        return t("inside, since it rains") if is_inside else t("less outside, since it rains")
    return t("inside, since it is hot") if is_inside else t("less outside, since it is hot")


def _known_text(leg: Leg) -> Text:
    if leg.source is LegSource.LEARNED and leg.samples is not None:
        return n("measured on {count} walk", "measured on {count} walks", leg.samples)
    return {
        LegSource.LEARNED: t("measured by attendees"),
        LegSource.ORGANIZER: t("set by the organizers"),
        LegSource.ROUTED: t("from the map"),
        LegSource.INSIDE: t("inside the venue"),
        LegSource.OWN: t("with the minutes you gave me"),
        LegSource.ESTIMATE: t("estimate"),
    }[leg.source]


def leg_text(leg: Leg) -> Text:
    """`18 min walk from Venetian to Caesars Forum (enough for 9 in 10, estimate)`."""
    if leg.source is LegSource.INSIDE and not leg.minutes:
        return t("the same room in {venue}", venue=leg.target)
    if leg.source is LegSource.INSIDE:
        return _inside_text(leg)
    return t(
        "{walk} from {start} to {end} ({source})",
        walk=walk_text(leg),
        start=place_name(leg.origin),
        end=place_name(leg.target),
        source=source_text(leg),
    )


def _inside_text(leg: Leg) -> Text:
    return t("{minutes} min inside {venue}", minutes=shown_minutes(leg.minutes), venue=leg.target)


def other_way_text(leg: Leg) -> Text:
    """`Or the monorail: 31 min.`; empty if there is no other way worth naming."""
    if leg.other is None:
        return ()
    mode, minutes = leg.other
    return t("Or the {mode}: {minutes} min.", mode=mode_name(mode), minutes=shown_minutes(minutes))


def hours_text(leg: Leg | None, reader: Reader) -> Text:
    """When a ride begins for which one waits, or ends, or begins too late to be sure of it; empty without any."""
    if leg is None:
        return ()
    if leg.opens:
        return t("The first {mode} goes at {time}.", mode=mode_name(leg.mode), time=reader.time(leg.opens[0]))
    if leg.closes:
        return t("The {mode} runs until {time}.", mode=mode_name(leg.mode), time=reader.time(leg.closes[0]))
    if leg.later:
        mode, moment, share = leg.later
        return t(
            "Or the {mode} from {time} on: it gets you there in time {cases}.",
            mode=mode_name(mode),
            time=reader.time(moment),
            cases=cases_text(share),
        )
    return ()


def step_free_text(leg: Leg | None) -> Text:
    """Whether the way has steps, for those who need to know; empty for others."""
    if leg is None or not leg.needs_step_free or leg.source is LegSource.INSIDE or leg.step_free:
        return ()
    if leg.step_free is None:
        return t("I don't know whether this way is step-free.")
    return t("I know no step-free way there.")


def departure_text(departure: Departure, attendance: Attendance, session: Session, reader: Reader) -> Text:
    """`Leave Venetian by 13:05: 18 min walk to Caesars Forum (estimate) + 10 min for check-in`."""
    leave, start = _leave_text(departure, attendance, session, reader), assumed_start_text(departure, reader)
    return t("{leave} {start}", leave=leave, start=start) if start else leave


def _leave_text(departure: Departure, attendance: Attendance, session: Session, reader: Reader) -> Text:
    if session.needs_no_walk:
        return _without_walk(session, reader)
    time, line, leg = reader.time(departure.leave_by), line_text(departure, attendance), departure.leg
    if leg is None:
        there = t("Be there by {time} ({line}).", time=time, line=line) if line else t("Be there by {time}.", time=time)
        return t("{there} {unknown}", there=there, unknown=unknown_place_text(session))
    if departure.origin is Origin.UNKNOWN:
        return t("Leave by {time} to be safe: {longest}", time=time, longest=longest_walk_text(leg))
    if departure.stays:
        return _stay_text(departure, session, reader, line)
    if leg.source is LegSource.INSIDE:
        return t("Leave by {time}: {way}.", time=time, way=_with_line(_inside_text(leg), line))
    walk = t("{walk} to {venue} ({source})", walk=walk_text(leg), venue=leg.target, source=source_text(leg))
    text = t("Leave {place} by {time}: {way}.", place=place_name(leg.origin), time=time, way=_with_line(walk, line))
    return spaced(text, hours_text(leg, reader), step_free_text(leg))


def _without_walk(session: Session, reader: Reader) -> Text:
    return t("It's online: join at {time}.", time=reader.time(session.starts_at)) if session.online else ()


def short_departure_text(departure: Departure, session: Session, reader: Reader) -> Text:
    """`Leave Venetian by 13:05.`, without how that is made up."""
    if session.needs_no_walk:
        return t("It's online.") if session.online else ()
    time, leg = reader.time(departure.leave_by), departure.leg
    if leg is None:
        return t("Be there by {time}.", time=time)
    if departure.stays:
        return t("Same room.")
    if departure.origin is Origin.UNKNOWN or leg.source is LegSource.INSIDE:
        return t("Leave by {time}.", time=time)
    return t("Leave {place} by {time}.", place=place_name(leg.origin), time=time)


def route_text(departure: Departure, attendance: Attendance, session: Session, reader: Reader) -> Text:
    """What stands below `Leave MGM Grand by 8:51 for …`: the walk, the line at the door, the start and the room."""
    route, start = _route_text(departure, attendance, session, reader), assumed_start_text(departure, reader)
    return t("{route} {start}", route=route, start=start) if start else route


def _route_text(departure: Departure, attendance: Attendance, session: Session, reader: Reader) -> Text:
    if session.online:
        return t("It's online: {place}", place=session.link or session.room)
    leg, line = departure.leg, line_text(departure, attendance)
    starts = start_text(session, reader)
    if leg is None:
        unknown = unknown_place_text(session)
        return (
            t("{line}. {starts} {unknown}", line=line, starts=starts, unknown=unknown)
            if line
            else t("{starts} {unknown}", starts=starts, unknown=unknown)
        )
    if departure.origin is Origin.UNKNOWN:
        return t("{starts} To be safe, {longest}", starts=starts, longest=longest_walk_text(leg))
    if departure.stays:
        return t("{back} {starts}", back=_back_text(departure, session, reader, line), starts=starts)
    if leg.source is LegSource.INSIDE:
        way = _inside_text(leg)
    else:
        way = t("{walk} ({source})", walk=walk_text(leg), source=source_text(leg))
    more = spaced(other_way_text(leg), hours_text(leg, reader), step_free_text(leg), starts)
    return t("{way}. {more}", way=_with_line(way, line), more=more)


def assumed_start_text(departure: Departure, reader: Reader) -> Text:
    """Where the walk starts after a gap of hours, and how to change that; empty otherwise."""
    if departure.since is None or departure.leg is None:
        return ()
    ended, here = reader.time(departure.since), Typed("/here")
    if departure.origin is Origin.STAY:
        return t(
            "I count from your hotel, because the session before ends at {ended}. Elsewhere? {here}",
            ended=ended,
            here=here,
        )
    return t(
        "I count from {place}, where the session before ends at {ended}. Elsewhere? {here}",
        place=departure.leg.origin,
        ended=ended,
        here=here,
    )


def passed_text(departure: Departure, session: Session, now: datetime, reader: Reader) -> Text:
    """That the moment to leave has passed, and when one arrives who leaves now; empty if it has not."""
    if departure.leg is None or departure.stays or not departure.leave_by < now < session.starts_at:
        return ()
    arrival = now + (departure.arrival - departure.leave_by)
    ago, time = minutes_text(now - departure.leave_by), reader.time(arrival)
    if arrival <= session.starts_at:
        return t("That was {ago} ago. Leave now to arrive just in time, at about {time}.", ago=ago, time=time)
    return t("That was {ago} ago. Leave now to arrive at about {time}, after the start.", ago=ago, time=time)


def _with_line(way: Text, line: Text) -> Text:
    return t("{way} + {line}", way=way, line=line) if line else way


def _stay_text(departure: Departure, session: Session, reader: Reader, line: Text) -> Text:
    back = _back_text(departure, session, reader, line)
    return t("Stay where you are: it's the same room. {back}", back=back)


def _back_text(departure: Departure, session: Session, reader: Reader, line: Text) -> Text:
    time = reader.time(session.starts_at - timedelta(minutes=departure.arrive_early))
    if line:
        return t("If you go out, be back by {time} ({line}).", time=time, line=line)
    return t("If you go out, be back by {time}.", time=time)


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
        place=place_name(leg.origin),
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
    """`10 min for check-in`, `20 min for the walk-up line`; empty where nobody queues, or one comes too late for it."""
    minutes = departure.arrive_early
    if minutes > departure.line:
        return t("{minutes} min to spare", minutes=minutes)
    if minutes < departure.line or not minutes:
        return ()
    if attendance.reserved:
        return t("{minutes} min for check-in", minutes=minutes)
    return t("{minutes} min for the walk-up line", minutes=minutes)


def slip_out_text(
    before: Session, departure: Departure, attendance: Attendance, session: Session, reader: Reader
) -> Text:
    """What happens to who stays to the end of the session before, and when to slip out of it instead."""
    chance = departure.chance_from(before.ends_at, session, departure.line)
    facts: dict[str, Value] = {"title": before.title, "ends": reader.time(before.ends_at), "cases": cases_text(chance)}
    facts |= {"door": reader.time(departure.lapses_at(session)), "leave": reader.time(departure.leave_by)}
    if attendance.reserved:
        return t(
            'Your seat lapses at {door}. Slip out of "{title}" at {leave} to keep it. '
            "If you stay to the end ({ends}), you keep it {cases}.",
            **facts,
        )
    if departure.line:
        return t(
            'The line forms at {door}. Slip out of "{title}" at {leave} to be there. '
            "If you stay to the end ({ends}), you are there in time {cases}.",
            **facts,
        )
    if is_hardly_early(before, departure):
        return t("If you stay to the end ({ends}), you are there in time {cases}.", **facts)
    return t(
        'Slip out of "{title}" at {leave} to be there at the start. '
        "If you stay to the end ({ends}), you are there in time {cases}.",
        **facts,
    )


def is_hardly_early(before: Session, departure: Departure) -> bool:
    """Whether one leaves a minute or two before the end of the session before, where no seat and no line waits."""
    return not departure.line and before.ends_at - departure.leave_by <= HARDLY_EARLY


def late_for_line_text(departure: Departure, attendance: Attendance, reader: Reader) -> Text:
    """That one arrives after the seat lapses, or with less time for the line than is advised; empty otherwise."""
    if departure.leg is None or departure.origin is Origin.UNKNOWN or departure.arrive_early >= departure.line:
        return ()
    arrival = reader.time(departure.arrival)
    if attendance.reserved:
        return t("You arrive at about {arrival}, after your seat lapses, so you may have to queue.", arrival=arrival)
    return n(
        "You arrive at about {arrival}: that leaves {count} minute for the line.",
        "You arrive at about {arrival}: that leaves {count} minutes for the line.",
        departure.arrive_early,
        arrival=arrival,
    )
