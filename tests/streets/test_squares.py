"""Squares that the map draws as areas are crossed, and what stands in them is walked around.

The square of these tests lies on the equator, with sides of 0.002 degrees (222 m). A street leads to its south-west corner
and another to its north-east corner, each 0.001 degrees long:

          D --------- C --- N
          |           |
          |           |
          |           |
    S --- A --------- B
"""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from bot.domain.travel.venue import Entrance, Venue
from bot.streets import squares
from bot.streets.doors import Door, given_entrances
from bot.streets.graph import Streets
from bot.streets.rings import Line
from bot.streets.routing import Routes, routed
from tests.streets.town import METRES, STEP

pytest.importorskip("osmium", reason="osmium is not installed")

NODES = {
    "S": (0, -1),
    "A": (0, 0),
    "B": (0, 2),
    "C": (2, 2),
    "D": (2, 0),
    "N": (2, 3),
    # A fountain in the middle, and a corner that is cut out of the square.
    "F1": (0.8, 0.8),
    "F2": (0.8, 1.2),
    "F3": (1.2, 1.2),
    "F4": (1.2, 0.8),
    "E": (0.5, 0.5),
    # The inner corners of two arms.
    "U1": (1.9, 0.1),
    "U2": (1.9, 1.9),
}
NUMBERS = {name: number for number, name in enumerate(NODES, 1)}
Way = tuple[str, Mapping[str, str]]
STREETS: tuple[Way, ...] = (("S A", {"highway": "footway"}), ("C N", {"highway": "footway"}))
PLAZA = {"highway": "pedestrian", "area": "yes"}
PLACES = {"South": (0.0, -STEP), "North": (2 * STEP, 3 * STEP)}
STRAIGHT = 2 + 2 * math.sqrt(2)


def extract(ways: Sequence[Way], relation: str = "") -> str:
    lines = ['<osm version="0.6">']
    for name, (north, east) in NODES.items():
        lines.append(f'<node id="{NUMBERS[name]}" version="1" lat="{north * STEP:.7f}" lon="{east * STEP:.7f}"/>')
    for number, (names, tags) in enumerate(ways, 1):
        nodes = "".join(f'<nd ref="{NUMBERS[name]}"/>' for name in names.split())
        about = "".join(f'<tag k="{key}" v="{value}"/>' for key, value in tags.items())
        lines.append(f'<way id="{number}" version="1">{nodes}{about}</way>')
    return "\n".join([*lines, relation, "</osm>"])


def multipolygon(outer: Sequence[int], inner: Sequence[int]) -> str:
    roles = [*((number, "outer") for number in outer), *((number, "inner") for number in inner)]
    members = "".join(f'<member type="way" ref="{number}" role="{role}"/>' for number, role in roles)
    tags = '<tag k="type" v="multipolygon"/><tag k="highway" v="pedestrian"/>'
    return f'<relation id="9" version="1">{members}{tags}</relation>'


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "square.osm"


def metres(found: Routes) -> int:
    return found.routes[0].metres


def test_a_square_is_crossed_and_a_path_around_a_lawn_is_not(path: Path) -> None:
    path.write_text(extract((*STREETS, ("A B C D A", PLAZA))))
    assert metres(routed(path, PLACES)) == round(STRAIGHT * METRES)
    assert routed(path, PLACES).routes[0].line == ((0.002, 0.003), (0.002, 0.002), (0.0, 0.0), (0.0, -0.001))[::-1]
    path.write_text(extract((*STREETS, ("A B C D A", {"highway": "footway"}))))
    assert metres(routed(path, PLACES)) == round(6 * METRES)


def test_a_square_with_a_corner_cut_out_is_crossed_around_that_corner(path: Path) -> None:
    path.write_text(extract((*STREETS, ("A E B C D A", PLAZA))))
    assert metres(routed(path, PLACES)) == round(STRAIGHT * METRES)
    # The cut-out corner now lies in the straight line, and the way bends there.
    path.write_text(extract((("S A", {"highway": "footway"}), ("B N", {"highway": "footway"}), ("A E B C D A", PLAZA))))
    around = 1 + math.hypot(0.5, 0.5) + math.hypot(0.5, 1.5) + math.hypot(2, 1)
    assert metres(routed(path, PLACES)) == round(around * METRES)


def test_a_fountain_is_walked_around(path: Path) -> None:
    ways = (*STREETS, ("A B C D A", {}), ("F1 F2 F3 F4 F1", {"natural": "water"}))
    path.write_text(extract(ways, multipolygon([3], [4])))
    around = 2 + 2 * math.hypot(0.8, 1.2)
    assert metres(routed(path, PLACES)) == round(around * METRES)


def test_a_square_drawn_by_several_ways_is_crossed(path: Path) -> None:
    ways = (*STREETS, ("A B C", {}), ("C D A", {"highway": "footway"}))
    path.write_text(extract(ways, multipolygon([3, 4], [])))
    assert metres(routed(path, PLACES)) == round(STRAIGHT * METRES)


def test_two_arms_of_a_square_see_each_other_only_inside_it(path: Path) -> None:
    # The straight line from D to C leaves the square, whose arms meet south of E.
    ways = (("S D", {"highway": "footway"}), ("C N", {"highway": "footway"}), ("A D U1 E U2 C B A", PLAZA))
    path.write_text(extract(ways))
    around = math.hypot(2, 1) + math.hypot(1.5, 0.5) + math.hypot(1.5, 1.5) + 1
    assert metres(routed(path, PLACES)) == round(around * METRES)


def test_a_venue_in_the_middle_of_a_square_is_reached_from_all_sides(path: Path) -> None:
    path.write_text(extract((*STREETS, ("A B C D A", PLAZA))))
    found = routed(path, {**PLACES, "Tent": (0.4 * STEP, STEP)})
    distances = {(route.origin, route.target): route.metres for route in found.routes}
    assert distances["Tent", "South"] == round((1 + math.hypot(1, 0.4)) * METRES)
    assert distances["Tent", "North"] == round((1 + math.hypot(1, 1.6)) * METRES)


def test_a_house_on_a_square_has_its_door_there(path: Path) -> None:
    ways = (*STREETS, ("A B C D A", {}), ("F1 F2 F3 F4 F1", {"building": "yes"}))
    text = extract(ways, multipolygon([3], [4]))
    path.write_text(
        text.replace(
            'lat="0.0008000" lon="0.0008000"/>', 'lat="0.0008" lon="0.0008"><tag k="entrance" v="main"/></node>'
        )
    )
    found = routed(path, {**PLACES, "House": (STEP, STEP)})
    distances = {(route.origin, route.target): route.metres for route in found.routes}
    assert distances["House", "South"] == round((1 + math.hypot(0.8, 0.8)) * METRES)
    assert distances["House", "North"] == round((1 + 0.4 + math.hypot(0.8, 1.2)) * METRES)


def test_a_square_that_is_too_large_is_walked_around(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path.write_text(extract((*STREETS, ("A B C D A", PLAZA))))
    for name in ("MOST_NODES", "MOST_CHECKS"):
        with monkeypatch.context() as patched:
            patched.setattr(squares, name, 3)
            assert metres(routed(path, PLACES)) == round(6 * METRES)


def test_a_square_with_many_streets_costs_a_bounded_number_of_lines() -> None:
    """The lines grow with the corners that are kept, not with the square of all that meet it."""
    count = 400
    angles = [2 * math.pi * step / count for step in range(count)]
    points = {number: (math.sin(angle) / 500, math.cos(angle) / 500) for number, angle in enumerate(angles, 1)}
    ring = [*points, 1]
    streets = Streets(dict(points))
    edge = Line(tuple(ring), tuple(points[number] for number in ring))
    squares.cross(streets, [squares.Square(edge, (), 0)], set(points), set())
    assert 0 < len(streets.streets) < squares.MOST_CORNERS**2 / 2


# --- The doors that organizers gave ---


def test_entrances_of_organizers_come_before_those_of_the_map() -> None:
    venue = Venue("Hall", entrances=(Entrance(1, 2, step_free=True), Entrance(3, 4, step_free=False), Entrance(5, 6)))
    assert given_entrances(venue) == [
        Door(0, (1, 2), "", is_step_free=True),
        Door(0, (3, 4), "", is_step_free=False),
        Door(0, (5, 6), "", is_step_free=True),
    ]
