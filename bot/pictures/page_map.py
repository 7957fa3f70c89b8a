"""The map of venues for a web page, as paths and positions: the style sheet has its colours and sizes."""

from collections.abc import Sequence

from bot.app.ports.pictures import MapVenue, PageMap, Point
from bot.app.text.day_path import credit_of
from bot.pictures.day_map import RADIUS, DayMap, Pixel, Spot
from bot.pictures.svg import width_of

WIDTH, SIZE = 720, 27
"""The width of the view box, and the size of a name in it. A phone shows it at half this size."""
LOWEST, HIGHEST = 360, 760
"""The height of the view box is that of what it shows, between these."""
PADDING = (120.0, 48.0)
"""Room for names at the sides, and for marks above and below."""
DIGIT, ENDS = 13, 18
"""The width of a digit in a mark, and of both its round ends."""


def page_map(venues: Sequence[MapVenue], path: Sequence[Sequence[Point]]) -> PageMap | None:
    """Return a map of venues with lines between them; None with fewer than two venues."""
    if len(venues) < 2:  # noqa: PLR2004 — one point is no map
        return None
    height = _height(venues, path)
    drawn = DayMap.fitted(venues, path, (0.0, 0.0, float(WIDTH), float(height)), PADDING)
    labels = drawn.labels(lambda text: width_of(text, SIZE), _reach)
    return PageMap(
        WIDTH,
        height,
        tuple((round(spot.x, 1), round(spot.y, 1), _runs(spot.numbers)) for spot in drawn.spots),
        tuple(_path(line) for line in drawn.lines),
        tuple(f"{_path(line)}Z" for line in drawn.outlines),
        tuple((round(label.x, 1), round(label.y, 1), label.text, label.anchor) for label in labels),
        credit_of(venues, path),
    )


def _height(venues: Sequence[MapVenue], path: Sequence[Sequence[Point]]) -> int:
    """Return the height of the map at full width: a street of hotels is high, a campus may be flat."""
    drawn = DayMap.fitted(venues, path, (0.0, 0.0, float(WIDTH), float(WIDTH)), (0.0, 0.0))
    pixels: list[Pixel] = [(spot.x, spot.y) for spot in drawn.spots]
    pixels += [pixel for line in (*drawn.lines, *drawn.outlines) for pixel in line]
    across, down = (
        max(x for x, _ in pixels) - min(x for x, _ in pixels),
        max(y for _, y in pixels) - min(y for _, y in pixels),
    )
    needed = down / max(across, 1.0) * (WIDTH - 2 * PADDING[0]) + 2 * PADDING[1]
    return round(min(max(needed, LOWEST), HIGHEST))


def _reach(spot: Spot) -> float:
    """Return half of the width of a mark, as the template draws it."""
    return max(float(RADIUS), (DIGIT * len(_runs(spot.numbers)) + ENDS) / 2)


def _path(points: Sequence[Pixel]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)


def _runs(numbers: Sequence[int]) -> str:
    """`1-3·5`: numbers that follow one another are one run, so that many sessions in one venue fit its mark."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return "·".join(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)
