"""What organizers know about venues: where they are, minutes inside, entrances, rooms, other names."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.app.command_spec import Context
from bot.app.text import s
from bot.domain.errors import BadInputError
from bot.domain.imports.way_facts import MOST_INSIDE
from bot.domain.schedule.organizer_changes import CREATES, Values
from bot.domain.travel.position_checks import check_position
from bot.domain.travel.positions import Position, read_position
from bot.domain.travel.venue import Venue

MOST_VENUES, MOST_ALIASES, MOST_PARTS, LONGEST_NAME = 1_000, 100, 200, 200
"""The most venues, aliases of one, entrances or patterns of one, and characters of a name or pattern."""
NONE = "none"
MOST_WORDS = 4
"""Words of typed coordinates."""
_LAST_MINUTES = re.compile(r"(\d{1,3}(?:[.,]\d)?|none) ?(?:m|min|minutes)?", re.IGNORECASE)
STEP_FREE = {"stepfree": True, "step-free": True, "stairs": False}


@dataclass(frozen=True, slots=True)
class VenueRequest:
    """What an organizer types about one venue.

    Attributes:
        name: its name, which is new for `add`.
        value: the rest: a position, minutes, a pattern of rooms with minutes, or another name.
        anyway: use a position that looks like a slip.
    """

    name: str
    value: str
    anyway: bool = False


def venue_and_value(typed: str, venues: Sequence[Venue]) -> tuple[Venue, str]:
    """Divide a typed line at the longest name of a venue that begins it.

    Raises:
        BadInputError: none does.
    """
    folded = f"{typed} ".casefold()
    names = [(name, venue) for venue in venues for name in (venue.name, *venue.aliases)]
    found = [(name, venue) for name, venue in names if folded.startswith(f"{name.casefold()} ")]
    if not found:
        listed = ", ".join(venue.name for venue in venues[:10]) or s("none")
        begins = s("I know no venue with which this begins: {text}.", text=typed[:100])
        raise BadInputError(s("{begins} The venues are: {venues}.", begins=begins, venues=listed))
    name, venue = max(found, key=lambda pair: len(pair[0]))
    return venue, typed[len(name) :].strip()


def name_and_position(typed: str) -> tuple[str, str]:
    """Divide `Hall 5 50.81, 4.38` into the name and the position, which is the longest end that is one."""
    words = typed.split()
    if words and "://" in words[-1]:
        return " ".join(words[:-1]), words[-1]
    for count in range(min(MOST_WORDS, len(words) - 1), 0, -1):
        if read_position(" ".join(words[-count:])):
            return " ".join(words[:-count]), " ".join(words[-count:])
    return typed, ""


def add(request: VenueRequest, context: Context) -> Values:
    """The facts of a new venue."""
    if not request.name or len(request.name) > LONGEST_NAME:
        raise BadInputError(s("Type /venue add NAME and coordinates or a link of a map."))
    venues = context.schedule.venues
    if known := context.schedule.travel.book.named(request.name):
        raise BadInputError(s("{venue} is there already. To change where it is: /venue move.", venue=known.name))
    if len(venues) >= MOST_VENUES:
        raise BadInputError(s("There are {count} venues already.", count=MOST_VENUES))
    position = _position(request.value)
    _check(Venue(request.name, lat=position.lat, lon=position.lon), request, context)
    return {CREATES: True, "name": request.name, "lat": position.lat, "lon": position.lon}


def move(request: VenueRequest, venue: Venue, context: Context) -> Values:
    """Its new position."""
    position = _position(request.value)
    _check(replace(venue, lat=position.lat, lon=position.lon), request, context)
    return {"lat": position.lat, "lon": position.lon}


def inside(request: VenueRequest, venue: Venue, _: Context) -> Values:
    """The minutes from one of its rooms to another."""
    match = _LAST_MINUTES.fullmatch(request.value)
    minutes = None if match is None or match[1].casefold() == NONE else round(float(match[1].replace(",", ".")))
    if minutes is None or minutes > MOST_INSIDE:
        raise BadInputError(s("Type /venue inside {venue} and minutes, such as 8.", venue=venue.name))
    return {"minutes_inside": minutes}


def entrance(request: VenueRequest, venue: Venue, context: Context) -> Values:
    """One more entrance; `none` forgets all."""
    if request.value.casefold() == NONE:
        return {"entrances": []}
    words = request.value.split()
    step_free = STEP_FREE.get(words[-1].casefold()) if words else None
    position = _position(" ".join(words[:-1]) if step_free is not None else request.value)
    _check(Venue(f"{venue.name}, entrance", lat=position.lat, lon=position.lon), request, context)
    if len(venue.entrances) >= MOST_PARTS:
        raise BadInputError(s("{venue} has {count} entrances already.", venue=venue.name, count=MOST_PARTS))
    return {"entrances+": [[position.lat, position.lon, step_free]]}


def floor(request: VenueRequest, venue: Venue, _: Context) -> Values:
    """The minutes from the door to the rooms of a pattern; `none` forgets it."""
    rooms, _space, last = request.value.removesuffix(" min").rpartition(" ")
    match = _LAST_MINUTES.fullmatch(last)
    rooms = rooms.strip().strip('"')
    if match is None or not rooms or len(rooms) > LONGEST_NAME:
        example = s("/venue floor {venue} Level 2 | Titian * 4", venue=venue.name)
        raise BadInputError(s("Type a pattern of rooms and the minutes from the door: {example}", example=example))
    if match[1].casefold() == NONE:
        gone = [[each.rooms, each.minutes] for each in venue.door_times if each.rooms.casefold() == rooms.casefold()]
        if not gone:
            raise BadInputError(s('{venue} has no pattern "{rooms}".', venue=venue.name, rooms=rooms))
        return {"door_times-": gone}
    minutes = float(match[1].replace(",", "."))
    if minutes > MOST_INSIDE:
        raise BadInputError(s("Give at most {most} minutes.", most=MOST_INSIDE))
    if len(venue.door_times) >= MOST_PARTS:
        raise BadInputError(s("{venue} has {count} patterns already.", venue=venue.name, count=MOST_PARTS))
    return {"door_times+": [[rooms, minutes]]}


def alias(request: VenueRequest, venue: Venue, context: Context) -> Values:
    """Add another name of the venue; with `remove`, take one away."""
    name = request.value
    if name.casefold().startswith("remove "):
        gone = [each for each in venue.aliases if each.casefold() == name[len("remove ") :].strip().casefold()]
        if not gone:
            raise BadInputError(s('{venue} is not called "{name}".', venue=venue.name, name=name[len("remove ") :]))
        return {"aliases-": gone}
    if not name or len(name) > LONGEST_NAME or len(venue.aliases) >= MOST_ALIASES:
        raise BadInputError(s("Type /venue alias {venue} and another name, which locations use.", venue=venue.name))
    known = context.schedule.travel.book.named(name)
    if known:
        raise BadInputError(s('"{name}" is {venue} already.', name=name, venue=known.name))
    return {"aliases+": [name]}


CHANGES: Mapping[str, Callable[[VenueRequest, Venue, Context], Values]] = {
    "move": move,
    "inside": inside,
    "entrance": entrance,
    "floor": floor,
    "alias": alias,
}


def _position(text: str) -> Position:
    position = read_position(text) if text else None
    if position is None:
        raise BadInputError(s("Where is it? Give coordinates, such as 36.1215, -115.1739, or a link of a map."))
    return position


def _check(venue: Venue, request: VenueRequest, context: Context) -> None:
    """Refuse a slip, if the organizer has not insisted."""
    if not request.anyway:
        check_position(venue, context.schedule.venues)
