"""Ways on foot between all venues, from entrance to entrance, and the outlines of their buildings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from bot.domain.errors import HallwayError
from bot.domain.travel.venue import Venue
from bot.streets.apart import Limits, run_apart
from bot.streets.doors import Building, Buildings, Door, Foot, Grid, entrances_of, given_entrances
from bot.streets.geometry import Point, simplified
from bot.streets.graph import Streets
from bot.streets.osm_file import checked, kind_of, library
from bot.streets.search import Network, StreetPath
from bot.streets.squares import cross

if TYPE_CHECKING:
    from bot.streets.osm_streets import Town

MOST_VENUES = 100
LINE_TOLERANCE, LINE_POINTS = 4.0, 100
OUTLINE_TOLERANCE, OUTLINE_POINTS = 2.0, 60
"""Metres that a stored line may be off, and its points at most."""


@dataclass(frozen=True, slots=True)
class Route:
    """The way on foot from one venue to another.

    Attributes:
        metres: along the streets, from door to door.
        step_free: the same without steps; None if there is no such way.
        outdoor: metres that are not under a roof.
        line: points along it, from door to door.
    """

    origin: str
    target: str
    metres: int
    step_free: int | None
    outdoor: int
    line: tuple[Point, ...]

    def back(self) -> "Route":
        """Return the way back: on foot all streets lead both ways."""
        return replace(self, origin=self.target, target=self.origin, line=self.line[::-1])


@dataclass(frozen=True, slots=True)
class Footprint:
    """The building of a venue: a simplified ring, which is not closed."""

    venue: str
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Routes:
    """What an extract says about venues.

    Attributes:
        routes: for each pair, in both directions.
        footprints: of the venues whose building is on the map.
        entrances: for each venue, how many entrances of the map were used; 0 if its coordinates were.
        unreached: venues without a street near them.
    """

    routes: tuple[Route, ...]
    footprints: tuple[Footprint, ...]
    entrances: Mapping[str, int]
    unreached: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Doors:
    """The doors of a venue, as numbers of the graph: all, and those without a step."""

    all: list[int]
    step_free: list[int]


def build(path: Path, venues: Sequence[Venue], limits: Limits | None = None) -> Routes:
    """Return the ways on foot between venues with coordinates, from an extract that is read in a child process.

    Raises:
        HallwayError: the extract cannot be read, is too large, or has no streets near the venues.
    """
    checked(path)
    if kind_of(path) == ".json":
        raise HallwayError(f"{path.name} is an answer as JSON: ask Overpass for [out:xml], or export .osm.")
    library()
    located = [venue for venue in venues if venue.lat is not None and venue.lon is not None]
    if len(located) < 2 or len(located) > MOST_VENUES:  # noqa: PLR2004 — a pair
        raise HallwayError(f"Routes need 2 to {MOST_VENUES} venues with coordinates; these are {len(located)}.")
    places = {venue.name: (venue.lat, venue.lon) for venue in located}
    given = {venue.name: given_entrances(venue) for venue in located if venue.entrances}
    return run_apart(routed, path, places, given, name=path.name, limits=limits or Limits())


def routed(
    path: Path, places: Mapping[str, Point], given: Mapping[str, Sequence[Door]] = MappingProxyType({})
) -> Routes:
    """Return the ways between places by reading the file here.

    Args:
        path: the extract.
        places: the coordinates of the venues.
        given: entrances that organizers gave: they count in place of those of the map.
    """
    from bot.streets.osm_streets import read_town  # noqa: PLC0415 — needs an optional dependency

    town = read_town(path, list(places.values()))
    known = Buildings.of(town.buildings)
    buildings = {venue: known.at(point) for venue, point in places.items()}
    entrances = {
        venue: given.get(venue) or (entrances_of(building, town.entrances) if building else [])
        for venue, building in buildings.items()
    }
    streets = town.streets
    doors = _connected(town, places, entrances)
    if len(doors) < 2:  # noqa: PLR2004 — a pair
        raise HallwayError(f"{path.name} has no streets around these venues: check their coordinates, or the region.")
    graphs = streets.graphs({door for each in doors.values() for door in each.all})
    networks = [Network.of(graph, streets.points) for graph in graphs]
    footprints = (Footprint(venue, _outline(each)) for venue, each in buildings.items() if each)
    return Routes(
        tuple(_all_pairs(networks[0], networks[1], places, doors)),
        tuple(footprints),
        {venue: len(entrances[venue]) for venue in doors},
        tuple(venue for venue in places if venue not in doors),
    )


def _outline(building: Building) -> tuple[Point, ...]:
    ring = building.outline
    return simplified((*ring, ring[0]), OUTLINE_TOLERANCE, OUTLINE_POINTS)[:-1]


def _connected(town: "Town", places: Mapping[str, Point], entrances: Mapping[str, Sequence[Door]]) -> dict[str, _Doors]:
    """Connect the doors of all venues with the streets, and the streets with each other across squares.

    A door is an entrance, or the venue's point where none is known.
    """
    streets, squares = town.streets, town.squares
    junctions = streets.junctions()
    part = streets.largest_part(junctions)
    known = {node for index in part for node in streets.streets[index].nodes}
    # A building in the middle of a square is a hole of it.
    known.update(node for each in squares if each.edge.nodes[0] in known for line in each.holes for node in line.nodes)
    grid = Grid.around(streets, part, list(places.values()))
    free = -1
    doors: dict[str, _Doors] = {}
    feet: dict[int, list[tuple[int, float, int]]] = {}
    for venue, point in places.items():
        found = _Doors([], [])
        for entrance in entrances[venue] or [Door(0, point, "", is_step_free=True)]:
            number = entrance.number
            if number not in known:
                foot = grid.nearest(entrance.point)
                if foot is None:
                    continue
                # Nodes of a map have positive numbers.
                number, free = free, free - 2
                _join(streets, feet, number, entrance.point, foot)
            found.all.append(number)
            if entrance.is_step_free:
                found.step_free.append(number)
        if found.all:
            doors[venue] = found
    streets.insert(feet)
    cross(streets, squares, junctions, _ends(doors, feet))
    return doors


def _ends(doors: Mapping[str, _Doors], feet: Mapping[int, Sequence[tuple[int, float, int]]]) -> set[int]:
    """The doors, and the nodes where those beside a street meet it."""
    return {door for each in doors.values() for door in each.all} | {
        node for each in feet.values() for *_, node in each
    }


def _join(streets: Streets, feet: dict[int, list[tuple[int, float, int]]], door: int, point: Point, foot: Foot) -> None:
    """Connect a door with its foot on a street, where a new node comes in."""
    junction = door - 1
    streets.points[door], streets.points[junction] = point, foot.place
    feet.setdefault(foot.street, []).append((foot.behind, foot.share, junction))
    streets.add([door, junction], 0)


def _all_pairs(
    network: Network, flat: Network, places: Mapping[str, Point], doors: Mapping[str, _Doors]
) -> list[Route]:
    """The ways of all pairs, both directions; a pair without a way is left out."""
    middle = tuple(sum(each) / len(places) for each in zip(*places.values(), strict=True))
    # The outer ones first: then the rest is near together, and a search ends early.
    order = sorted(doors, key=lambda venue: -abs(places[venue][0] - middle[0]) - abs(places[venue][1] - middle[1]))
    routes = []
    for index, origin in enumerate(order):
        goals = {door: venue for venue in order[index + 1 :] for door in doors[venue].all}
        found = network.shortest(doors[origin].all, goals)
        rolled = _step_free(flat, origin, doors, found)
        for venue, path in found.items():
            rest = rolled.get(venue)
            route = _route(origin, venue, path, None if rest is None else round(rest), network.points)
            routes += [route, route.back()]
    rank = {venue: number for number, venue in enumerate(places)}
    return sorted(routes, key=lambda route: (rank[route.origin], rank[route.target]))


def _step_free(
    network: Network, origin: str, doors: Mapping[str, _Doors], found: Mapping[str, StreetPath]
) -> dict[str, float]:
    """The metres without steps: those of the shortest way if it has none, otherwise of another search."""
    metres: dict[str, float] = {}
    goals: dict[int, str] = {}
    starts = doors[origin].step_free
    for venue, path in found.items():
        ends = doors[venue].step_free
        if not path.has_steps and path.nodes[0] in starts and path.nodes[-1] in ends:
            metres[venue] = path.metres
        else:
            goals.update(dict.fromkeys(ends, venue))
    if starts:
        others = network.shortest(starts, goals)
        metres.update({venue: path.metres for venue, path in others.items()})
    return metres


def _route(origin: str, target: str, path: StreetPath, step_free: int | None, points: Mapping[int, Point]) -> Route:
    line = simplified([points[node] for node in path.nodes], LINE_TOLERANCE, LINE_POINTS)
    return Route(origin, target, round(path.metres), step_free, round(path.outdoor), line)
