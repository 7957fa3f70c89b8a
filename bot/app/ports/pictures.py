"""The picture of a day, as data, and the port that draws it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

Point = tuple[float, float]
"""Latitude and longitude, WGS 84 degrees."""


class Look(StrEnum):
    """Colours of a picture."""

    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, slots=True)
class MapVenue:
    """A venue on the map: `numbers` are its places in the order of the visits, `outline` its footprint if known."""

    name: str
    at: Point
    numbers: tuple[int, ...]
    outline: tuple[Point, ...] = ()


@dataclass(frozen=True, slots=True)
class DayPicture:
    """The contents of the picture of one or several days.

    Attributes:
        figures: numbers with their names, such as `("25,000", "steps")`; the first four are drawn.
        venues: those with coordinates; with fewer than two, no map is drawn.
        path: the lines of the legs, in order.
        entries: a time and a title each; as many are drawn as there is room for.
        more: says in words how many entries there are besides.
        credit: the authors of the map, to be named.
    """

    title: str
    subtitle: str
    figures: tuple[tuple[str, str], ...]
    venues: tuple[MapVenue, ...] = ()
    path: tuple[tuple[Point, ...], ...] = ()
    entries: tuple[tuple[str, str], ...] = ()
    more: Callable[[int], str] = str
    credit: str = ""
    look: Look = Look.LIGHT


class Painter(Protocol):
    """Draws pictures, beside the event loop."""

    async def __call__(self, picture: DayPicture) -> bytes:
        """Return the picture as a PNG of 1080 x 1350 pixels."""
        ...


@dataclass(frozen=True, slots=True)
class PageMap:
    """A map for a web page, in units of its view box.

    Attributes:
        spots: the position of each venue, and the numbers of its visits, "" for none.
        lines: the legs, as paths of SVG.
        outlines: the footprints of venues, as paths of SVG.
        labels: the position, text and `text-anchor` of each name.
        credit: the authors of the map, to be named; "" for none.
    """

    width: int
    height: int
    spots: tuple[tuple[float, float, str], ...]
    lines: tuple[str, ...]
    outlines: tuple[str, ...]
    labels: tuple[tuple[float, float, str, str], ...]
    credit: str = ""


class MapMaker(Protocol):
    """Draws the map of a web page."""

    def __call__(self, venues: Sequence[MapVenue], path: Sequence[Sequence[Point]]) -> PageMap | None:
        """Return the map; None if there are too few venues for one."""
        ...
