"""`/hotel [venue]`: where you sleep, so that the first walk of a day starts there and the last one ends there."""

from dataclasses import replace

from bot.app.command_spec import VENUE, Call, Command, Context, Effect, Param, ParamType, StaticContext
from bot.app.messages import Button, Reply, Typed
from bot.app.text import sentence
from bot.domain.schedule.venue import Venue

NONE = Venue("")


def read_hotel(text: str, context: StaticContext) -> Venue:
    """A venue, or `none` to take the hotel back."""
    return NONE if text.strip().casefold() == "none" else VENUE.read(text, context)


HOTEL = Param("venue", ParamType(VENUE.name, read_hotel, suggest=VENUE.suggest), "the hotel you stay in, or none")


async def handle(call: Call, context: Context) -> Reply:
    """Show, set or take back the stay."""
    asker, chosen = context.attendee, call.get(HOTEL)
    if chosen is None:
        return _shown(asker.stay, context)
    await context.work.people.save(replace(asker, stay=chosen.name or None))
    if chosen is NONE:
        return Reply((sentence("Forgotten. Your first walk of the day now starts at an unknown place."),))
    kept = f"You stay at {chosen.name}: the first walk of each day starts there. Nobody else sees it."
    return Reply((sentence(kept),), buttons=(Button("Next session", "nextsession"),))


def _shown(stay: str | None, context: Context) -> Reply:
    if stay:
        change = Typed("/hotel none")
        return Reply((sentence(f"You stay at {stay}; only you see that. ", change, " takes it back."),))
    venues = context.schedule.venues[:5]
    buttons = (
        *(Button(venue.name, "hotel", {"venue": venue.name}) for venue in venues),
        Button("Another…", "hotel", asks=("venue",)),
    )
    return Reply((sentence("I don't know your hotel. Which one is it? Nobody else will see it."),), buttons=buttons)


COMMAND = Command(
    "hotel",
    "Where you sleep: the first walk of the day starts there",
    handle,
    (HOTEL,),
    effect=Effect.WRITE_AND_REPLAN,
    examples=("/hotel MGM Grand", "/hotel none"),
)
