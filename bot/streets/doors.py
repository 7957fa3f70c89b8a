"""The doors of venues: entrances on the outline of their building, and where they meet the streets."""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from operator import itemgetter
from typing import NamedTuple

from bot.domain.travel.venue import Venue
from bot.streets.geometry import METRES_PER_DEGREE, Point, contains, distance_to_ring, metres, nearest_on, square_metres
from bot.streets.graph import Streets
from bot.streets.rings import Line

NEAR = 50
"""Metres from a venue to the outline of its building, if no building is around it: its point may lie in a court."""
FARTHEST_STREET = 300
"""Metres from a door to the nearest street. Farther away the extract does not have the streets around the door."""
CELL = 0.0006
"""Degrees: a cell of the grid of streets, some 60 m."""
RINGS = 6
MOST_DOORS = 60
PREFERRED = frozenset({"main", "yes", "entrance", "staircase", "shop"})
NO_DOORS = frozenset({"no", "emergency", "service", "garage", "exit"})
"""Entrances that visitors cannot use."""


@dataclass(frozen=True, slots=True)
class Door:
    """An entrance of the map."""

    number: int
    point: Point
    kind: str
    is_step_free: bool


@dataclass(frozen=True, slots=True)
class Building:
    """A building: its outer rings."""

    lines: tuple[Line, ...]

    @property
    def outline(self) -> tuple[Point, ...]:
        """The largest ring."""
        return max((line.ring for line in self.lines), key=square_metres)

    def has(self, point: Point) -> bool:
        """Whether a point is inside."""
        return any(contains(line.ring, point) for line in self.lines)

    def distance(self, point: Point) -> float:
        """Return the metres from a point outside to the building."""
        return min(distance_to_ring(line.ring, point) for line in self.lines)


@dataclass(frozen=True, slots=True)
class Buildings:
    """Finds the building of a point, by the box around each."""

    boxes: tuple[tuple[float, float, float, float, Building], ...]

    @classmethod
    def of(cls, buildings: Iterable[Building]) -> "Buildings":
        """Index buildings."""
        return cls(tuple(_boxed(each) for each in buildings))

    def at(self, point: Point) -> Building | None:
        """Return the smallest building around a point, otherwise the nearest one within `NEAR` metres."""
        near = list(self._near(point))
        if around := [each for each in near if each.has(point)]:
            return min(around, key=lambda each: square_metres(each.outline))
        distance, nearest = min(((each.distance(point), each) for each in near), key=itemgetter(0), default=(0, None))
        return nearest if distance <= NEAR else None

    def _near(self, point: Point) -> Iterator[Building]:
        lat, lon = point
        high = NEAR / METRES_PER_DEGREE
        wide = high / math.cos(math.radians(lat))
        for south, north, west, east, building in self.boxes:
            if south - high <= lat <= north + high and west - wide <= lon <= east + wide:
                yield building


def _boxed(building: Building) -> tuple[float, float, float, float, Building]:
    lats, lons = zip(*(point for line in building.lines for point in line.points), strict=True)
    return min(lats), max(lats), min(lons), max(lons), building


def entrances_of(building: Building, entrances: Mapping[int, Door]) -> list[Door]:
    """Return the entrances on the outline of a building that visitors can use, the main ones first."""
    numbers = dict.fromkeys(number for line in building.lines for number in line.nodes)
    found = [entrances[number] for number in numbers if number in entrances]
    usable = [each for each in found if each.kind not in NO_DOORS]
    return sorted(usable, key=lambda each: (each.kind != "main", each.kind not in PREFERRED, each.number))[:MOST_DOORS]


def given_entrances(venue: Venue) -> list[Door]:
    """Return the entrances that organizers gave; they are no nodes of the map, so each has the number 0."""
    return [Door(0, (door.lat, door.lon), "", door.step_free is not False) for door in venue.entrances[:MOST_DOORS]]


class Foot(NamedTuple):
    """The place of a street that is nearest to a point: metres away, street, behind which node, share of the line."""

    distance: float
    street: int
    behind: int
    share: float
    place: Point


@dataclass(slots=True)
class Grid:
    """Finds the nearest street of a point: the straight lines by the cells that they touch."""

    streets: Streets
    _cells: defaultdict[tuple[int, int], list[tuple[int, int]]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def around(cls, streets: Streets, part: Sequence[int], places: Sequence[Point]) -> "Grid":
        """Index those lines of the streets in `part` that are near one of `places`."""
        grid = cls(streets)
        wanted = {cell for place in places for cell in _around(_cell(place), RINGS)}
        for index in part:
            cells = [_cell(streets.points[node]) for node in streets.streets[index].nodes]
            for behind, (one, other) in enumerate(pairwise(cells)):
                if one in wanted or other in wanted:
                    for touched in (one,) if one == other else _touched(one, other):
                        grid._cells[touched].append((index, behind))
        return grid

    def nearest(self, point: Point) -> Foot | None:
        """Return the foot of a point on the nearest street; None without a street within `FARTHEST_STREET`."""
        best: Foot | None = None
        for ring in range(RINGS + 1):
            for cell in _rim(_cell(point), ring):
                for index, behind in self._cells.get(cell, ()):
                    nodes = self.streets.streets[index].nodes
                    start, end = self.streets.points[nodes[behind]], self.streets.points[nodes[behind + 1]]
                    share, place = nearest_on(point, start, end)
                    foot = Foot(metres(point, place), index, behind, share, place)
                    best = foot if best is None else min(best, foot)
            # What is in no cell of this ring is farther away than its rim.
            if best and best.distance <= METRES_PER_DEGREE * CELL * ring * math.cos(math.radians(point[0])):
                break
        return best if best and best.distance <= FARTHEST_STREET else None


def _cell(point: Point) -> tuple[int, int]:
    return int(point[0] // CELL), int(point[1] // CELL)


def _around(cell: tuple[int, int], ring: int) -> Iterator[tuple[int, int]]:
    row, column = cell
    return ((row + up, column + right) for up in range(-ring, ring + 1) for right in range(-ring, ring + 1))


def _rim(cell: tuple[int, int], ring: int) -> Iterator[tuple[int, int]]:
    row, column = cell
    return (each for each in _around(cell, ring) if max(abs(each[0] - row), abs(each[1] - column)) == ring)


def _touched(one: tuple[int, int], other: tuple[int, int]) -> Iterator[tuple[int, int]]:
    """The cells of the box around a line; of a very long one, those of its ends."""
    rows, columns = sorted((one[0], other[0])), sorted((one[1], other[1]))
    if (rows[1] - rows[0] + 1) * (columns[1] - columns[0] + 1) > 100:  # noqa: PLR2004 — a ferry, not a street
        return iter((one, other))
    return ((row, column) for row in range(rows[0], rows[1] + 1) for column in range(columns[0], columns[1] + 1))
