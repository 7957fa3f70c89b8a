"""The map of venues for a web page, as paths and positions: the style sheet has its colours and sizes."""

from collections.abc import Sequence

from bot.app.ports.pictures import MapVenue, PageMap, Point
from bot.app.text.day_path import credit_of
from bot.pictures.day_map import DayMap, Pixel
from bot.pictures.svg import width_of

WIDTH, HEIGHT, SIZE = 720, 460, 27
"""The view box, and the size of a name in it. A phone shows it at half this size."""


def page_map(venues: Sequence[MapVenue], path: Sequence[Sequence[Point]]) -> PageMap | None:
    """Return a map of venues with lines between them; None with fewer than two venues."""
    if len(venues) < 2:  # noqa: PLR2004 — one point is no map
        return None
    drawn = DayMap.fitted(venues, path, (0.0, 0.0, float(WIDTH), float(HEIGHT)))
    labels = drawn.labels(lambda text: width_of(text, SIZE))
    return PageMap(
        WIDTH,
        HEIGHT,
        tuple((round(spot.x, 1), round(spot.y, 1), _runs(spot.numbers)) for spot in drawn.spots),
        tuple(_path(line) for line in drawn.lines),
        tuple(f"{_path(line)}Z" for line in drawn.outlines),
        tuple((round(each.x, 1), round(each.y, 1), each.text, each.anchor) for each in labels),
        credit_of(venues, path),
    )


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
