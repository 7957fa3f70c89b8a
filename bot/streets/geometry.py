"""Geometry on the earth, for distances of a few kilometres: points are (lat, lon) in WGS 84 degrees."""

import math
from collections.abc import Callable, Iterable, Sequence

Point = tuple[float, float]
METRES_PER_DEGREE = math.pi * 6_371_000 / 180
DECIMALS = 5
"""Decimals of a stored point: about a metre."""


def metres(start: Point, end: Point) -> float:
    """Return the distance of two near points, on a plane that touches the earth there."""
    east = (start[1] - end[1]) * math.cos(math.radians((start[0] + end[0]) / 2))
    return math.hypot(start[0] - end[0], east) * METRES_PER_DEGREE


def flattened(middle: Point) -> Callable[[Point], tuple[float, float]]:
    """Return the function that puts points near `middle` on a plane: metres east and north of it."""
    lat0, lon0 = middle
    shrink = METRES_PER_DEGREE * math.cos(math.radians(lat0))

    def flat(point: Point) -> tuple[float, float]:
        return (point[1] - lon0) * shrink, (point[0] - lat0) * METRES_PER_DEGREE

    return flat


def nearest_on(point: Point, start: Point, end: Point) -> tuple[float, Point]:
    """Return the place of a line that is nearest to a point: the share of the line up to it, and where it is."""
    shrink = math.cos(math.radians(point[0]))
    x, y = (end[1] - start[1]) * shrink, end[0] - start[0]
    length = x * x + y * y
    along = ((point[1] - start[1]) * shrink * x + (point[0] - start[0]) * y) / length if length else 0.0
    share = min(1.0, max(0.0, along))
    return share, (start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1]))


def centroid(ring: Sequence[Point]) -> Point:
    """Return the centre of the area of a ring; of a line or a point, the mean of its points."""
    lat0, lon0 = ring[0]
    moved = [(lat - lat0, lon - lon0) for lat, lon in ring]
    pairs = list(zip(moved, [*moved[1:], moved[0]], strict=True))
    crosses = [a[1] * b[0] - b[1] * a[0] for a, b in pairs]
    total = sum(crosses)
    if not total:
        return lat0 + sum(lat for lat, _ in moved) / len(moved), lon0 + sum(lon for _, lon in moved) / len(moved)
    lat = sum((a[0] + b[0]) * cross for (a, b), cross in zip(pairs, crosses, strict=True)) / (3 * total)
    lon = sum((a[1] + b[1]) * cross for (a, b), cross in zip(pairs, crosses, strict=True)) / (3 * total)
    return lat0 + lat, lon0 + lon


def square_metres(ring: Sequence[Point]) -> float:
    """Return the area of a ring."""
    lat0, lon0 = ring[0]
    moved = [(lat - lat0, lon - lon0) for lat, lon in ring]
    crosses = [a[1] * b[0] - b[1] * a[0] for a, b in zip(moved, [*moved[1:], moved[0]], strict=True)]
    return abs(sum(crosses)) / 2 * METRES_PER_DEGREE**2 * math.cos(math.radians(lat0))


def diagonal(points: Iterable[Point]) -> float:
    """Return the diagonal of the box around points, in metres."""
    lats, lons = zip(*points, strict=True)
    return metres((min(lats), min(lons)), (max(lats), max(lons)))


def contains(ring: Sequence[Point], point: Point) -> bool:
    """Whether a point lies in a ring."""
    lat, lon = point
    inside = False
    for (lat1, lon1), (lat2, lon2) in zip(ring, [*ring[1:], ring[0]], strict=True):
        if (lat1 > lat) != (lat2 > lat) and lon < lon1 + (lat - lat1) / (lat2 - lat1) * (lon2 - lon1):
            inside = not inside
    return inside


def distance_to_ring(ring: Sequence[Point], point: Point) -> float:
    """Return the metres from a point to a ring; 0 inside."""
    if contains(ring, point):
        return 0.0
    sides = zip(ring, [*ring[1:], ring[0]], strict=True)
    return min(metres(point, nearest_on(point, start, end)[1]) for start, end in sides)


def simplified(line: Sequence[Point], tolerance: float, most: int) -> tuple[Point, ...]:
    """Return a line with fewer points (Douglas-Peucker).

    Args:
        line: the points; the first and the last are kept.
        tolerance: how far in metres the result may be from the line. It is doubled until `most` points are enough.
        most: the largest number of points, at least 2.
    """
    while True:
        corners = _corner_indices(line, tolerance)
        if len(corners) <= most:
            rounded = ((round(lat, DECIMALS), round(lon, DECIMALS)) for lat, lon in (line[i] for i in corners))
            return tuple(dict.fromkeys(rounded)) if line[0] != line[-1] else tuple(rounded)
        tolerance *= 2


def _corner_indices(line: Sequence[Point], tolerance: float) -> list[int]:
    shrink = METRES_PER_DEGREE * math.cos(math.radians(line[0][0]))
    flat = [(lon * shrink, lat * METRES_PER_DEGREE) for lat, lon in line]
    corners, todo, most = [0, len(line) - 1], [(0, len(line) - 1)], tolerance * tolerance
    while todo:
        first, last = todo.pop()
        (x, y), (x2, y2) = flat[first], flat[last]
        dx, dy = x2 - x, y2 - y
        length = dx * dx + dy * dy
        farthest, middle = most, 0
        for i in range(first + 1, last):
            px, py = flat[i][0] - x, flat[i][1] - y
            along = (px * dx + py * dy) / length if length else 0.0
            along = 0.0 if along < 0 else min(along, 1.0)
            px, py = px - along * dx, py - along * dy
            if (distance := px * px + py * py) > farthest:
                farthest, middle = distance, i
        if middle:
            corners.append(middle)
            todo += [(first, middle), (middle, last)]
    return sorted(corners)
