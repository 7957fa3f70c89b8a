"""Named things of a map, as a search for venues needs them."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.domain.errors import HallwayError
from bot.streets.geometry import Point, centroid, diagonal, square_metres
from bot.streets.rings import Line, joined

NAMES = ("name", "alt_name", "short_name", "old_name", "official_name", "loc_name", "int_name", "name_1")
MOST_NAMED = 5_000
MOST_ENTRANCES = 1_000_000
MOST_NAMES, LONGEST_NAME = 40, 200


def words(text: str) -> frozenset[str]:
    """Return the words of a name, without case, accents and punctuation."""
    plain = (char for char in unicodedata.normalize("NFKD", text[:LONGEST_NAME]) if not unicodedata.combining(char))
    return frozenset("".join(char if char.isalnum() else " " for char in plain).casefold().split())


def names_of(tags: Mapping[str, str]) -> tuple[str, ...]:
    """Return all names of a thing, in any language, the main one first."""
    keys = [*NAMES, *(key for key in tags if key.startswith(("name:", "alt_name:", "official_name:", "old_name:")))]
    texts = (text.strip() for key in keys if key in tags for text in tags[key][: LONGEST_NAME * 4].split(";"))
    printable = ("".join(char for char in text[:LONGEST_NAME] if char.isprintable()) for text in texts)
    return tuple(dict.fromkeys(name for name in printable if name))[:MOST_NAMES]


@dataclass(frozen=True, slots=True)
class FoundPlace:
    """A named thing of the map.

    Attributes:
        key: its kind and number in the map, such as `way/123`.
        names: all its names.
        tags: its tags on the map.
        outline: the largest ring around it, one point for a thing without a size.
        size: diagonal of the box around it, in metres.
        entrances: how many entrances on its outline the map knows.
    """

    key: str
    names: tuple[str, ...]
    tags: Mapping[str, str]
    outline: tuple[Point, ...]
    size: float
    entrances: int

    @property
    def centre(self) -> Point:
        """The centre of its area."""
        return centroid(self.outline)


@dataclass(slots=True)
class Collector:
    """Gathers the things of an extract that have one of the wanted names."""

    wanted: Sequence[frozenset[str]]
    _entrances: set[int] = field(default_factory=set)
    _lines: dict[int, Line] = field(default_factory=dict)
    _named: list[tuple[str, Mapping[str, str], tuple[int, ...], Line]] = field(default_factory=list)

    def wants(self, tags: Mapping[str, str]) -> bool:
        """Whether one of the names of a thing has all words of a wanted name."""
        if "highway" in tags or tags.get("boundary") or tags.get("type") in {"route", "boundary", "public_transport"}:
            return False
        texts = (words(name) for name in names_of(tags))
        return any(wanted <= text for text in texts for wanted in self.wanted)

    def entrance(self, number: int) -> None:
        """Remember that a node is an entrance."""
        if len(self._entrances) < MOST_ENTRANCES:
            self._entrances.add(number)

    def add(self, key: str, tags: Mapping[str, str], line: Line, members: tuple[int, ...] = ()) -> None:
        """Store a thing: a node or a way with its points, a relation with the numbers of its outer ways."""
        if len(self._named) >= MOST_NAMED:
            raise HallwayError(f"More than {MOST_NAMED:,} things have these names: ask for longer names.")
        self._named.append((key, dict(tags), members, line))

    def member(self, number: int, line: Line) -> None:
        """Store the line of a way that belongs to a relation."""
        self._lines[number] = line

    def places(self) -> list[FoundPlace]:
        """Return the stored things; things whose points are not in the file are left out."""
        return [place for named in self._named if (place := self._place_of(*named))]

    def _place_of(self, key: str, tags: Mapping[str, str], members: Iterable[int], line: Line) -> FoundPlace | None:
        lines = joined([self._lines[number] for number in members if number in self._lines]) or [line]
        points = [point for line in lines for point in line.points]
        if not points:
            return None
        largest = max((line.ring for line in lines if line.points), key=square_metres)
        doors = self._entrances & {number for line in lines for number in line.nodes}
        return FoundPlace(key, names_of(tags), tags, largest, diagonal(points), len(doors))
