"""How long a platform may ask Hallway to wait."""

import math

import pytest

from bot.domain.nudges.retry import bounded_pause, pause_asked

ASKED = {
    "0": 0,
    "0.3": 0.3,
    "7": 7,
    " 7 ": 7,
    "899": 899,
    "901": 900,
    "1000000000": 900,
    "9" * 17: 900,
    "9" * 400: 900,
    "9" * 8_000: 900,
    "1e999": 900,
    "inf": 900,
    "-5": 30,
    "-inf": 30,
    "nan": 30,
    "": 30,
    "soon": 30,
    "Mon, 29 Nov 2021 09:05:00 GMT": 30,
    "\ud83d": 30,
    "7\x00": 30,
}


@pytest.mark.parametrize(("text", "seconds"), ASKED.items(), ids=range(len(ASKED)))
def test_a_pause_that_a_header_asks_for_is_bounded(text: str, seconds: float) -> None:
    assert pause_asked(text, 30) == seconds


def test_a_number_of_seconds_is_bounded() -> None:
    assert [bounded_pause(seconds) for seconds in (-1, 5, 1e17, math.inf, -math.inf, math.nan)] == [
        0,
        5,
        900,
        900,
        0,
        900,
    ]
