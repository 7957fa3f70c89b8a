"""Venues, the rooms inside them, and reading either from the location string of a schedule."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

DEFAULT_MINUTES_INSIDE = 5
_PARTS = re.compile(r"[|,/]")


@dataclass(frozen=True, slots=True)
class Venue:
    """A hotel or building. Unknown coordinates are None, never 0; degrees, WGS 84."""

    name: str
    aliases: tuple[str, ...] = ()
    lat: float | None = None
    lon: float | None = None
    minutes_inside: int = DEFAULT_MINUTES_INSIDE


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody is or goes: a venue, and the room in it if that is known."""

    venue: str
    room: str = ""


@dataclass(frozen=True, slots=True)
class VenueBook:
    """The venues of a conference, found by name, alias or the location string of a session."""

    venues: tuple[Venue, ...]
    _exact: dict[str, Venue]
    _prefixes: tuple[tuple[str, Venue], ...]

    @classmethod
    def of(cls, venues: Iterable[Venue]) -> Self:
        """A book of `venues`; where two share an alias, the first one keeps it."""
        listed = tuple(venues)
        exact: dict[str, Venue] = {}
        prefixes: list[tuple[str, Venue]] = []
        for venue in listed:
            for alias in (venue.name, *venue.aliases):
                exact.setdefault(alias.casefold(), venue)
                if alias.endswith((".", "-")):
                    prefixes.append((alias.casefold(), venue))
        return cls(listed, exact, tuple(prefixes))

    def named(self, name: str) -> Venue | None:
        """The venue with this name or alias, without regard to case."""
        return self._exact.get(name.strip().casefold())

    def all_at(self, location: str) -> tuple[Venue, ...]:
        """Every venue in a location, the longest match first; an alias may hold a separator itself (`Wynn/Encore`)."""
        wholes = [location, *location.split("|")]
        segments = dict.fromkeys(part.strip().casefold() for part in (*wholes, *_PARTS.split(location)))
        found = [(len(alias), venue) for segment in segments for alias, venue in self._matches(segment)]
        longest = sorted(found, key=lambda pair: -pair[0])
        # What an alias with a separator names is not named again by its parts.
        whole = longest[:1] if longest and any(_PARTS.search(name) for name in self._names(longest[0])) else longest
        return tuple(dict.fromkeys(venue for _, venue in whole))

    def _names(self, match: tuple[int, Venue]) -> Iterable[str]:
        return (name for name in (match[1].name, *match[1].aliases) if len(name) == match[0])

    def _matches(self, segment: str) -> Iterable[tuple[str, Venue]]:
        if segment in self._exact:
            yield segment, self._exact[segment]
        for prefix, venue in self._prefixes:
            if segment.startswith(prefix):
                yield prefix, venue
