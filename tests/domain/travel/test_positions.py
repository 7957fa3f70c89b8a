"""Coordinates and links of maps as people paste them."""

import pytest

from bot.domain.errors import BadInputError
from bot.domain.travel.positions import Position, read_position

VENETIAN = Position(36.1215, -115.1739)


@pytest.mark.parametrize(
    "text",
    [
        "36.1215, -115.1739",
        "36.1215,-115.1739",
        " 36.1215  -115.1739 ",
        "36.1215; -115.1739",
        "36.1215° N, 115.1739° W",
        "115.1739W, 36.1215N",
        "geo:36.1215,-115.1739",
        "geo:36.1215,-115.1739;u=35",
        "geo:36.1215,-115.1739?z=19",
        "https://www.openstreetmap.org/#map=19/36.1215/-115.1739",
        "https://www.openstreetmap.org/?mlat=36.1215&mlon=-115.1739#map=16/36.2/-115.2",
        "https://www.google.com/maps/place/The+Venetian/@36.2,-115.2,17z/data=!3m1!4b1!4m6!3m5!1s0x80c8!8m2!3d36.1215!4d-115.1739!16s",
        "https://www.google.com/maps/@36.1215,-115.1739,17z",
        "https://www.google.co.uk/maps/search/36.1215,+-115.1739?entry=tts",
        "https://maps.google.com/?q=36.1215,-115.1739",
        "https://maps.google.com/maps?q=loc:36.1215,-115.1739",
        "https://www.google.com/maps/search/?api=1&query=36.1215%2C-115.1739",
        "https://www.google.com/maps/dir/?api=1&destination=36.1215,-115.1739",
        "https://maps.apple.com/?ll=36.1215,-115.1739&q=The%20Venetian",
        "https://maps.apple.com/?q=Hotel&sll=36.1215,-115.1739",
        "https://maps.apple.com/place?coordinate=36.1215,-115.1739&name=Hotel",
    ],
)
def test_a_position_is_read_however_it_is_given(text: str) -> None:
    assert read_position(text) == VENETIAN


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("36°07'17.4\"N 115°10'26.0\"W", Position(36.1215, -115.173889)),
        ("50°48′49″N, 4°22′56″E", Position(50.813611, 4.382222)),
        ("-33.8, 151", Position(-33.8, 151.0)),
    ],
)
def test_minutes_and_seconds_count(text: str, position: Position) -> None:
    assert read_position(text) == position


@pytest.mark.parametrize("text", ["Venetian", "25 min from the Venetian", "Hotel 36", "36.1", "1, 2, 3", ""])
def test_what_is_no_position_is_none(text: str) -> None:
    assert read_position(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "https://maps.app.goo.gl/AbC123",
        "https://goo.gl/maps/AbC123",
        "https://maps.apple/p/AbC123",
        "https://osm.org/go/0EEQjE--",
        "https://www.openstreetmap.org/node/123",
        "https://www.google.com/maps/place/The+Venetian",
    ],
)
def test_a_link_that_would_have_to_be_opened_gets_one_sentence(text: str) -> None:
    with pytest.raises(BadInputError) as refused:
        read_position(text)
    assert str(refused.value) == (
        "This link does not say where it leads, and I open no links. Open it, and send me the long address of the map."
    )


@pytest.mark.parametrize(
    "text",
    [
        "https://example.org/?ll=36.1,-115.1",
        "https://[bad",
        "http://x:99999/",
        "https://openstreetmap.org.evil.example/",
        "https://google.evil.example/",
    ],
)
def test_other_links_are_refused(text: str) -> None:
    with pytest.raises(BadInputError, match="I read links of OpenStreetMap, Google Maps and Apple Maps only"):
        read_position(text)


@pytest.mark.parametrize("text", ["91, 0", "-115.1739, 36.1215", "geo:0,181"])
def test_what_is_not_on_the_earth_is_refused(text: str) -> None:
    with pytest.raises(BadInputError, match="is no place on the earth: latitude comes first"):
        read_position(text)
