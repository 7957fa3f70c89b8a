"""`/nextsession [venue] [track]`: the next session, when to leave for it and how long the walk takes."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.app.command_spec import TRACK, VENUE, Call, Command, Context, Param
from bot.app.messages import Button, Reply, Text, Typed
from bot.app.schedules.feedback import room_news
from bot.app.text import (
    AgendaWriter,
    Reader,
    drop_in_cards,
    is_over,
    leg_text,
    lines,
    listed_once,
    map_links,
    n,
    numbered,
    outside_text,
    place_name,
    room_links,
    room_text,
    s,
    session_buttons,
    star_buttons,
    t,
)
from bot.domain.attendee.agenda import Stop, build_agenda, next_stop, whereabouts
from bot.domain.attendee.attendee import Attendance, Choice
from bot.domain.attendee.departure import Origin
from bot.domain.schedule.session import Session
from bot.domain.travel.leg import Leg
from bot.domain.travel.venue import Place, Venue

WHERE = Param("venue", VENUE, "only what starts next in this venue")
ABOUT = Param("track", TRACK, "only what starts next in this track")
SHOWN = 5
LOOK_AHEAD = timedelta(hours=1)


async def handle(call: Call, context: Context) -> Reply:
    """Show the attendee's own next session; with a filter or without an agenda, the sessions that start next."""
    chosen = await context.attendances()
    if call.get(WHERE) is None and call.get(ABOUT) is None:
        going = [attendance for attendance in chosen if attendance.choice is Choice.GOING]
        if going:
            return await _own(call, chosen, context)
    return _starting(call, chosen, context)


async def _own(call: Call, chosen: Sequence[Attendance], context: Context) -> Reply:
    reader = Reader.of(context.attendee, context.schedule)
    stop = next_stop(context.attendee, chosen, context.schedule, context.now)
    if stop is None:
        over_text = outside_text(context.schedule, context.now) if is_over(context.schedule, context.now) else ()
        over_text = over_text or t(
            "That was the last session on your agenda. Find more with {find}.", find=Typed("/find")
        )
        return Reply((over_text,), buttons=(Button(s("My agenda"), "agenda"),))
    session = stop.session
    news = await room_news(context.work, context.attendee.community, context.schedule, session)
    writer = AgendaWriter(context.attendee, chosen, context.schedule, reader, context.now)
    agenda = build_agenda(context.attendee, chosen, context.schedule, session.day(context.schedule.conference.tz))
    asked, choices = writer.questions(agenda, {clash.other.id for clash in stop.clashes})
    buttons = (
        *session_buttons(session, going=True)[:-1],
        Button(s("Details"), "session", {"code": session.code}),
    )
    text = lines(_head(stop, context, reader), room_text(session, news.here), *asked)
    card = writer.card(stop, day=True, graded=True, room=news.chance)
    before = stop.before if stop.departure.origin is Origin.SESSION else None
    links = (
        *await context.session_links(session, call.request),
        *map_links(stop.departure.leg, context.attendee, context.schedule),
        *room_links(session, context.schedule, before),
    )
    return Reply(text, (card,), (*buttons, *choices), links=links)


def _head(stop: Stop, context: Context, reader: Reader) -> Text:
    starts = stop.session.starts_at
    if stop.session.day(context.schedule.conference.tz) == context.today:
        return t("Your next session starts {time}:", time=reader.relative(starts))
    if outside := outside_text(context.schedule, context.now):
        return t("{outside} Your first session, on {day}:", outside=outside, day=reader.day(starts))
    return t("Nothing else today. Next, on {day}:", day=reader.day(starts))


def _starting(call: Call, chosen: Sequence[Attendance], context: Context) -> Reply:
    venue, track = call.get(WHERE), call.get(ABOUT)

    def is_asked_for(session: Session) -> bool:
        return (venue is None or session.venue == venue.name) and (track is None or session.track == track)

    coming = [session for session in context.schedule.starting_after(context.now) if is_asked_for(session)]
    if not coming:
        over_text = outside_text(context.schedule, context.now) if is_over(context.schedule, context.now) else ()
        return Reply((over_text or _nothing_text(venue, track),), buttons=(Button(s("My agenda"), "agenda"),))
    agenda = build_agenda(context.attendee, chosen, context.schedule, context.today)
    place, _ = whereabouts(context.attendee, agenda, context.schedule, context.now)
    sessions = [session for session in coming if session.id not in context.schedule.drop_ins] or coming
    until = sessions[0].starts_at + LOOK_AHEAD
    soon = listed_once(_nearest_first([session for session in sessions if session.starts_at <= until], place, context))
    reader = Reader.of(context.attendee, context.schedule)
    opens = [session for session in coming if session.starts_at <= until] if sessions is not coming else []
    is_open = [session for session in context.schedule.under_way(context.now) if is_asked_for(session)]
    drop_ins = drop_in_cards(
        (session for session in (*is_open, *opens) if session.id in context.schedule.drop_ins),
        reader,
        context.now,
        lambda session: leg.minutes if (leg := _leg(place, session, context)) else float("inf"),
    )
    # With the card of what people drop in to, the list fits one screen of a phone.
    listed_sessions = soon[: SHOWN - len(drop_ins)]
    more = _more_text(len(soon) - len(listed_sessions), until, reader)
    outside = outside_text(context.schedule, context.now)
    head = lines(outside, _next_text(venue, track, place), _hint(chosen, is_glance=call.request.glance), more)
    walks = [_walk(_leg(place, session, context)) for session in listed_sessions]
    buttons = tuple(
        Button(f"{number} {session.code}", "session", {"code": session.code})
        for number, session in enumerate(listed_sessions, 1)
    )
    cards = (*numbered(listed_sessions, reader, walks), *drop_ins)
    if not call.request.glance:
        # At a glance the list has no numbers, and each session has its own button.
        buttons = (
            *buttons,
            *star_buttons(listed_sessions, {attendance.session for attendance in chosen if attendance.is_decided}),
        )
    if context.schedule.topics and not chosen:
        buttons = (*buttons, Button(s("Good to know"), "info"))
    return Reply(head, cards, buttons, listed=tuple(session.id for session in listed_sessions))


def _more_text(count: int, until: datetime, reader: Reader) -> Text:
    if not count:
        return ()
    return n(
        "{count} more starts by {time}. Look for something with {find}.",
        "{count} more start by {time}. Look for something with {find}.",
        count,
        time=reader.time(until),
        find=Typed("/find"),
    )


def _nearest_first(soon: Sequence[Session], place: Place | None, context: Context) -> list[Session]:
    """Sort sessions: soonest first, then nearest; sessions out of reach come last."""

    def order(session: Session) -> tuple[bool, float, float, str]:
        leg = _leg(place, session, context)
        minutes = leg.minutes if leg else 0 if place is None else float("inf")
        reachable = leg is None or context.now + timedelta(minutes=leg.median) <= session.starts_at
        return not reachable, session.starts_at.timestamp(), minutes, session.code

    return sorted(soon, key=order)


def _leg(place: Place | None, session: Session, context: Context) -> Leg | None:
    if place is None or session.place is None:
        return None
    return context.schedule.travel.best(place, session.place, context.attendee.walker, context.now)


def _walk(leg: Leg | None) -> Text:
    return leg_text(leg) if leg else ()


def _nothing_text(venue: Venue | None, track: str | None) -> Text:
    if venue and track:
        return t("Nothing more about {track} starts at {venue}.", track=track, venue=venue.name)
    if venue:
        return t("Nothing more starts at {venue}.", venue=venue.name)
    if track:
        return t("Nothing more about {track} starts at this conference.", track=track)
    return t("Nothing more starts at this conference.")


def _next_text(venue: Venue | None, track: str | None, place: Place | None) -> Text:
    if venue and track:
        return t("Next about {track} at {venue}:", track=track, venue=venue.name)
    if venue:
        return t("Next at {venue}:", venue=venue.name)
    near = place_name(place.venue) if place else ""
    if track and near:
        return t("Next about {track}, nearest to {place} first:", track=track, place=near)
    if track:
        return t("Next about {track}:", track=track)
    return t("Next, nearest to {place} first:", place=near) if near else t("Next at this conference:")


def _hint(chosen: Sequence[Attendance], *, is_glance: bool) -> Text:
    if any(attendance.is_decided for attendance in chosen):
        return ()
    if is_glance:
        return t("Open a session to put it on your agenda, and I'll tell you when to leave.")
    return t("Pick the first with {attend}, and I'll tell you when to leave.", attend=Typed("/attend 1"))


COMMAND = Command(
    "nextsession",
    "Your next session: when to leave, and the walk there",
    handle,
    (WHERE, ABOUT),
    examples=("/nextsession", "/nextsession Wynn"),
    aliases={"next": ""},
)
