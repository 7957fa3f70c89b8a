"""`/venue [add|move|inside|entrance|floor|alias|remove] NAME …`: the venues, as organizers know them."""

from bot.app.command_spec import TEXT, Access, Call, Command, Context, Effect, Param, ParamType, Requirement, choice
from bot.app.editing.facts import FactChange, change_fact
from bot.app.editing.venues import CHANGES, VenueRequest, add, name_and_position, venue_and_value
from bot.app.messages import Button, Card, LinkButton, Reply
from bot.app.text import n, s, t, venue_text
from bot.domain.errors import BadInputError
from bot.domain.schedule.organizer_changes import ChangeKind
from bot.domain.travel.position_checks import SlipError
from bot.domain.travel.positions import MAX_LINK_CHARACTERS
from bot.domain.travel.venue import Venue

ADD, REMOVE = "add", "remove"
MOST_SHOWN = 25
VALUE_TYPE = ParamType("place, minutes or name", TEXT.read, is_text=True, max_length=MAX_LINK_CHARACTERS)
ACTION = Param("action", choice(ADD, *CHANGES, REMOVE), "what to do; without it, the venues are shown")
NAME = Param("name", TEXT, "the venue; a new name after add")
VALUE = Param("value", VALUE_TYPE, "coordinates or a link of a map; minutes; rooms and minutes; another name")
ANYWAY = Param("anyway", choice("anyway"), "use a position that looks wrong")
PARAMS = (ACTION, NAME, VALUE, ANYWAY)
FORM = (NAME.name, VALUE.name)
EXAMPLES = {
    ADD: "/venue add Hall 5 36.1215, -115.1739",
    "move": "/venue move Venetian https://www.openstreetmap.org/?mlat=36.1216&mlon=-115.1696",
    "inside": "/venue inside Venetian 8",
    "entrance": "/venue entrance Venetian 36.1222, -115.1701 stepfree",
    "floor": "/venue floor Venetian Level 2 | Titian * 4",
    "alias": "/venue alias Venetian The Venetian",
    REMOVE: "/venue remove Hall 5",
}


async def handle(call: Call, context: Context) -> Reply:
    """Change one venue, or show one or all."""
    action, name, value = call.get(ACTION), call.get(NAME) or "", call.get(VALUE) or ""
    typed = f"{name} {value}".strip()
    if action is None:
        return _shown(typed, context)
    if not typed:
        form = Button(s("Fill in"), "venue", {"action": action}, asks=FORM if action != REMOVE else (NAME.name,))
        usage = t("Which venue? Try {example}", example=EXAMPLES[action])
        return Reply((usage,), buttons=(form,), is_error=True)
    anyway = call.get(ANYWAY) is not None
    try:
        if action == ADD:
            name, value = name_and_position(typed) if call.request.line or not value else (name, value)
            facts = add(VenueRequest(name, value, anyway), context)
            return _saved(await change_fact(context, ChangeKind.VENUE, name, facts), name)
        venue, value = venue_and_value(typed, context.schedule.venues)
        if action == REMOVE:
            return await _removed(venue, value, context)
        facts = CHANGES[action](VenueRequest(venue.name, value, anyway), venue, context)
    except SlipError as error:
        again = {"action": action, "name": name, "value": value, "anyway": "anyway"}
        if action != ADD:
            again["name"] = venue.name
        return Reply(((str(error),),), buttons=(Button(s("Use it anyway"), "venue", again),), is_error=True)
    return _saved(await change_fact(context, ChangeKind.VENUE, venue.name, facts), venue.name)


async def _removed(venue: Venue, rest: str, context: Context) -> Reply:
    if rest:
        raise BadInputError(s('I don\'t understand "{text}" behind {venue}.', text=rest, venue=venue.name))
    change = await change_fact(context, ChangeKind.VENUE, venue.name, None)
    count = sum(session.venue == venue.name for session in context.schedule.listed)
    there = n(
        "{count} session is there: I don't know the way to it any more.",
        "{count} sessions are there: I don't know the way to them any more.",
        count,
    )
    text = t("{venue} is removed.", venue=venue.name)
    return Reply((text, there) if count else (text,), buttons=(change.undo,))


def _saved(change: FactChange, name: str) -> Reply:
    venue = next(venue for venue in change.after.venues if venue.name.casefold() == name.casefold())
    count = sum(session.venue == venue.name for session in change.after.listed)
    there = n("{count} session is there.", "{count} sessions are there.", count)
    planned = t("I've updated the plans of everyone affected.")
    return Reply((t("Saved."), there, planned), (_card(venue),), (change.undo,), links=_map_link(venue))


def _shown(asked: str, context: Context) -> Reply:
    venues = context.schedule.venues
    if asked:
        venue, _ = venue_and_value(asked, venues)
        return Reply(cards=(_card(venue),), links=_map_link(venue))
    usage = t("To change one: {example}", example=EXAMPLES["floor"])
    if not venues:
        return Reply((t("I know no venues yet. To add one: {example}", example=EXAMPLES[ADD]),))
    items = [t("{venue}: {facts}", venue=venue.name, facts=venue_text(venue)) for venue in venues[:MOST_SHOWN]]
    more = len(venues) - MOST_SHOWN
    items += [t("… and {count} more", count=more)] if more > 0 else []
    return Reply((usage,), (Card(s("Venues"), tuple(items)),))


def _card(venue: Venue) -> Card:
    return Card(venue.name, (venue_text(venue),))


def _map_link(venue: Venue) -> tuple[LinkButton, ...]:
    """The position on a map, so that a wrong one is noticed."""
    if venue.lat is None or venue.lon is None:
        return ()
    url = f"https://www.openstreetmap.org/?mlat={venue.lat:.6f}&mlon={venue.lon:.6f}#map=17/{venue.lat:.6f}/{venue.lon:.6f}"
    return (LinkButton(s("Show it on a map"), url),)


COMMAND = Command(
    "venue",
    "The venues: where they are, entrances, rooms, names",
    handle,
    PARAMS,
    access=Access.ORGANIZERS,
    effect=Effect.WRITE_AND_DELIVER,
    requires=Requirement.CONFERENCE | Requirement.COMMUNITY,
    examples=(EXAMPLES[ADD], EXAMPLES["floor"], EXAMPLES["entrance"]),
    forms=dict.fromkeys((ADD, *CHANGES), FORM),
)
