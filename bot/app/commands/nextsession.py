"""`/nextsession [venue] [track]`: the next session, when to leave for it and how long the walk takes."""

from collections.abc import Sequence
from datetime import timedelta

from bot.app.command_spec import TRACK, VENUE, Call, Command, Context, Param
from bot.app.messages import Button, Reply, Text, Typed
from bot.app.text import AgendaWriter, Reader, leg_text, lines, listed_once, numbered, s, session_buttons, t
from bot.domain.attendee.agenda import Stop, build_agenda, whereabouts
from bot.domain.attendee.attendee import Attendance, Choice
from bot.domain.schedule.session import Session
from bot.domain.schedule.travel import Leg
from bot.domain.schedule.venue import Place, Venue

WHERE = Param("venue", VENUE, "only what starts next in this venue")
ABOUT = Param("track", TRACK, "only what starts next in this track")
SHOWN = 5
LOOK_AHEAD = timedelta(hours=1)


async def handle(call: Call, context: Context) -> Reply:
    """The attendee's own next session; with a filter or without an agenda, the sessions that start next."""
    chosen = await context.attendances()
    if call.get(WHERE) is None and call.get(ABOUT) is None:
        going = [each for each in chosen if each.choice is Choice.GOING]
        if going:
            return _own(chosen, context)
    return _starting(call, chosen, context)


def _own(chosen: Sequence[Attendance], context: Context) -> Reply:
    reader = Reader.of(context.attendee, context.schedule)
    stop = next_stop(chosen, context)
    if stop is None:
        over = t("That was the last session on your agenda. Find more with {find}.", find=Typed("/find"))
        return Reply((over,), buttons=(Button(s("My agenda"), "agenda"),))
    session = stop.session
    writer = AgendaWriter(context.attendee, chosen, context.schedule, reader, context.now)
    agenda = build_agenda(context.attendee, chosen, context.schedule, session.day(context.schedule.conference.tz))
    asked, choices = writer.questions(agenda, {clash.other.id for clash in stop.clashes})
    buttons = (
        *session_buttons(session, going=True)[:-1],
        Button(s("Details"), "session", {"code": session.code}),
    )
    return Reply((_head(stop, context, reader), *asked), (writer.card(stop, day=True),), (*buttons, *choices))


def next_stop(chosen: Sequence[Attendance], context: Context) -> Stop | None:
    """The first stop that has not begun, today or on a later day."""
    schedule = context.schedule
    sessions = (schedule.by_id.get(attendance.session) for attendance in chosen)
    days = {one.day(schedule.conference.tz) for one in sessions if one and one.starts_at > context.now}
    for day in sorted(days):
        agenda = build_agenda(context.attendee, chosen, schedule, day)
        coming = [stop for stop in agenda.stops if stop.session.starts_at > context.now]
        coming.sort(key=lambda stop: not stop.assumed)
        if coming:
            return coming[0]
    return None


def _head(stop: Stop, context: Context, reader: Reader) -> Text:
    starts = stop.session.starts_at
    if stop.session.day(context.schedule.conference.tz) == context.today:
        return t("Your next session starts {time}:", time=reader.relative(starts))
    return t("Nothing else today. Next, on {day}:", day=reader.day(starts))


def _starting(call: Call, chosen: Sequence[Attendance], context: Context) -> Reply:
    venue, track = call.get(WHERE), call.get(ABOUT)
    coming = [
        session
        for session in context.schedule.starting_after(context.now)
        if (venue is None or session.venue == venue.name) and (track is None or session.track == track)
    ]
    if not coming:
        return Reply((_nothing_text(venue, track),), buttons=(Button(s("My agenda"), "agenda"),))
    agenda = build_agenda(context.attendee, chosen, context.schedule, context.today)
    place, _ = whereabouts(context.attendee, agenda, context.schedule, context.now)
    shown = listed_once(_nearest_first(coming, place, context))[:SHOWN]
    reader = Reader.of(context.attendee, context.schedule)
    head = lines(_next_text(venue, track, place), _hint(chosen, is_glance=call.request.glance))
    walks = [_walk(_leg(place, session, context)) for session in shown]
    buttons = tuple(
        Button(f"{number} {session.code}", "session", {"code": session.code}) for number, session in enumerate(shown, 1)
    )
    return Reply(head, numbered(shown, reader, walks), buttons, listed=tuple(session.id for session in shown))


def _nearest_first(coming: Sequence[Session], place: Place | None, context: Context) -> list[Session]:
    """Sessions within an hour after the first: soonest first, then nearest; sessions out of reach come last."""
    soon = [session for session in coming if session.starts_at <= coming[0].starts_at + LOOK_AHEAD]

    def order(session: Session) -> tuple[bool, float, float, str]:
        leg = _leg(place, session, context)
        minutes = leg.minutes if leg else 0 if place is None else float("inf")
        reachable = leg is None or context.now + timedelta(minutes=leg.minutes) <= session.starts_at
        return not reachable, session.starts_at.timestamp(), minutes, session.code

    return sorted(soon, key=order)


def _leg(place: Place | None, session: Session, context: Context) -> Leg | None:
    return context.schedule.travel.leg(place, session.place, context.attendee.pace) if place and session.place else None


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
    near = place.venue if place else ""
    if track and near:
        return t("Next about {track}, nearest to {place} first:", track=track, place=near)
    if track:
        return t("Next about {track}:", track=track)
    return t("Next, nearest to {place} first:", place=near) if near else t("Next at this conference:")


def _hint(chosen: Sequence[Attendance], *, is_glance: bool) -> Text:
    if chosen:
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
)
