"""`/nextsession [venue] [track]`: where to be next, when to leave for it and how to walk."""

from collections.abc import Sequence
from datetime import timedelta

from bot.app.command_spec import TRACK, VENUE, Call, Command, Context, Param
from bot.app.messages import Button, Reply, Text, Typed
from bot.app.text import Reader, leg_text, numbered, sentence, session_buttons, stop_card
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
    """The asker's own next session; with a filter or without an agenda, what starts next."""
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
        over = sentence("That was the last session on your agenda. ", Typed("/find"), " looks for more.")
        return Reply((over,), buttons=(Button("My agenda", "agenda"),))
    session = stop.session
    card = stop_card(stop, context.schedule, reader, context.now, day=True)
    buttons = (
        *session_buttons(session, going=True)[:-1],
        Button("Details", "session", {"code": session.code}),
    )
    return Reply((_head(stop, context, reader),), (card,), buttons)


def next_stop(chosen: Sequence[Attendance], context: Context) -> Stop | None:
    """The first stop that has not begun, today or on a later day."""
    schedule = context.schedule
    sessions = (schedule.by_id.get(each.session) for each in chosen)
    days = {s.day(schedule.conference.tz) for s in sessions if s and s.starts_at > context.now}
    for day in sorted(days):
        agenda = build_agenda(context.attendee, chosen, schedule, day)
        coming = [stop for stop in agenda.stops if stop.session.starts_at > context.now]
        if coming:
            return coming[0]
    return None


def _head(stop: Stop, context: Context, reader: Reader) -> Text:
    starts = stop.session.starts_at
    if stop.session.day(context.schedule.conference.tz) == context.today:
        return sentence("Your next session starts ", reader.relative(starts), ":")
    return sentence("Nothing more on your agenda today. You go on ", reader.day(starts), " with:")


def _starting(call: Call, chosen: Sequence[Attendance], context: Context) -> Reply:
    venue, track = call.get(WHERE), call.get(ABOUT)
    coming = [
        session
        for session in context.schedule.starting_after(context.now)
        if (venue is None or session.venue == venue.name) and (track is None or session.track == track)
    ]
    if not coming:
        nothing = sentence("Nothing more starts at this conference", _filters(venue, track), ".")
        return Reply((nothing,), buttons=(Button("My agenda", "agenda"),))
    agenda = build_agenda(context.attendee, chosen, context.schedule, context.today)
    place, _ = whereabouts(context.attendee, agenda, context.schedule, context.now)
    shown = _nearest_first(coming, place, context)[:SHOWN]
    reader = Reader.of(context.attendee, context.schedule)
    head = sentence("This starts next", _filters(venue, track), _near(place), ". ", *_hint(chosen))
    ways = [_way(_leg(place, session, context)) for session in shown]
    buttons = tuple(Button(f"{n} {s.code}", "session", {"code": s.code}) for n, s in enumerate(shown, 1))
    return Reply((head,), numbered(shown, reader, ways), buttons, listed=tuple(s.id for s in shown))


def _nearest_first(coming: Sequence[Session], place: Place | None, context: Context) -> list[Session]:
    """What starts within the hour after the very next, soonest first and then nearest; out of reach comes last."""
    soon = [session for session in coming if session.starts_at <= coming[0].starts_at + LOOK_AHEAD]

    def order(session: Session) -> tuple[bool, float, float, str]:
        leg = _leg(place, session, context)
        minutes = leg.minutes if leg else 0 if place is None else float("inf")
        reachable = leg is None or context.now + timedelta(minutes=leg.minutes) <= session.starts_at
        return not reachable, session.starts_at.timestamp(), minutes, session.code

    return sorted(soon, key=order)


def _leg(place: Place | None, session: Session, context: Context) -> Leg | None:
    return context.schedule.travel.leg(place, session.place, context.attendee.pace) if place and session.place else None


def _way(leg: Leg | None) -> Text:
    return sentence(leg_text(leg)) if leg else ()


def _filters(venue: Venue | None, track: str | None) -> str:
    where = f" in {venue.name}" if venue else ""
    return f"{where}{f' about {track}' if track else ''}"


def _near(place: Place | None) -> str:
    return f", nearest to {place.venue} first" if place else ""


def _hint(chosen: Sequence[Attendance]) -> Text:
    if chosen:
        return ()
    return sentence("Type ", Typed("/attend 1"), " to go to the first; I tell you when to leave.")


COMMAND = Command(
    "nextsession",
    "Your next session: when to leave and how to walk",
    handle,
    (WHERE, ABOUT),
    examples=("/nextsession", "/nextsession Wynn"),
)
