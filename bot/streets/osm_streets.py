"""Streets, buildings and entrances of a file in the formats .osm and .osm.pbf."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import osmium

from bot.domain.errors import HallwayError
from bot.streets.doors import Building, Entrance
from bot.streets.geometry import METRES_PER_DEGREE, Point
from bot.streets.graph import Streets
from bot.streets.osm_file import faults_of
from bot.streets.osm_search import file_of, line_of, opened
from bot.streets.rings import Line, joined
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
    """What a file has around some places."""

    streets: Streets = field(default_factory=Streets)
    entrances: dict[int, Entrance] = field(default_factory=dict)
    buildings: list[Building] = field(default_factory=list)


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
    """Return the streets, buildings and entrances around some places; raises `HallwayError`."""
    town, region = Town(), Box.around(places, MARGIN)
    near = [Box.around([place], BUILDING_MARGIN) for place in places]
    relations: list[list[int]] = []
    with faults_of(path):
        things = opened(path).with_locations()
        for thing in things.with_filter(osmium.filter.KeyFilter(*KEYS)):
            if isinstance(thing, osmium.osm.Way):
                _way(thing, town, region, near)
            elif isinstance(thing, osmium.osm.Node):
                _node(thing, town, region)
            elif isinstance(thing, osmium.osm.Relation) and "building" in thing.tags:
                relations.append([each.ref for each in thing.members if each.type == "w" and each.role != "inner"])
        lines = _lines(path, {number for each in relations for number in each}, things.node_location_storage, near)
    for members in relations:
        if rings := joined([lines[number] for number in members if number in lines]):
            town.buildings.append(Building(tuple(rings)))
    return town


def _node(node: osmium.osm.Node, town: Town, region: Box) -> None:
    location = node.location
    if "entrance" not in node.tags or not location.valid() or not region.has(location.lat, location.lon):
        return
    tags = node.tags
    is_step_free = tags.get("wheelchair") != "no"
    town.entrances[node.id] = Entrance(node.id, (location.lat, location.lon), tags.get("entrance") or "", is_step_free)


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
    path: Path, wanted: set[int], locations: osmium.index.LocationTable | None, near: Sequence[Box]
) -> dict[int, Line]:
    """The ways of relations, which have no tag of their own: read again, with the places that are known by now."""
    if not wanted or locations is None:
        return {}
    lines = {}
    ways = osmium.FileProcessor(file_of(path), osmium.osm.WAY).with_filter(osmium.filter.IdFilter(wanted))
    for way in ways:
        if not isinstance(way, osmium.osm.Way):
            continue
        nodes = [(node.ref, place) for node in way.nodes if (place := _place(locations, node.ref))]
        if nodes and _is_near(nodes[0][1], near):
            points = tuple((place.lat, place.lon) for _, place in nodes)
            lines[way.id] = Line(tuple(number for number, _ in nodes), points)
    return lines


def _place(locations: osmium.index.LocationTable, number: int) -> osmium.osm.Location | None:
    try:
        place = locations.get(number)
    except KeyError:
        return None
    return place if place.valid() else None
