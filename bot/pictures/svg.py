"""The picture of a day as SVG: title, figures, the way over the map, and what was attended."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final
from unicodedata import bidirectional, east_asian_width
from xml.sax.saxutils import escape

from bot.app.ports.pictures import DayPicture, Look
from bot.pictures.day_map import DayMap
from bot.pictures.fonts import WESTERN, runs

WIDTH, HEIGHT, MARGIN = 1080, 1350, 64
"""Pixels; 4:5 is the tallest that LinkedIn, Instagram and Bluesky show whole. A short day has a lower picture."""
LOWEST: Final = 566
TITLE_LINES = 2
FIGURES = 4
ENTRY_HEIGHT = 48
TALLEST_MAP, LOWEST_MAP = 560, 380
ELLIPSIS: Final = "…"


@dataclass(frozen=True, slots=True)
class Colours:
    """The colours of a light or dark picture; texts have a contrast of at least 4.5 (WCAG 2.2, 1.4.3)."""

    ground: str
    land: str
    building: str
    edge: str
    text: str
    faint: str
    path: str
    on_path: str


COLOURS: Final = {
    Look.LIGHT: Colours("#ffffff", "#f1f4f9", "#d7deea", "#b3bfd2", "#141b2d", "#56617a", "#3b4fd6", "#ffffff"),
    Look.DARK: Colours("#12161f", "#1b212e", "#2e384c", "#46546f", "#f2f5fb", "#a3afc6", "#93a5ff", "#12161f"),
}


@dataclass(frozen=True, slots=True)
class Drawing:
    """An SVG document and the fonts that it uses."""

    svg: str
    fonts: frozenset[str]


@dataclass(slots=True)
class Canvas:
    """Collects the elements of a picture, and the fonts of its texts."""

    colours: Colours
    parts: list[str] = field(default_factory=list)
    fonts: set[str] = field(default_factory=lambda: {WESTERN})

    def add(self, element: str) -> None:
        """Add an SVG element."""
        self.parts.append(element)

    def text(self, at: tuple[float, float], text: str, size: float, *, colour: str, bold: bool = False,
             anchor: str = "start", halo: str = "") -> None:  # fmt: skip
        """Add a line of text. It is data: escaped, and each script in its own font.

        Args:
            at: the left end of the base line, its middle or its right end, as `anchor` says.
            halo: a colour around the letters, so that they can be read on lines.
        """
        spans = []
        for font, run in runs(text):
            self.fonts.add(font)
            spans.append(f'<tspan font-family="{font}">{escape(run)}</tspan>')
        weight = ' font-weight="700"' if bold else ""
        outline = f' stroke="{halo}" stroke-width="8" stroke-linejoin="round" paint-order="stroke"' if halo else ""
        place = f'x="{at[0]:.1f}" y="{at[1]:.1f}" font-size="{size:g}" text-anchor="{anchor}"'
        self.add(f'<text {place} fill="{colour}"{weight}{outline} xml:space="preserve">{"".join(spans)}</text>')


def draw(picture: DayPicture) -> Drawing:
    """Draw a picture as SVG, and return the fonts that it uses."""
    colours = COLOURS[picture.look]
    canvas = Canvas(colours)
    y = _head(canvas, picture)
    y = _figures(canvas, picture.figures[:FIGURES], y)
    y = _map(canvas, picture, y)
    height = max(_entries(canvas, picture, y) + MARGIN - ENTRY_HEIGHT, LOWEST)
    size = f'width="{WIDTH}" height="{height:.0f}" viewBox="0 0 {WIDTH} {height:.0f}"'
    ground = f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{colours.ground}"/>'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{ground}{"".join(canvas.parts)}</svg>'
    return Drawing(svg, frozenset(canvas.fonts))


def _head(canvas: Canvas, picture: DayPicture) -> float:
    y = MARGIN + 36.0
    right = _is_right_to_left(picture.title)
    x, anchor = (WIDTH - MARGIN, "start") if right else (MARGIN, "start")
    for line in wrapped(picture.title, 52, WIDTH - 2 * MARGIN, TITLE_LINES):
        canvas.text((x, y), line, 52, colour=canvas.colours.text, bold=True, anchor="end" if right else anchor)
        y += 62
    canvas.text((MARGIN, y - 12), picture.subtitle, 30, colour=canvas.colours.faint)
    return y + 24


def _figures(canvas: Canvas, figures: Sequence[tuple[str, str]], y: float) -> float:
    if not figures:
        return y
    column = (WIDTH - 2 * MARGIN) / len(figures)
    for place, (number, name) in enumerate(figures):
        x = MARGIN + place * column
        canvas.text((x, y + 58), number, 64, colour=canvas.colours.path, bold=True)
        canvas.text((x, y + 96), shortened(name, 28, column - 16), 28, colour=canvas.colours.faint)
    return y + 128


def _map(canvas: Canvas, picture: DayPicture, y: float) -> float:
    """The map, as high as the way is long from north to south and the entries leave room for."""
    if len(picture.venues) < 2:  # noqa: PLR2004 — one place is no way
        return y
    room = HEIGHT - MARGIN - y - ENTRY_HEIGHT * min(len(picture.entries) + 1, 9)
    height = min(max(room, LOWEST_MAP), TALLEST_MAP)
    box = (MARGIN, y, WIDTH - 2 * MARGIN, height)
    canvas.add(
        f'<rect x="{box[0]}" y="{box[1]:.1f}" width="{box[2]}" height="{height:.1f}" rx="24" '
        f'fill="{canvas.colours.land}"/>'
    )
    day_map = DayMap.fitted(picture.venues, picture.path, box)
    colours = canvas.colours
    for outline in day_map.outlines:
        shape = f'stroke="{colours.edge}" stroke-width="2" stroke-linejoin="round"'
        canvas.add(f'<path d="{_line(outline)}Z" fill="{colours.building}" {shape}/>')
    for line in day_map.lines:
        stroke = 'stroke-width="7" stroke-linecap="round" stroke-linejoin="round" stroke-opacity="0.85"'
        canvas.add(f'<path d="{_line(line)}" fill="none" stroke="{colours.path}" {stroke}/>')
    for spot in day_map.spots:
        canvas.add(f'<circle cx="{spot.x:.1f}" cy="{spot.y:.1f}" r="21" fill="{colours.path}"/>')
        numbers = "·".join(str(number) for number in spot.numbers)
        size = 26 if len(numbers) == 1 else 20 if len(numbers) <= 3 else 15  # noqa: PLR2004 — what fits the circle
        canvas.text((spot.x, spot.y + size * 0.36), numbers, size, colour=colours.on_path, bold=True, anchor="middle")
    for label in day_map.labels(lambda text: width_of(text, 27)):
        at = (label.x, label.y)
        canvas.text(at, label.text, 27, colour=colours.text, bold=True, anchor=label.anchor, halo=colours.land)
    bar, words = day_map.scale
    x1, y1 = box[0] + box[2] - 28, box[1] + height - 26
    canvas.add(
        f'<path d="M{x1 - bar:.1f} {y1:.1f}H{x1:.1f}" stroke="{colours.faint}" stroke-width="4" '
        'stroke-linecap="round"/>'
    )
    canvas.text((x1, y1 - 12), words, 20, colour=colours.faint, anchor="end", halo=colours.land)
    if picture.credit:
        canvas.text((box[0] + 24, y1 + 4), picture.credit, 18, colour=colours.faint, halo=colours.land)
    return y + height + 24


def _entries(canvas: Canvas, picture: DayPicture, y: float) -> float:
    """Draw what fits, and return where the next line would be."""
    fits = int((HEIGHT - MARGIN + 12 - y) // ENTRY_HEIGHT)
    entries = picture.entries if len(picture.entries) <= fits else picture.entries[: fits - 1]
    times = max((width_of(time, 27, bold=True) for time, _ in entries), default=0.0)
    y += 30
    for time, title in entries:
        canvas.text((MARGIN, y), time, 27, colour=canvas.colours.path, bold=True)
        x = MARGIN + times + 22
        canvas.text((x, y), shortened(title, 27, WIDTH - MARGIN - x), 27, colour=canvas.colours.text)
        y += ENTRY_HEIGHT
    if rest := len(picture.entries) - len(entries):
        canvas.text((MARGIN, y), picture.more(rest), 27, colour=canvas.colours.faint)
        y += ENTRY_HEIGHT
    return y


def _line(points: Iterable[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)


def width_of(text: str, size: float, *, bold: bool = False) -> float:
    """Return the approximate width of a text in pixels, rather too large than too small."""
    return size * sum(_em(character) for character in text) * (1.06 if bold else 1.0)


def _em(character: str) -> float:
    if east_asian_width(character) in "WF":
        return 1.0
    if character in " .,:;'|!iljtfI()[]-·":
        return 0.36
    return 0.9 if character in "mwMW@%" else 0.68 if character.isupper() else 0.59


def shortened(text: str, size: float, width: float, *, bold: bool = False) -> str:
    """Cut a text so that it fits into a width."""
    text = " ".join(text.split())
    if width_of(text, size, bold=bold) <= width:
        return text
    while text and width_of(text + ELLIPSIS, size, bold=bold) > width:
        text = text[:-1]
    return text.rstrip() + ELLIPSIS


def wrapped(text: str, size: float, width: float, most: int) -> list[str]:
    """Divide a bold text into at most `most` lines; the last one is cut."""
    words, lines = text.split(), [""]
    for place, word in enumerate(words):
        longer = f"{lines[-1]} {word}".strip()
        if not lines[-1] or width_of(longer, size, bold=True) <= width:
            lines[-1] = longer
        elif len(lines) < most:
            lines.append(word)
        else:
            lines[-1] = " ".join((lines[-1], *words[place:]))
            break
    return [shortened(line, size, width, bold=True) for line in lines]


def _is_right_to_left(text: str) -> bool:
    """Whether the first letter that has a direction runs from right to left."""
    return next(
        (way in ("R", "AL") for character in text if (way := bidirectional(character)) in ("L", "R", "AL")), False
    )
