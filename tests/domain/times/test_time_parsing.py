"""How people type days, times and durations."""

from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import BadInputError
from bot.domain.times.time_parsing import iso_day, read_day, read_duration, read_quiet_hours, read_time, read_until
from bot.domain.times.zones import QuietHours

MONDAY = date(2021, 11, 29)
DAYS = tuple(MONDAY + timedelta(days=n) for n in range(5))


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("45m", 45), ("1h30", 90), ("2 hours", 120), ("90", 90), ("1d", 1440), ("1h 5min", 65), ("0", 0), ("2H", 120)],
)
def test_durations(text: str, minutes: int) -> None:
    assert read_duration(text) == timedelta(minutes=minutes)


@pytest.mark.parametrize("text", ["", "soon", "-5m", "1h30h", "99999", "1.5h", "40d"])
def test_what_is_no_duration(text: str) -> None:
    with pytest.raises(BadInputError, match="is not a duration"):
        read_duration(text)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("13:05", time(13, 5)),
        ("9", time(9)),
        ("9.30", time(9, 30)),
        ("2pm", time(14)),
        ("12am", time(0)),
        ("12 PM", time(12)),
    ],
)
def test_times(text: str, moment: time) -> None:
    assert read_time(text) == moment


@pytest.mark.parametrize("text", ["", "25:00", "13pm", "0am", "9:60", "noon"])
def test_what_is_no_time(text: str) -> None:
    with pytest.raises(BadInputError, match="is not a time of day"):
        read_time(text)


@pytest.mark.parametrize("text", ["22:00-07:00", "10pm to 7am", "22 – 7"])
def test_quiet_hours(text: str) -> None:
    assert read_quiet_hours(text) == QuietHours(time(22), time(7))


def test_what_are_no_quiet_hours() -> None:
    with pytest.raises(BadInputError, match="are not quiet hours"):
        read_quiet_hours("night")


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        ("today", 1),
        ("tomorrow", 2),
        ("yesterday", 0),
        ("wed", 2),
        ("Monday", 0),
        ("day 3", 2),
        ("30 nov", 1),
        ("Dec 3", 4),
        ("2021-12-01", 2),
        ("29. November", 0),
    ],
)
def test_days(text: str, offset: int) -> None:
    assert read_day(text, MONDAY + timedelta(days=1), DAYS) == MONDAY + timedelta(days=offset)


def test_days_outside_the_conference() -> None:
    assert read_day("sunday", MONDAY, DAYS) == MONDAY + timedelta(days=6)
    assert read_day("24 dec", MONDAY, DAYS) == date(2021, 12, 24)


@pytest.mark.parametrize("text", ["", "mo", "day 9", "31 nov", "someday", "2021-13-01"])
def test_what_is_no_day(text: str) -> None:
    with pytest.raises(BadInputError, match="is not a day"):
        read_day(text, MONDAY, DAYS)
    with pytest.raises(BadInputError):
        iso_day(text)


@given(st.text(max_size=40))
def test_nothing_that_is_typed_breaks_the_grammar(text: str) -> None:
    for read in (read_duration, read_time, read_quiet_hours, lambda words: read_day(words, MONDAY, DAYS)):
        with suppress(BadInputError):
            read(text)


LATE = datetime(2021, 11, 29, 22, 0, tzinfo=UTC)
"""Monday 14:00 in Las Vegas."""


@pytest.mark.parametrize(
    ("typed", "wall"),
    [
        ("45m", "2021-11-29T14:45"),
        ("1 day", "2021-11-30T14:00"),
        ("18", "2021-11-29T18:00"),
        ("14:00", "2021-11-30T14:00"),
        ("9 am", "2021-11-30T09:00"),
        ("tonight", "2021-11-30T04:00"),
        ("today 15:30", "2021-11-29T15:30"),
        ("wed", "2021-12-02T04:00"),
        ("30 nov 6 pm", "2021-11-30T18:00"),
        ("day 2 9", "2021-11-30T09:00"),
        ("2021-11-30", "2021-12-01T04:00"),
        ("2021-11-30 08:15", "2021-11-30T08:15"),
        ("2021-11-30T08:15+01:00", "2021-11-29T23:15"),
    ],
)
def test_a_moment_to_come_is_read_in_the_zone_of_the_conference(typed: str, wall: str) -> None:
    zone = ZoneInfo("America/Los_Angeles")
    expected = datetime.fromisoformat(wall).replace(tzinfo=zone)
    assert read_until(typed, LATE, DAYS, zone) == expected


@pytest.mark.parametrize(
    "typed",
    ["", "soon", "tuesday soon", "90", "25:00", "9999-12-31", "0001-01-01T00:00", "yesterday", "today 9:00", "0m"],
)
def test_no_moment_to_come(typed: str) -> None:
    with pytest.raises(BadInputError, match=r"is not a moment|is over already"):
        read_until(typed, LATE, DAYS, ZoneInfo("America/Los_Angeles"))


@given(st.text(max_size=40))
def test_any_words_are_a_moment_to_come_or_a_sentence(typed: str) -> None:
    with suppress(BadInputError):
        assert read_until(typed, LATE, DAYS, ZoneInfo("America/Los_Angeles")) > LATE
