"""`/hotel [place]`: the attendee's hotel; the first walk of a day starts there and the last one ends there."""

from dataclasses import replace

from bot.app.command_spec import VENUE, Call, Command, Context, Effect, Param, ParamType, StaticContext
from bot.app.messages import Button, Reply, Text, Typed
from bot.app.text import leg_text, lines, moved_text, s, stay_text, t
from bot.domain.attendee.attendee import Attendee
from bot.domain.errors import BadInputError
from bot.domain.travel.lodging import MAX_MINUTES, Lodging, read_apart, read_lodging
from bot.domain.travel.positions import MAX_LINK_CHARACTERS, Position, read_position
from bot.domain.travel.venue import Place

NONE = ""
FARTHEST_KM = 150
"""Nobody stays farther from a conference: it is a slip, such as a longitude without its sign."""


def read_hotel(text: str, context: StaticContext) -> str:
    """What `Attendee.stay` stores: a venue, `25 min from Venetian`, or a position; "" to remove the hotel."""
    if text.strip().casefold() == "none":
        return NONE
    if apart := read_apart(text):
        minutes, venue = apart
        if not 1 <= minutes <= MAX_MINUTES:
            raise BadInputError(s("Give the way in minutes, at most {most}.", most=MAX_MINUTES))
        return str(Lodging(minutes=minutes, venue=VENUE.read(venue, context).name))
    if position := read_position(text):
        return str(Lodging(_near(position, context)))
    return VENUE.read(text, context).name


def _near(position: Position, context: StaticContext) -> Position:
    """The position, if it is near the conference."""
    nearest = context.schedule.travel.nearest_to(position)
    if nearest is None:
        example = "/hotel 25 min from VENUE"
        raise BadInputError(s("I don't know where the venues are. Tell me how far it is: {example}", example=example))
    venue, metres = nearest
    if metres > FARTHEST_KM * 1_000:
        raise BadInputError(
            s(
                "That is {km} km from {venue}. Latitude comes first, and a minus means west or south.",
                km=round(metres / 1_000),
                venue=venue.name,
            )
        )
    return position


HOTEL = Param(
    "venue",
    ParamType("place", read_hotel, suggest=VENUE.suggest, max_length=MAX_LINK_CHARACTERS),
    "a venue, 25 min from the Venetian, coordinates, a link of a map, or none",
)


async def handle(call: Call, context: Context) -> Reply:
    """Show, set or remove the hotel."""
    asker, chosen = context.attendee, call.get(HOTEL)
    if chosen is None:
        return _shown(asker.stay, context)
    changed = replace(asker, stay=chosen or None)
    await context.work.people.save(changed)
    if not chosen:
        return Reply((t("Done, I've removed your hotel. I no longer know where your day starts."),))
    text = t(
        "You're staying {hotel}. I'll plan your first walk each day from there. Only you see this.",
        hotel=stay_text(chosen),
    )
    moved = moved_text(asker, changed, await context.attendances(), context.schedule, context.now)
    return Reply(lines(text, _way_text(changed, context), moved), buttons=(Button(s("Next session"), "nextsession"),))


def _way_text(attendee: Attendee, context: Context) -> Text:
    """The way from a position to the nearest venue, so that a wrong one is noticed; empty for other places."""
    lodging = read_lodging(attendee.stay or "")
    nearest = context.schedule.travel.nearest_to(lodging.position) if lodging and lodging.position else None
    if nearest is None or attendee.stay is None:
        return ()
    leg = context.schedule.travel.best(Place(attendee.stay), Place(nearest[0].name), attendee.walker, context.now)
    return t("{way}, the nearest venue.", way=leg_text(leg)) if leg else ()


def _shown(stay: str | None, context: Context) -> Reply:
    if stay:
        remove = Typed("/hotel none")
        hotel = stay_text(stay)
        text = t("You're staying {hotel}. Only you see this. To remove it: {remove}", hotel=hotel, remove=remove)
        return Reply((text,))
    venues = context.schedule.venues[:5]
    buttons = (
        *(Button(venue.name, "hotel", {"venue": venue.name}) for venue in venues),
        Button(s("Another…"), "hotel", asks=("venue",)),
    )
    ways = t("Any place works: {apart}, coordinates, or a link of a map.", apart=Typed("/hotel 25 min from VENUE"))
    return Reply((t("Which hotel are you staying at? Only you will see it."), ways), buttons=buttons)


COMMAND = Command(
    "hotel",
    "Your hotel: your first walk of the day starts there",
    handle,
    (HOTEL,),
    effect=Effect.WRITE_AND_REPLAN,
    examples=("/hotel MGM Grand", "/hotel 25 min from the Venetian", "/hotel 36.1215, -115.1739", "/hotel none"),
)
