"""`/hotel [venue]`: the attendee's hotel; the first walk of a day starts there and the last one ends there."""

from dataclasses import replace

from bot.app.command_spec import VENUE, Call, Command, Context, Effect, Param, ParamType, StaticContext
from bot.app.messages import Button, Reply, Typed
from bot.app.text import s, t
from bot.domain.schedule.venue import Venue

NONE = Venue("")


def read_hotel(text: str, context: StaticContext) -> Venue:
    """A venue, or `none` to remove the hotel."""
    return NONE if text.strip().casefold() == "none" else VENUE.read(text, context)


HOTEL = Param("venue", ParamType(VENUE.name, read_hotel, suggest=VENUE.suggest), "the hotel you stay in, or none")


async def handle(call: Call, context: Context) -> Reply:
    """Show, set or remove the hotel."""
    asker, chosen = context.attendee, call.get(HOTEL)
    if chosen is None:
        return _shown(asker.stay, context)
    await context.work.people.save(replace(asker, stay=chosen.name or None))
    if chosen is NONE:
        return Reply((t("Done, I've removed your hotel. I no longer know where your day starts."),))
    text = t(
        "You're staying at {hotel}. I'll plan your first walk each day from there. Only you see this.",
        hotel=chosen.name,
    )
    return Reply((text,), buttons=(Button(s("Next session"), "nextsession"),))


def _shown(stay: str | None, context: Context) -> Reply:
    if stay:
        remove = Typed("/hotel none")
        text = t("You're staying at {hotel}. Only you see this. To remove it: {remove}", hotel=stay, remove=remove)
        return Reply((text,))
    venues = context.schedule.venues[:5]
    buttons = (
        *(Button(venue.name, "hotel", {"venue": venue.name}) for venue in venues),
        Button(s("Another…"), "hotel", asks=("venue",)),
    )
    return Reply((t("Which hotel are you staying at? Only you will see it."),), buttons=buttons)


COMMAND = Command(
    "hotel",
    "Your hotel: your first walk of the day starts there",
    handle,
    (HOTEL,),
    effect=Effect.WRITE_AND_REPLAN,
    examples=("/hotel MGM Grand", "/hotel none"),
)
