"""How long one walks inside a venue: between its rooms, and from a room to the door."""

from bot.domain.travel.venue import Venue

NEIGHBOURS = 2.0
"""Minutes at most between two rooms of one pattern, such as `Level 2 | Titian *`."""


def door_minutes(venue: Venue, room: str) -> float:
    """Return the minutes from the door to a room at normal pace: half of the venue's figure if no pattern fits."""
    found = _door_time(venue, room)
    return venue.minutes_inside / 2 if found is None else found[1]


def extra_minutes(venue: Venue, room: str) -> float:
    """Return by how much a room is further from the door than the usual room; negative if it is nearer."""
    return door_minutes(venue, room) - venue.minutes_inside / 2


def room_minutes(venue: Venue, room: str, other: str) -> float:
    """Return the minutes from one room to another at normal pace; by the door where nothing shorter is known."""
    one, two = _door_time(venue, room), _door_time(venue, other)
    by_the_door = door_minutes(venue, room) + door_minutes(venue, other)
    return min(NEIGHBOURS, by_the_door) if one and one == two else by_the_door


def _door_time(venue: Venue, room: str) -> tuple[str, float] | None:
    """The most exact pattern that the room fits, and its minutes."""
    if not venue.door_times or not room:
        return None
    fitting = [(each.rooms, each.minutes) for each in venue.door_times if fits_pattern(each.rooms, room)]
    return max(fitting, key=lambda found: len(found[0]), default=None)


def fits_pattern(pattern: str, room: str) -> bool:
    """Whether a room is one of a pattern, without regard to case; `*` stands for any text.

    The pattern may leave out the parts that come first: `Titian *` fits `Level 2 | Titian 2304`, too.
    """
    wanted = _parts(pattern)
    parts = _parts(room)
    return any(_is_like("|".join(wanted), "|".join(parts[first:])) for first in range(len(parts)))


def _parts(text: str) -> list[str]:
    """The parts of a location: schedules separate them by a bar, Hallway by a comma."""
    return [" ".join(part.split()).casefold() for part in text.replace(",", "|").split("|")]


def _is_like(pattern: str, text: str) -> bool:
    first, *others = pattern.split("*")
    if not others:
        return pattern == text
    last = others.pop()
    if len(text) < len(first) + len(last) or not (text.startswith(first) and text.endswith(last)):
        return False
    rest = text[len(first) : len(text) - len(last)]
    for part in others:
        _, found, rest = rest.partition(part) if part else ("", "*", rest)
        if not found:
            return False
    return True
