"""`/now`: the sessions that are running, the attendee's own first, then the nearest."""

from bot.app.command_spec import VENUE, Call, Command, Context, Param
from bot.app.messages import Button, Card, Reply, Text, Typed
from bot.app.text import Reader, drop_in_cards, listed_once, n, outside_text, s, session_card, star_buttons, t
from bot.domain.attendee.agenda import build_agenda, whereabouts
from bot.domain.attendee.attendee import Choice
from bot.domain.schedule.session import Session
from bot.domain.travel.venue import Place, Venue

WHERE = Param("venue", VENUE, "only sessions in this venue")
MOST = 8


async def handle(call: Call, context: Context) -> Reply:
    """Sessions that have begun and not ended; what one drops in to comes last, in short lines."""
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
    drop_ins = [session for session in on if session.id in context.schedule.drop_ins - going]
    sessions = listed_once(_in_order([session for session in on if session not in drop_ins], place, going, context))
    shown = sessions[:MOST]
    cards = tuple(_card(session, number, going, reader) for number, session in enumerate(shown, 1))
    open_now = drop_in_cards(drop_ins, reader, context.now, lambda session: _minutes(place, session, context))
    head = _head(len(sessions), len(shown), is_near=place is not None)
    stars = star_buttons(shown, {each.session for each in chosen if each.is_decided})
    return Reply((head,), (*cards, *open_now), stars, listed=tuple(session.id for session in shown))


def _in_order(sessions: list[Session], place: Place | None, going: set[str], context: Context) -> list[Session]:
    """The attendee's own first, then the nearest, then those that began last: one can still join them."""
    return sorted(
        sessions,
        key=lambda each: (
            each.id not in going,
            _minutes(place, each, context),
            -each.starts_at.timestamp(),
            each.code,
        ),
    )


def _head(count: int, shown: int, *, is_near: bool) -> Text:
    if not count:
        return t("No session is running, but this is open:")
    if count == shown:
        return n("{count} session is running:", "{count} sessions are running:", count)
    if is_near:
        return t("{count} sessions are running. The {shown} nearest:", count=count, shown=shown)
    return t(
        "{count} sessions are running. The {shown} that began last, and for those near you: {here}",
        count=count,
        shown=shown,
        here=Typed("/here"),
    )


def _nothing_text(venue: Venue | None) -> Text:
    following = Typed("/nextsession")
    if venue:
        return t("Nothing is running at {venue}. See what's next: {next}", venue=venue.name, next=following)
    return t("Nothing is running. See what's next: {next}", next=following)


def _minutes(place: Place | None, session: Session, context: Context) -> float:
    if place is None or session.place is None:
        return float("inf")
    leg = context.schedule.travel.best(place, session.place, context.attendee.walker, context.now)
    return leg.minutes if leg else float("inf")


def _card(session: Session, number: int, going: set[str], reader: Reader) -> Card:
    ends = reader.relative(session.ends_at)
    left = t("Ends {time}. You're going.", time=ends) if session.id in going else t("Ends {time}.", time=ends)
    return session_card(session, reader, left, number=number, day=False)


COMMAND = Command("now", "What is running now", handle, (WHERE,), examples=("/now", "/now Wynn"))
