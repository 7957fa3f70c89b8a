"""Squares that the map draws as areas: people walk straight across them, not along their edge."""

import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from bot.streets.geometry import Point, contains, flattened, square_metres
from bot.streets.graph import Streets
from bot.streets.rings import Line
from bot.streets.tags import Get

MOST_CORNERS = 40
"""Places of one square that are connected with each other: of a larger one, some are left out evenly."""
MOST_RINGS, MOST_NODES = 200, 3_000
"""What is drawn in a square, such as fountains, and the nodes of its edges. A larger one is walked around."""
MOST_CHECKS = 1_500_000
"""Nodes that are compared with straight lines, for all squares together, the largest square first: 0.2 s."""
APART = 6.0
"""Metres between the places where streets meet a square: of nearer ones the first stands for the others."""
AS_SHORT = 1.05
"""Two lines replace one if they are at most so many times as long: this leaves out three of four."""
ON_EDGE = 0.01
"""Metres within which a point lies on a line: the map has seven decimals of a degree, 1 cm."""
Flat = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Square:
    """An area that people walk on.

    Attributes:
        edge: the ring around it.
        holes: rings around parts without people, such as fountains.
        flags: the same flags as those of a street.
    """

    edge: Line
    holes: tuple[Line, ...]
    flags: int


def is_square(get: Get) -> bool:
    """Whether a closed way with these tags is an area that people walk on, and not a path around something."""
    return get("area") == "yes" or (get("highway") is None and get("indoor") == "corridor")


def squares_of(outer: Sequence[Line], inner: Sequence[Line], flags: int) -> Iterator[Square]:
    """The squares of a relation, each with what is drawn in it; rings that are not complete are left out."""
    holes = [line for line in inner if line.is_ring]
    for edge in outer:
        if edge.is_ring:
            yield Square(edge, tuple(hole for hole in holes if contains(edge.ring, hole.points[0])), flags)


def cross(streets: Streets, squares: Iterable[Square], junctions: Collection[int], doors: Collection[int]) -> None:
    """Add the straight lines across squares as streets.

    They lead between the places where streets meet a square, the corners that people walk around, and doors.

    Args:
        streets: their points include those of the squares.
        squares: those of the same map.
        junctions: the nodes of the map where streets meet.
        doors: nodes that ways begin at: doors, and where those beside a street meet it.
    """
    checks_left = MOST_CHECKS
    for square in sorted(squares, key=lambda square: -square_metres(square.edge.ring)):
        nodes = sum(len(line.nodes) for line in (square.edge, *square.holes))
        if len(square.holes) > MOST_RINGS or nodes > MOST_NODES:
            continue
        plane = _Plane.of(square, streets.points, junctions, doors)
        checks_left -= len(plane.corners) ** 2 // 2 * nodes
        if checks_left < 0:
            return
        for pair in plane.lines():
            streets.add(list(pair), square.flags)


@dataclass(frozen=True, slots=True)
class _Plane:
    """A square on a plane, in metres.

    Attributes:
        rings: its edge first, then its holes; not closed.
        corners: the nodes to connect, and where they are.
        bends: of corners that people only walk around, the points of the ring before and after each.
    """

    rings: tuple[tuple[Flat, ...], ...]
    corners: Mapping[int, Flat]
    bends: Mapping[int, tuple[Flat, Flat]]

    @classmethod
    def of(
        cls, square: Square, points: Mapping[int, Point], junctions: Collection[int], doors: Collection[int]
    ) -> "_Plane":
        flat = flattened(square.edge.points[0])
        lines = (square.edge, *square.holes)
        rings = tuple(tuple(map(flat, line.ring)) for line in lines)
        entries, bends = dict[int, Flat](), dict[int, Flat]()
        beside = dict[int, tuple[Flat, Flat]]()
        for line, ring in zip(lines, rings, strict=True):
            bent = set(_bends(ring, is_hole=line is not square.edge))
            for index, (number, place) in enumerate(zip(line.nodes, ring, strict=False)):
                if number in junctions or number in doors:
                    entries[number] = place
                elif index in bent:
                    bends[number] = place
                    beside[number] = ring[index - 1], ring[(index + 1) % len(ring)]
        corners = _thinned(
            dict(_points_inside(rings, {number: flat(points[number]) for number in doors})), MOST_CORNERS
        )
        for more in (entries, bends):
            corners |= _thinned(more, MOST_CORNERS - len(corners))
        return cls(rings, corners, {number: points for number, points in beside.items() if number in corners})

    def lines(self) -> Iterator[tuple[int, int]]:
        """The pairs of corners that see each other, the near ones first.

        Left out are sides of the edge, where a street leads already, and lines that two others replace.
        """
        edge, *holes = map(_sides, self.rings)
        around = set[frozenset[Flat]]().union(*holes)
        near: dict[int, dict[int, float]] = {number: {} for number in self.corners}
        for length, first, second in sorted(self._pairs()):
            pair = frozenset((self.corners[first], self.corners[second]))
            is_side = pair in edge
            is_free = is_side or pair in around
            if not is_free and (_is_replaced(near[first], near[second], length) or not self._sees(*pair)):
                continue
            near[first][second] = near[second][first] = length
            if not is_side:
                yield first, second

    def _pairs(self) -> Iterator[tuple[float, int, int]]:
        for (first, start), (second, end) in combinations(self.corners.items(), 2):
            if start != end and self._touches(first, start, end) and self._touches(second, end, start):
                yield math.dist(start, end), first, second

    def _touches(self, number: int, place: Flat, other: Flat) -> bool:
        """Whether a line to a corner only touches it: no shortest way bends at a corner that it runs into."""
        if number not in self.bends:
            return True
        dx, dy = place[0] - other[0], place[1] - other[1]
        before, after = (dx * (y - place[1]) - dy * (x - place[0]) for x, y in self.bends[number])
        return before * after >= 0

    def _sees(self, start: Flat, end: Flat) -> bool:
        """Whether the line between two corners is in the square, and touches nothing on its way."""
        if any(_is_cut(ring, start, end) for ring in self.rings):
            return False
        middle = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
        return contains(self.rings[0], middle) and not any(contains(hole, middle) for hole in self.rings[1:])


def _thinned(corners: Mapping[int, Flat], most: int) -> dict[int, Flat]:
    """The corners without those near the one before, and at most so many, evenly."""
    spread_out: dict[int, Flat] = {}
    before = None
    for number, place in corners.items():
        if before is None or math.dist(before, place) >= APART:
            spread_out[number] = before = place
    step = -(-len(spread_out) // most) if most > 0 else 0
    return dict(list(spread_out.items())[::step]) if step else {}


def _bends(ring: Sequence[Flat], *, is_hole: bool) -> Iterator[int]:
    """The indices of the corners that people may walk around: those that point into the square."""
    around = zip((ring[-1], *ring[:-1]), ring, (*ring[1:], ring[0]), strict=True)
    turns = [(x - x0) * (y2 - y) - (y - y0) * (x2 - x) for (x0, y0), (x, y), (x2, y2) in around]
    area = sum(x * y2 - x2 * y for (x, y), (x2, y2) in zip(ring, (*ring[1:], ring[0]), strict=True))
    sign = 1 if (area < 0) is not is_hole else -1
    return (index for index, turn in enumerate(turns) if turn * sign > ON_EDGE)


def _sides(ring: Sequence[Flat]) -> set[frozenset[Flat]]:
    return {frozenset(pair) for pair in zip(ring, (*ring[1:], ring[0]), strict=True)}


def _is_replaced(lines: Mapping[int, float], other: Mapping[int, float], length: float) -> bool:
    """Whether two lines that are known, by way of another corner, are about as short."""
    return any(number in other and metres + other[number] <= length * AS_SHORT for number, metres in lines.items())


def _points_inside(rings: Sequence[Sequence[Flat]], points: Mapping[int, Flat]) -> Iterator[tuple[int, Flat]]:
    """The points that are in the square or on an edge of it."""
    edge, *holes = rings
    xs, ys = [x for x, _ in edge], [y for _, y in edge]
    west, east, south, north = min(xs) - 1, max(xs) + 1, min(ys) - 1, max(ys) + 1
    for number, place in points.items():
        if west <= place[0] <= east and south <= place[1] <= north:
            is_inside = contains(edge, place) and not any(contains(hole, place) for hole in holes)
            if is_inside or any(_is_on(ring, place) for ring in rings):
                yield number, place


def _is_on(ring: Sequence[Flat], point: Flat) -> bool:
    x0, y0 = point
    for (x, y), (x2, y2) in zip(ring, (*ring[1:], ring[0]), strict=True):
        dx, dy = x2 - x, y2 - y
        length = dx * dx + dy * dy
        share = min(1.0, max(0.0, ((x0 - x) * dx + (y0 - y) * dy) / length)) if length else 0.0
        if abs(x + share * dx - x0) <= ON_EDGE and abs(y + share * dy - y0) <= ON_EDGE:
            return True
    return False


def _is_cut(ring: Sequence[Flat], start: Flat, end: Flat) -> bool:
    """Whether a ring crosses the line between two points, or has a node on it that is none of both."""
    ax, ay = start
    dx, dy = end[0] - ax, end[1] - ay
    length = dx * dx + dy * dy
    near = ON_EDGE * length**0.5
    # The side of the line on which each node lies, in square metres.
    sides = [dx * (y - ay) - dy * (x - ax) for x, y in ring]
    # Most of what is drawn in a square lies on one side of a line.
    if min(sides) > near or max(sides) < -near:
        return False
    before, last = sides[-1], ring[-1]
    for side, node in zip(sides, ring, strict=True):
        if -near <= side <= near:
            along = dx * (node[0] - ax) + dy * (node[1] - ay)
            if near < along < length - near:
                return True
        elif (before > near and side < -near) or (before < -near and side > near):
            share = before / (before - side)
            x, y = last[0] + share * (node[0] - last[0]), last[1] + share * (node[1] - last[1])
            along = dx * (x - ax) + dy * (y - ay)
            if near < along < length - near:
                return True
        before, last = side, node
    return False
