"""The picture of a day: from the recap's data to the PNG, beside resvg alone on the finished SVG, in one process."""

import time
from collections.abc import Callable
from itertools import pairwise

import resvg_py

from benchmarks.figures import Figure, is_small, percentile, show
from bot.app.ports.pictures import DayPicture, MapVenue
from bot.pictures.fonts import files_of
from bot.pictures.png import rasterize
from bot.pictures.svg import draw

RUNS = 2 if is_small() else 40
VENUES = tuple(
    MapVenue(f"Hotel {number}", (36.10 + number * 0.006, -115.17 + number % 3 * 0.004), (number + 1,))
    for number in range(6)
)
PICTURE = DayPicture(
    "A conference in six hotels",
    "Tuesday, 30 November 2021",
    (("9", "sessions"), ("6", "venues"), ("12,000", "steps"), ("9 km", "on foot")),
    VENUES,
    tuple((start.at, end.at) for start, end in pairwise(VENUES)),
    tuple((f"{hour:02}:30", f"Session number {hour} with a title of the usual length") for hour in range(8, 17)),
)


def timed(work: Callable[[], object]) -> float:
    """The seconds of one call."""
    begins = time.perf_counter()
    work()
    return time.perf_counter() - begins


def main() -> None:
    """In turns, so that a busy moment hits both."""
    drawing = draw(PICTURE)
    fonts = files_of(drawing.fonts)

    def bare() -> bytes:
        return bytes(resvg_py.svg_to_bytes(svg_string=drawing.svg, skip_system_fonts=True, font_files=fonts))

    pairs = [(timed(lambda: rasterize(PICTURE)), timed(bare)) for _ in range(RUNS)]
    ours, rival = (
        percentile([our_time for our_time, _ in pairs], 50),
        percentile([rival_time for _, rival_time in pairs], 50),
    )
    show(
        f"A picture of 1080 pixels, {RUNS} times",
        [
            Figure("Hallway: median", ours * 1_000, "ms"),
            Figure("resvg alone: median", rival * 1_000, "ms"),
            Figure("Hallway's time to resvg's", ours / rival, "x", 2),
        ],
    )


if __name__ == "__main__":
    main()
