"""The picture of a day: compared with stored ones, in every script, and without what must not be on it."""

import os
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import pytest
import resvg_py
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.app.ports.pictures import DayPicture, Look, MapVenue
from bot.app.text.day_path import MAP_CREDIT
from bot.pictures.day_map import DayMap
from bot.pictures.fonts import FOLDER, files_of, runs
from bot.pictures.page_map import page_map
from bot.pictures.png import paint
from bot.pictures.svg import COLOURS, HEIGHT, WIDTH, Canvas, draw, width_of
from tests.support.png import read_png

EXPECTED = Path(__file__).parent / "expected"
TOLERANCE = 3.0
"""Of 255: the most that the mean brightness of a square of 20 pixels may differ from the stored picture."""
VENUES = (
    MapVenue("Venetian", (36.121638, -115.169601), (1, 4)),
    MapVenue("Wynn", (36.126613, -115.165352), (2,)),
    MapVenue("Caesars Forum", (36.11837, -115.16628), (3,)),
    MapVenue("MGM Grand", (36.1023, -115.1695), (5,)),
)
PATH = tuple((VENUES[a].at, VENUES[b].at) for a, b in ((0, 1), (1, 2), (2, 0), (0, 3)))
ENTRIES = (
    ("08:30", "Keynote"),
    ("11:00", "日本語のセッション: サーバーレスの設計"),
    ("12:30", "مقدمة في الحوسبة السحابية"),
    ("14:00", "Supercharge your DevOps practice with generative AI, and with a title that is far too long"),
)


def a_day(look: Look = Look.LIGHT, **other: object) -> DayPicture:
    values: dict[str, object] = {
        "title": "Cloud 21",
        "subtitle": "Tuesday, 30 November 2021",
        "figures": (("4", "sessions"), ("4", "venues"), ("12,000", "steps"), ("9 km", "on foot")),
        "venues": VENUES,
        "path": PATH,
        "entries": ENTRIES,
        "look": look,
    }
    return DayPicture(**{**values, **other})  # type: ignore[arg-type]


@pytest.mark.parametrize("look", list(Look))
async def test_the_picture_of_a_day_is_as_stored(look: Look) -> None:
    drawn, stored = await paint(a_day(look)), EXPECTED / f"day-{look}.png"
    if os.environ.get("HALLWAY_UPDATE_GOLDEN"):
        stored.write_bytes(drawn)
    if drawn == stored.read_bytes():
        return
    ours, theirs = read_png(drawn), read_png(stored.read_bytes())
    assert (ours.width, ours.height) == (theirs.width, theirs.height)
    far = [abs(one - other) for one, other in zip(ours.grid(20), theirs.grid(20), strict=True)]
    assert max(far) <= TOLERANCE


@pytest.mark.parametrize(
    "text",
    [
        "Größe",
        "Привет",
        "日本語",
        "简体中文",
        "한국어",
        "مرحبا",
        "עברית",
        "हिन्दी",
        "ไทย",
        "বাংলা",
        "தமிழ்",
        "తెలుగు",
        "ქართული",
        "አማርኛ",
        "ខ្មែរ",
    ],
)
def test_every_script_is_drawn_and_not_left_out(text: str) -> None:
    canvas = Canvas(COLOURS[Look.LIGHT])
    canvas.text((8, 32), text, 24, colour="#000000")
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="240" height="48">{"".join(canvas.parts)}</svg>'
    drawn = resvg_py.svg_to_bytes(
        svg_string=svg, skip_system_fonts=True, font_files=files_of(canvas.fonts), background="#ffffff"
    )
    inked = sum(brightness < 200 for brightness in read_png(bytes(drawn)).grid(8))
    assert inked >= 2 * len(set(text)) / 3


def test_a_mixed_text_is_drawn_part_by_part() -> None:
    assert list(runs("हिन्दी and עברית 日本 🎉!")) == [
        ("Noto Sans Devanagari", "हिन्दी "),
        ("Noto Sans", "and "),
        ("Noto Sans Hebrew", "עברית "),
        ("Noto Sans CJK JP", "日本  "),
        ("Noto Sans", "!"),
    ]


def test_every_font_file_is_there() -> None:
    names = {font for number in range(0x20, 0xFFFF) for font, _ in runs(chr(number))}
    files = files_of(names)
    assert sorted(Path(file).name for file in files) == sorted(path.name for path in FOLDER.glob("Noto*"))


def test_text_is_data() -> None:
    drawn = draw(a_day(title='<script>&"</text><image href="file:///etc/passwd"/>', entries=(("1", "]]>&lt;"),)))
    root = ET.fromstring(drawn.svg)
    tags = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert tags == {"svg", "rect", "path", "circle", "text", "tspan"}
    assert "<script>&" in "".join(root.itertext())


def test_marks_of_direction_do_not_turn_the_picture_around() -> None:
    assert "".join(part for _, part in runs("a\u202eb\u2066c\x00d")) == "abcd"


def test_a_short_day_has_a_low_picture_and_a_long_day_says_what_it_left_out() -> None:
    short = draw(a_day(venues=VENUES[:1], path=(), entries=ENTRIES[:1]))
    assert short.svg.startswith(f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="566"')
    many = tuple((f"{hour:02}:00", f"Session {hour}") for hour in range(24))
    drawn = draw(a_day(entries=many, more=lambda count: f"and {count} more"))
    texts = re.findall(r"<tspan[^>]*>([^<]*)</tspan>", drawn.svg)
    shown = [text for text in texts if text.startswith("Session")]
    assert f"and {24 - len(shown)} more" in texts
    assert f'height="{HEIGHT}"' in drawn.svg


def luminance(colour: str) -> float:
    """Of WCAG 2.2."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("look", list(Look))
def test_every_text_has_contrast_enough(look: Look) -> None:
    colours = COLOURS[look]
    pairs = [
        (colours.text, colours.ground),
        (colours.text, colours.land),
        (colours.text, colours.building),
        (colours.faint, colours.ground),
        (colours.faint, colours.land),
        (colours.path, colours.ground),
        (colours.on_path, colours.path),
    ]
    for one, other in pairs:
        light, dark = sorted((luminance(one), luminance(other)), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5, (one, other)


points = st.tuples(st.floats(-80, 80), st.floats(-180, 180))


@settings(deadline=None)
@given(st.lists(points, min_size=2, max_size=8, unique=True), st.floats(0.0001, 0.05))
def test_everything_is_on_the_map(spread: list[tuple[float, float]], size: float) -> None:
    """Towns anywhere, also where the longitude jumps from 180 to -180."""
    lat, lon = spread[0]
    venues = [
        MapVenue(f"v{n}", (lat + dy * size / 80, (lon + dx * size / 180 + 180) % 360 - 180), (n,))
        for n, (dy, dx) in enumerate(spread)
    ]
    box = (64.0, 300.0, 952.0, 500.0)
    drawn = DayMap.fitted(venues, [], box)
    for spot in drawn.spots:
        assert box[0] <= spot.x <= box[0] + box[2]
        assert box[1] <= spot.y <= box[1] + box[3]
    assert [label.text for label in drawn.labels(lambda text: width_of(text, 27))] == [v.name for v in venues]


def test_a_page_names_the_map_where_an_outline_or_a_routed_line_comes_from_it() -> None:
    straight, routed = [PATH[0]], [(VENUES[0].at, (36.124, -115.168), VENUES[1].at)]
    outlined = [replace(VENUES[0], outline=((36.12, -115.17), (36.122, -115.17), (36.122, -115.168))), VENUES[1]]
    named = [
        made.credit
        for made in (page_map(VENUES, straight), page_map(VENUES, routed), page_map(outlined, straight))
        if made
    ]
    assert named == ["", MAP_CREDIT, MAP_CREDIT]


def test_a_page_has_a_map_as_high_as_its_venues_need_and_marks_that_many_sessions_fit() -> None:
    street = page_map(VENUES, PATH)
    wide = page_map([MapVenue("West", (50.8, 4.30), (1, 2, 3, 5)), MapVenue("East", (50.8, 4.40), (4,))], [])
    assert street
    assert wide
    assert (street.height, wide.height) == (760, 360)
    assert [numbers for _, _, numbers in wide.spots] == ["1-3·5", "4"]
    west, _ = wide.labels
    assert west[2:] == ("West", "start")
    assert west[0] - wide.spots[0][0] > (13 * 5 + 18) / 2, "the name begins beside the mark"
    for made in (street, wide):
        assert all(0 < x < made.width and 0 < y < made.height for x, y, _ in made.spots)
