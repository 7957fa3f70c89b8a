"""The map of a day: positions in pixels, the lines between them, and labels that do not cover one another."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final, Self

from bot.app.ports.pictures import MapVenue, Point

Pixel = tuple[float, float]
Box = tuple[float, float, float, float]
"""Left, top, width and height in pixels."""
PADDING = 90
METRES_PER_DEGREE = 111_195.0
"""Of latitude: the circumference of a sphere with a radius of 6,371 km, divided by 360."""
SMALLEST_M = 120.0
"""A map shows at least this many metres, however near the venues are."""
BEND = 0.12
"""How far a straight leg is bent, as a part of its length, so that there and back are two lines."""
CURVE_POINTS = 16
RADIUS = 21
LABEL_HEIGHT = 32
BARS: Final = (10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000)
WIDEST_BAR = 200


@dataclass(frozen=True, slots=True)
class Spot:
    """A venue with its position in pixels."""

    x: float
    y: float
    name: str
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Label:
    """A name with the position of its text's base line."""

    x: float
    y: float
    text: str
    anchor: str


@dataclass(frozen=True, slots=True)
class DayMap:
    """A map that fits into a box; `scale` is the length of a bar in pixels, and the distance it shows."""

    box: Box
    spots: tuple[Spot, ...]
    lines: tuple[tuple[Pixel, ...], ...]
    outlines: tuple[tuple[Pixel, ...], ...]
    scale: tuple[float, str]

    @classmethod
    def fitted(
        cls, venues: Sequence[MapVenue], path: Sequence[Sequence[Point]], box: Box, padding: Pixel = (PADDING, PADDING)
    ) -> Self:
        """Project venues and lines so that all of them are in the box, north up.

        Args:
            venues: with their outlines.
            path: the lines between them.
            box: in pixels.
            padding: pixels at the left and right, and above and below, that only names use.
        """
        points = [venue.at for venue in venues]
        points += list(chain(*path, *(venue.outline for venue in venues)))
        project, metre = _projection(points, box, padding)
        spots = tuple(Spot(*project(venue.at), venue.name, venue.numbers) for venue in venues)
        lines = tuple(tuple(_curve([project(point) for point in line])) for line in path if len(line) > 1)
        outlines = tuple(tuple(project(point) for point in venue.outline) for venue in venues if venue.outline)
        return cls(box, spots, lines, outlines, _scale(metre))

    def labels(
        self, width_of: Callable[[str], float], reach_of: Callable[[Spot], float] = lambda _: RADIUS
    ) -> Iterator[Label]:
        """Place the names beside their spots, where they cover the fewest spots and other names.

        Args:
            width_of: the width of a name.
            reach_of: how far the mark of a spot reaches to the left and right of its middle.
        """
        reaches = [reach_of(spot) for spot in self.spots]
        occupied: list[Box] = [
            (spot.x - reach, spot.y - RADIUS, 2 * reach, 2 * RADIUS)
            for spot, reach in zip(self.spots, reaches, strict=True)
        ]
        for spot, reach in zip(self.spots, reaches, strict=True):
            width = width_of(spot.name)
            places = list(_places(spot, width, reach))
            label, area = min(places, key=lambda pair: (self._cost(pair[1], occupied), places.index(pair)))
            occupied.append(area)
            yield label

    def _cost(self, area: Box, occupied: Sequence[Box]) -> float:
        x_min, y_min, width, height = self.box
        outside = max(x_min + 8 - area[0], 0) + max(area[0] + area[2] - x_min - width + 8, 0)
        outside += max(y_min + 8 - area[1], 0) + max(area[1] + area[3] - y_min - height + 8, 0)
        return sum(_overlap(area, other) for other in occupied) + 1_000 * outside


def _places(spot: Spot, width: float, reach: float) -> Iterator[tuple[Label, Box]]:
    """Return the possible places of a label: right of a spot, left, below and above."""
    beside, gap = reach + 10, RADIUS + 10
    top = spot.y - LABEL_HEIGHT / 2
    base = top + LABEL_HEIGHT * 0.78
    yield Label(spot.x + beside, base, spot.name, "start"), (spot.x + beside, top, width, LABEL_HEIGHT)
    yield Label(spot.x - beside, base, spot.name, "end"), (spot.x - beside - width, top, width, LABEL_HEIGHT)
    for y in (spot.y + gap, spot.y - gap - LABEL_HEIGHT):
        area = (spot.x - width / 2, y, width, LABEL_HEIGHT)
        yield Label(spot.x, y + LABEL_HEIGHT * 0.78, spot.name, "middle"), area


def _overlap(area: Box, other: Box) -> float:
    width = min(area[0] + area[2], other[0] + other[2]) - max(area[0], other[0])
    height = min(area[1] + area[3], other[1] + other[3]) - max(area[1], other[1])
    return max(width, 0) * max(height, 0)


def _projection(points: Sequence[Point], box: Box, padding: Pixel) -> tuple[Callable[[Point], Pixel], float]:
    """Return a function from degrees to pixels, and the pixels per metre. A town is small enough for a plane."""
    north, south = max(lat for lat, _ in points), min(lat for lat, _ in points)
    # The shortest arc with all points: it may cross the 180th meridian.
    middle_lon = points[0][1]
    easts = [(lon - middle_lon + 180) % 360 - 180 for _, lon in points]
    east, west = max(easts), min(easts)
    across = METRES_PER_DEGREE * math.cos(math.radians((north + south) / 2))
    width, height = max((east - west) * across, SMALLEST_M), max((north - south) * METRES_PER_DEGREE, SMALLEST_M)
    metre = min((box[2] - 2 * padding[0]) / width, (box[3] - 2 * padding[1]) / height)
    centre = (box[0] + box[2] / 2, box[1] + box[3] / 2)

    def project(point: Point) -> Pixel:
        x = (point[1] - middle_lon + 180) % 360 - 180 - (east + west) / 2
        y = point[0] - (north + south) / 2
        return centre[0] + x * across * metre, centre[1] - y * METRES_PER_DEGREE * metre

    return project, metre


def _curve(line: Sequence[Pixel]) -> Sequence[Pixel]:
    """A line along streets as it is; a straight one bent to its left (a quadratic Bézier curve)."""
    if len(line) > 2:  # noqa: PLR2004 — it has corners
        return line
    (x1, y1), (x2, y2) = line
    bend_x, bend_y = (x1 + x2) / 2 + (y2 - y1) * BEND, (y1 + y2) / 2 - (x2 - x1) * BEND
    shares = [step / CURVE_POINTS for step in range(CURVE_POINTS + 1)]
    return [
        (
            (1 - share) ** 2 * x1 + 2 * share * (1 - share) * bend_x + share**2 * x2,
            (1 - share) ** 2 * y1 + 2 * share * (1 - share) * bend_y + share**2 * y2,
        )
        for share in shares
    ]


def _scale(metre: float) -> tuple[float, str]:
    metres = max((bar for bar in BARS if bar * metre <= WIDEST_BAR), default=BARS[0])
    return metres * metre, f"{metres} m" if metres < 1_000 else f"{metres // 1_000} km"  # noqa: PLR2004 — a kilometre
