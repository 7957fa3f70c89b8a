"""Walking times inside a venue: between its rooms, and from a room to the door."""

from bot.domain.travel.venue import Venue

NEIGHBOURS = 2.0
"""Minutes at most between two rooms of one pattern, such as `Level 2 | Titian *`."""


def door_minutes(venue: Venue, room: str) -> float:
    """Return the minutes from the door to a room at normal pace: half of the venue's figure if no pattern fits."""
    door_time = _door_time(venue, room)
    return venue.minutes_inside / 2 if door_time is None else door_time[1]


def extra_minutes(venue: Venue, room: str) -> float:
    """Return how many minutes further from the door a room is than the usual room; negative if it is nearer."""
    return door_minutes(venue, room) - venue.minutes_inside / 2


def room_minutes(venue: Venue, room: str, other: str) -> float:
    """Return the minutes from one room to another at normal pace; by way of the door if no shorter way is known."""
    door, other_door = _door_time(venue, room), _door_time(venue, other)
    by_the_door = door_minutes(venue, room) + door_minutes(venue, other)
    return min(NEIGHBOURS, by_the_door) if door and door == other_door else by_the_door


def _door_time(venue: Venue, room: str) -> tuple[str, float] | None:
    """The most exact pattern that the room fits, and its minutes."""
    if not venue.door_times or not room:
        return None
    fitting = [
        (door_time.rooms, door_time.minutes) for door_time in venue.door_times if fits_pattern(door_time.rooms, room)
    ]
    return max(fitting, key=lambda pattern_and_minutes: len(pattern_and_minutes[0]), default=None)


def fits_pattern(pattern: str, room: str) -> bool:
    """Whether a room fits a pattern, without regard to case; `*` stands for any text.

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
        _, matched, rest = rest.partition(part) if part else ("", "*", rest)
        if not matched:
            return False
    return True
