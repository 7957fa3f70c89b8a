"""The map of a day as SVG for a page: colours and sizes are in the style sheet, so nothing is inline."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.app.pages import DayView
from bot.app.ports.pictures import MapVenue, Point
from bot.pictures.day_map import DayMap, Pixel
from bot.pictures.svg import width_of

WIDTH, HEIGHT, SIZE = 720, 460, 27
"""The view box, and the size of a name in it. A phone shows it at half this size."""


@dataclass(frozen=True, slots=True)
class MapView:
    """A map for the template; `lines` and `outlines` are paths of SVG."""

    width: int
    height: int
    spots: Sequence[tuple[float, float, str, str]]
    lines: Sequence[str]
    outlines: Sequence[str]
    labels: Sequence[tuple[float, float, str, str]]
    words: str


def venue_map(view: DayView) -> MapView | None:
    """Return the map of a day; None with fewer than two venues that have a position."""
    order = [stop.session.venue for stop in view.stops if stop.assumed and stop.session.venue]
    return venue_map_of(view.venues, view.path, order)


def venue_map_of(venues: Sequence[MapVenue], path: Sequence[Sequence[Point]], order: Sequence[str]) -> MapView | None:
    """Return a map of venues, with lines between them; `order` are the venues that are visited."""
    if len(venues) < 2:  # noqa: PLR2004 — one point is no map
        return None
    drawn = DayMap.fitted(venues, path, (0.0, 0.0, float(WIDTH), float(HEIGHT)))
    return MapView(
        WIDTH,
        HEIGHT,
        [(round(s.x, 1), round(s.y, 1), "·".join(map(str, s.numbers)), s.name) for s in drawn.spots],
        [_path(line) for line in drawn.lines],
        [f"{_path(line)}Z" for line in drawn.outlines],
        [(round(e.x, 1), round(e.y, 1), e.text, e.anchor) for e in drawn.labels(lambda text: width_of(text, SIZE))],
        ", ".join(dict.fromkeys(order)),
    )


def _path(points: Sequence[Pixel]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
