"""`/now`: what is under way, yours first, then what is near you."""

from bot.app.command_spec import VENUE, Call, Command, Context, Param
from bot.app.messages import Button, Card, Reply, Typed
from bot.app.text import Reader, count, sentence, session_card
from bot.domain.attendee.agenda import build_agenda, whereabouts
from bot.domain.attendee.attendee import Choice
from bot.domain.schedule.session import Session
from bot.domain.schedule.venue import Place

WHERE = Param("venue", VENUE, "only what is under way in this venue")
MOST = 8


async def handle(call: Call, context: Context) -> Reply:
    """Sessions that have begun and not ended, the asker's own first, then the nearest."""
    reader = Reader.of(context.attendee, context.schedule)
    chosen = await context.attendances()
    agenda = build_agenda(context.attendee, chosen, context.schedule, context.today)
    place, _ = whereabouts(context.attendee, agenda, context.schedule, context.now)
    venue = call.get(WHERE)
    going = {each.session for each in chosen if each.choice is Choice.GOING}
    on = [s for s in context.schedule.under_way(context.now) if venue is None or s.venue == venue.name]
    if not on:
        where = f" in {venue.name}" if venue else ""
        nothing = sentence(f"Nothing is under way{where}. ", Typed("/nextsession"), " says what comes next.")
        return Reply((nothing,), buttons=(Button("Next session", "nextsession"),))
    on.sort(key=lambda session: (session.id not in going, _minutes(place, session, context), session.starts_at))
    shown = on[:MOST]
    cards = tuple(_card(session, n, going, reader) for n, session in enumerate(shown, 1))
    more = f", the {len(shown)} nearest of them" if len(on) > len(shown) and place else ""
    head = sentence(f"{count(len(on), 'session')} under way{more}:")
    return Reply((head,), cards, listed=tuple(session.id for session in shown))


def _minutes(place: Place | None, session: Session, context: Context) -> float:
    leg = context.schedule.travel.leg(place, session.place) if place and session.place else None
    return leg.minutes if leg else float("inf")


def _card(session: Session, number: int, going: set[str], reader: Reader) -> Card:
    left = sentence("Ends ", reader.relative(session.ends_at), ". You are going." if session.id in going else ".")
    return session_card(session, reader, left, number=number, day=False)


COMMAND = Command("now", "What is under way", handle, (WHERE,), examples=("/now", "/now Wynn"))
