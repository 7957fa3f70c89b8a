"""Streets, buildings and entrances of a file in the formats .osm and .osm.pbf."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import osmium

from bot.domain.errors import HallwayError
from bot.streets.doors import Building, Door
from bot.streets.geometry import METRES_PER_DEGREE, Point
from bot.streets.graph import Streets
from bot.streets.osm_file import faults_of
from bot.streets.osm_search import file_of, line_of, opened
from bot.streets.rings import Line, joined
from bot.streets.squares import Square, is_square, squares_of
from bot.streets.tags import walked

KEYS = ("highway", "railway", "public_transport", "indoor", "building", "building:part", "entrance", "door")
MARGIN = 2_000
"""Metres around all venues in which streets are read: nobody walks a longer way around."""
BUILDING_MARGIN = 400
"""Metres from a venue to the first point of its building."""
POLAR = 0.1
"""The least width of a degree, as a share of that on the equator: nearer to the poles there are no conferences."""
MOST_BUILDINGS = 20_000


@dataclass(slots=True)
class Town:
    """The contents of a file around some places."""

    streets: Streets = field(default_factory=Streets)
    entrances: dict[int, Door] = field(default_factory=dict)
    buildings: list[Building] = field(default_factory=list)
    squares: list[Square] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Box:
    """The region within some metres of places."""

    south: float
    north: float
    west: float
    east: float

    @classmethod
    def around(cls, places: Sequence[Point], margin: float) -> "Box":
        """Return the box around all places."""
        lats, lons = zip(*places, strict=True)
        high = margin / METRES_PER_DEGREE
        wide = high / max(POLAR, math.cos(math.radians(max(map(abs, lats)))))
        return cls(min(lats) - high, max(lats) + high, min(lons) - wide, max(lons) + wide)

    def has(self, lat: float, lon: float) -> bool:
        """Whether a point is in it."""
        return self.south <= lat <= self.north and self.west <= lon <= self.east


def read_town(path: Path, places: Sequence[Point]) -> Town:
    """Return the streets, squares, buildings and entrances around some places; raises `HallwayError`."""
    town, region = Town(), Box.around(places, MARGIN)
    near = [Box.around([place], BUILDING_MARGIN) for place in places]
    buildings: list[_Members] = []
    areas: list[_Members] = []
    with faults_of(path):
        things = opened(path).with_locations()
        for thing in things.with_filter(osmium.filter.KeyFilter(*KEYS)):
            if isinstance(thing, osmium.osm.Way):
                _way(thing, town, region, near)
            elif isinstance(thing, osmium.osm.Node):
                _node(thing, town, region)
            elif isinstance(thing, osmium.osm.Relation):
                if "building" in thing.tags:
                    buildings.append(_Members.of(thing))
                elif is_walked_area(thing):
                    areas.append(_Members.of(thing))
        wanted = {**dict.fromkeys(_numbers(buildings), near), **dict.fromkeys(_numbers(areas), (region,))}
        lines = _lines(path, wanted, things.node_location_storage)
    town.buildings += [Building(rings) for members in buildings if (rings := _rings(members.outer, lines))]
    for members in areas:
        _area(members, lines, town)
    return town


def is_walked_area(relation: osmium.osm.Relation) -> bool:
    """Whether a relation draws an area that people walk on."""
    return relation.tags.get("type") == "multipolygon" and walked(relation.tags.get) is not None


@dataclass(frozen=True, slots=True)
class _Members:
    """The ways of a relation by number, and its flags if people walk on it."""

    outer: list[int]
    inner: list[int]
    flags: int

    @classmethod
    def of(cls, relation: osmium.osm.Relation) -> "_Members":
        ways = [(member.ref, member.role) for member in relation.members if member.type == "w"]
        outer = [number for number, role in ways if role != "inner"]
        inner = [number for number, role in ways if role == "inner"]
        return cls(outer, inner, walked(relation.tags.get) or 0)


def _numbers(relations: Sequence[_Members]) -> list[int]:
    return [number for members in relations for number in (*members.outer, *members.inner)]


def _rings(numbers: Sequence[int], lines: Mapping[int, Line]) -> tuple[Line, ...]:
    return tuple(joined([lines[number] for number in numbers if number in lines]))


def _area(members: _Members, lines: Mapping[int, Line], town: Town) -> None:
    """An area that people walk on: its edge is a street, and across it is a square."""
    outer, inner = _rings(members.outer, lines), _rings(members.inner, lines)
    for line in (*outer, *inner):
        town.streets.points.update(zip(line.nodes, line.points, strict=True))
    for line in outer:
        town.streets.add(list(line.nodes), members.flags)
    town.squares += squares_of(outer, inner, members.flags)


def _node(node: osmium.osm.Node, town: Town, region: Box) -> None:
    location = node.location
    if "entrance" not in node.tags or not location.valid() or not region.has(location.lat, location.lon):
        return
    tags = node.tags
    is_step_free = tags.get("wheelchair") != "no"
    town.entrances[node.id] = Door(node.id, (location.lat, location.lon), tags.get("entrance") or "", is_step_free)


def _way(way: osmium.osm.Way, town: Town, region: Box, near: Sequence[Box]) -> None:
    tags = way.tags
    if "building" in tags:
        _building(way, town, near)
        return
    flags = walked(tags.get)
    if flags is None:
        return
    points, nodes = town.streets.points, []
    for node in way.nodes:
        number = node.ref
        if number not in points:
            place = node.location
            # A clipped extract lacks some nodes.
            if not place.valid():
                continue
            points[number] = (place.lat, place.lon)
        nodes.append(number)
    if nodes and (region.has(*points[nodes[0]]) or region.has(*points[nodes[-1]])):
        town.streets.add(nodes, flags)
        if nodes[0] == nodes[-1] and len(nodes) > 3 and is_square(tags.get):  # noqa: PLR2004 — the least is a triangle
            town.squares.append(Square(Line(tuple(nodes), tuple(points[number] for number in nodes)), (), flags))


def _building(way: osmium.osm.Way, town: Town, near: Sequence[Box]) -> None:
    first = next((node.location for node in way.nodes if node.location.valid()), None)
    if first is None or not _is_near(first, near):
        return
    town.buildings.append(Building((line_of(way),)))
    if len(town.buildings) > MOST_BUILDINGS:
        raise HallwayError("This extract has too many buildings around the venues: name fewer venues.")


def _is_near(location: osmium.osm.Location, near: Sequence[Box]) -> bool:
    lat, lon = location.lat, location.lon
    return any(box.has(lat, lon) for box in near)


def _lines(
    path: Path, wanted: Mapping[int, Sequence[Box]], locations: osmium.index.LocationTable | None
) -> dict[int, Line]:
    """The ways of relations, which have no tag of their own: read again, with the places that are known by now.

    Args:
        wanted: by their numbers the regions in one of which they have to begin.
    """
    if not wanted or locations is None:
        return {}
    lines: dict[int, Line] = {}
    ways = osmium.FileProcessor(file_of(path), osmium.osm.WAY).with_filter(osmium.filter.IdFilter(wanted.keys()))
    for way in ways:
        if not isinstance(way, osmium.osm.Way):
            continue
        nodes = [(node.ref, place) for node in way.nodes if (place := _place(locations, node.ref))]
        if nodes and _is_near(nodes[0][1], wanted[way.id]):
            points = tuple((place.lat, place.lon) for _, place in nodes)
            lines[way.id] = Line(tuple(number for number, _ in nodes), points)
    return lines


def _place(locations: osmium.index.LocationTable, number: int) -> osmium.osm.Location | None:
    try:
        place = locations.get(number)
    except KeyError:
        return None
    return place if place.valid() else None
