"""`/now`: the sessions that are running, the attendee's own first, then the nearest."""

from bot.app.command_spec import VENUE, Call, Command, Context, Param
from bot.app.messages import Button, Card, Reply, Text, Typed
from bot.app.text import Reader, listed_once, n, outside_text, s, session_card, t
from bot.domain.attendee.agenda import build_agenda, whereabouts
from bot.domain.attendee.attendee import Choice
from bot.domain.schedule.session import Session
from bot.domain.schedule.venue import Place, Venue

WHERE = Param("venue", VENUE, "only sessions in this venue")
MOST = 8


async def handle(call: Call, context: Context) -> Reply:
    """Sessions that have begun and not ended."""
    reader = Reader.of(context.attendee, context.schedule)
    chosen = await context.attendances()
    agenda = build_agenda(context.attendee, chosen, context.schedule, context.today)
    place, _ = whereabouts(context.attendee, agenda, context.schedule, context.now)
    venue = call.get(WHERE)
    going = {each.session for each in chosen if each.choice is Choice.GOING}
    running = context.schedule.under_way(context.now)
    on = [session for session in running if venue is None or session.venue == venue.name]
    if not on:
        outside = outside_text(context.schedule, context.now)
        return Reply((outside or _nothing_text(venue),), buttons=(Button(s("Next session"), "nextsession"),))
    on.sort(key=lambda session: (session.id not in going, _minutes(place, session, context), session.starts_at))
    on = listed_once(on)
    shown = on[:MOST]
    cards = tuple(_card(session, number, going, reader) for number, session in enumerate(shown, 1))
    if len(on) > len(shown) and place:
        head = t("{count} sessions are running. The {shown} nearest:", count=len(on), shown=len(shown))
    else:
        head = n("{count} session is running:", "{count} sessions are running:", len(on))
    return Reply((head,), cards, listed=tuple(session.id for session in shown))


def _nothing_text(venue: Venue | None) -> Text:
    following = Typed("/nextsession")
    if venue:
        return t("Nothing is running at {venue}. See what's next: {next}", venue=venue.name, next=following)
    return t("Nothing is running. See what's next: {next}", next=following)


def _minutes(place: Place | None, session: Session, context: Context) -> float:
    leg = context.schedule.travel.leg(place, session.place) if place and session.place else None
    return leg.minutes if leg else float("inf")


def _card(session: Session, number: int, going: set[str], reader: Reader) -> Card:
    ends = reader.relative(session.ends_at)
    left = t("Ends {time}. You're going.", time=ends) if session.id in going else t("Ends {time}.", time=ends)
    return session_card(session, reader, left, number=number, day=False)


COMMAND = Command("now", "What is running now", handle, (WHERE,), examples=("/now", "/now Wynn"))
