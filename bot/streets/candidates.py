"""Venues in an extract: the things with a given name, best first. A person has to choose."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.streets import overpass
from bot.streets.apart import Limits, run_apart
from bot.streets.geometry import Point
from bot.streets.osm_file import checked, kind_of, library
from bot.streets.places import FoundPlace, words

LEAST_INSIDE, WINDING, METRES_A_MINUTE, TO_THE_FLOOR = 3, 1.5, 60, 2
"""From a door to a room: half of the diagonal, half as far again, at 60 m a minute, and 2 minutes of stairs."""
MOST_SUGGESTED = 8
GENERIC = words("the a an of and at hotel resort casino centre center hall building talo")
"""Words that say little about which building is meant."""
BONUS: Mapping[str, Collection[str]] = {
    "amenity": (
        *("conference_centre", "events_venue", "exhibition_centre", "arts_centre", "theatre", "university"),
        *("college", "library", "townhall", "cinema", "school", "community_centre"),
    ),
    "tourism": ("hotel", "museum", "gallery", "attraction"),
    "leisure": ("stadium", "sports_centre", "sports_hall"),
    "building": ("hotel", "university", "college", "school", "stadium", "public", "civic", "train_station"),
}
"""Kinds of buildings in which conferences take place."""
KINDS = ("tourism", "amenity", "leisure", "office", "shop", "landuse", "railway", "place", "building")
EXACT, SHARE, BUILDING, KIND, LARGE, ELSEWHERE = 10, 10, 16, 8, 4, 8
"""Points for the very name, the share of its words that were asked for, what the thing is, and how large it is; off for
a name that only says where the thing is, as "The Mansion at MGM Grand" does."""
LARGE_FROM = 400
"""Metres of a diagonal from which on all buildings are equally large."""


@dataclass(frozen=True, slots=True)
class VenueCandidate:
    """A thing that may be the venue.

    Attributes:
        name: its name on the map.
        key: its kind and number in the map, such as `way/123`.
        kind: its kind, in the words of the map.
        at: the centre of its area.
        size: diagonal of the box around it, in metres; 0 for a point.
        entrances: the number of entrances on the map.
    """

    name: str
    key: str
    kind: str
    at: Point
    size: float
    entrances: int

    @property
    def minutes_inside(self) -> int:
        """The proposed minutes between two rooms of the venue."""
        return round(max(LEAST_INSIDE, self.size / 2 * WINDING / METRES_A_MINUTE + TO_THE_FLOOR))


def suggest(path: Path, names: Sequence[str], limits: Limits | None = None) -> dict[str, tuple[VenueCandidate, ...]]:
    """Return the candidates for each name, best first.

    Raises:
        HallwayError: the file is not an extract, is too large or takes too long.
    """
    checked(path)
    if kind_of(path) != ".json":
        library()
    places = run_apart(search, path, list(names), name=path.name, limits=limits or Limits())
    return {name: ranked(places, name) for name in names}


def search(path: Path, names: list[str]) -> list[FoundPlace]:
    """Return the things of a file that have one of the names."""
    if kind_of(path) == ".json":
        return overpass.search(path, names)
    from bot.streets import osm_search  # noqa: PLC0415 — needs an optional dependency

    return osm_search.search(path, names)


def ranked(places: Sequence[FoundPlace], name: str) -> tuple[VenueCandidate, ...]:
    """Return the candidates for a name, best first."""
    wanted = words(name)
    scores = [(score, place) for place in places if (score := _score(place, wanted))]
    scores.sort(key=lambda pair: (-pair[0], -pair[1].size, pair[1].key))
    return tuple(
        VenueCandidate(place.names[0], place.key, _kind(place.tags), place.centre, place.size, place.entrances)
        for _, place in scores[:MOST_SUGGESTED]
    )


def _score(place: FoundPlace, wanted: frozenset[str]) -> float:
    """How well a thing fits a name; 0 if a word of the name is missing."""
    fits = [text for name in place.names if wanted and wanted <= (text := words(name))]
    if not fits:
        return 0
    telling = wanted - GENERIC or wanted
    best = max(len(telling) / max(1, len(text - GENERIC or text)) for text in fits)
    score = SHARE * best + EXACT * any(text == wanted for text in fits)
    score += BUILDING * ("building" in place.tags) + LARGE * min(1, place.size / LARGE_FROM)
    score += KIND * any(place.tags.get(key, "") in values for key, values in BONUS.items())
    return max(1, score - ELSEWHERE * all(_is_elsewhere(name, wanted) for name in place.names))


def _is_elsewhere(name: str, wanted: frozenset[str]) -> bool:
    """Whether a name has the words of another one only behind "at" or "by"."""
    before = name.casefold().replace(" by ", " at ").partition(" at ")[0]
    return not wanted & words(before)


def _kind(tags: Mapping[str, str]) -> str:
    value = next((tags[key] for key in KINDS if key in tags and tags[key] != "yes"), "")
    text = value.replace("_", " ") or ("building" if "building" in tags else "place")
    return "".join(char for char in text if char.isprintable())[:40]
