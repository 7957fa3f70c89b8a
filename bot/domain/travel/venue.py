"""Venues, and finding them in the location strings of a schedule."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

DEFAULT_MINUTES_INSIDE = 5
_PARTS = re.compile(r"[|,/]")


@dataclass(frozen=True, slots=True)
class DoorTime:
    """The minutes on foot at normal pace from the door of a venue to some of its rooms.

    `rooms` is a pattern such as `Level 2 | Titian *`, in which `*` stands for any text.
    """

    rooms: str
    minutes: float


@dataclass(frozen=True, slots=True)
class Entrance:
    """A door of a venue, in WGS 84 degrees. `step_free` is None if unknown."""

    lat: float
    lon: float
    step_free: bool | None = None


@dataclass(frozen=True, slots=True)
class Venue:
    """A hotel or building. Coordinates are WGS 84 degrees, None if unknown.

    Attributes:
        minutes_inside: on foot at normal pace from one of its rooms to another. From a room to the door it is half.
        door_times: what is known about certain rooms.
        outline: latitude and longitude of the corners of its building, if a map told them.
    """

    name: str
    aliases: tuple[str, ...] = ()
    lat: float | None = None
    lon: float | None = None
    minutes_inside: int = DEFAULT_MINUTES_INSIDE
    door_times: tuple[DoorTime, ...] = ()
    entrances: tuple[Entrance, ...] = ()
    outline: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """A venue and, if known, a room in it."""

    venue: str
    room: str = ""


def _key(name: str) -> str:
    """Return the name as it is compared: composed letters, no capitals."""
    return unicodedata.normalize("NFC", name).strip().casefold()


@dataclass(frozen=True, slots=True)
class VenueBook:
    """Lookup of a conference's venues by name, alias or a session's location string."""

    venues: tuple[Venue, ...]
    _exact: dict[str, Venue]
    _prefixes: tuple[tuple[str, Venue], ...]

    @classmethod
    def of(cls, venues: Iterable[Venue]) -> Self:
        """Index `venues`; if two share an alias, the first one keeps it."""
        listed = tuple(venues)
        exact: dict[str, Venue] = {}
        prefixes: list[tuple[str, Venue]] = []
        for venue in listed:
            for alias in (venue.name, *venue.aliases):
                exact.setdefault(_key(alias), venue)
                if alias.endswith((".", "-")):
                    prefixes.append((_key(alias), venue))
        return cls(listed, exact, tuple(prefixes))

    def named(self, name: str) -> Venue | None:
        """Return the venue with this name or alias, ignoring case."""
        return self._exact.get(_key(name))

    def all_at(self, location: str) -> tuple[Venue, ...]:
        """Return every venue named in a location, longest match first; an alias may be `Wynn/Encore`.

        Of `Wynn/Encore` without such an alias the first name comes first, however long the other is.
        """
        wholes = [location, *location.split("|")]
        segments = dict.fromkeys(_key(part) for part in (*wholes, *_PARTS.split(location)))
        found = [(len(alias), venue, segment) for segment in segments for alias, venue in self._matches(segment)]
        pairs = [
            {_key(name) for name in part.split("/")} for part in location.replace(",", "|").split("|") if "/" in part
        ]

        def weight(match: tuple[int, Venue, str]) -> int:
            together = next((pair for pair in pairs if match[2] in pair), {match[2]})
            return max(length for length, _, segment in found if segment in together)

        longest = sorted(found, key=lambda match: -weight(match))
        # If an alias with a separator matched, its parts are not matched again.
        whole = longest[:1] if longest and any(_PARTS.search(name) for name in self._names(longest[0][:2])) else longest
        return tuple(dict.fromkeys(venue for _, venue, _ in whole))

    def _names(self, match: tuple[int, Venue]) -> Iterable[str]:
        return (name for name in (match[1].name, *match[1].aliases) if len(name) == match[0])

    def _matches(self, segment: str) -> Iterable[tuple[str, Venue]]:
        if segment in self._exact:
            yield segment, self._exact[segment]
        for prefix, venue in self._prefixes:
            if segment.startswith(prefix):
                yield prefix, venue
