"""A typed span of time with words around it."""

import re
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import BadInputError
from bot.domain.times.hour_format import HourFormat
from bot.domain.times.span_parsing import Span, read_span
from tests.builders import at, schedule

MADE = schedule()
H12, H24 = HourFormat.H12, HourFormat.H24


def read(text: str, hours: HourFormat = H24, now: datetime | None = None) -> Span:
    return read_span(text, now or at(8), MADE.days, MADE.conference.tz, hours)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("12:00-13:00 lunch", Span(at(12), at(13), "", "lunch")),
        ("12-13 lunch", Span(at(12), at(13), "", "lunch")),
        ("12.00 – 13.30", Span(at(12), at(13, 30))),
        ("1pm to 2pm coffee with Ana at Wynn", Span(at(13), at(14), "", "coffee with Ana at Wynn")),
        ("from 1 to 2 pm", Span(at(13), at(14))),
        ("between 11 and 1pm call", Span(at(11), at(13), "", "call")),
        ("11am-1 call", Span(at(11), at(13), "", "call")),
        ("noon-1pm lunch", Span(at(12), at(13), "", "lunch")),
        ("9 a.m. to 10 a.m.", Span(at(9), at(10))),
        ("tomorrow 18:00-19:00", Span(at(18, 0, 30), at(19, 0, 30))),
        ("on tuesday, 18:00-19:00 dinner", Span(at(18, 0, 30), at(19, 0, 30), "", "dinner")),
        ("tue 18:00-19:00", Span(at(18, 0, 30), at(19, 0, 30))),
        ("30 nov 18:00-19:00", Span(at(18, 0, 30), at(19, 0, 30))),
        ("2021-11-30 18:00-19:00 dinner", Span(at(18, 0, 30), at(19, 0, 30), "", "dinner")),
        ("18:00-19:00 tomorrow dinner", Span(at(18, 0, 30), at(19, 0, 30), "", "dinner")),
        ("18:00-19:00 on day 2 dinner", Span(at(18, 0, 30), at(19, 0, 30), "", "dinner")),
        ("lunch 12:00-13:00", Span(at(12), at(13), "lunch")),
        ("dinner tomorrow 18:00-19:00", Span(at(18, 0, 30), at(19, 0, 30), "dinner")),
        ("12:00-13:00 sun and 1 martini", Span(at(12), at(13), "", "sun and 1 martini")),
        ("22:00-01:00 party", Span(at(22), at(1, 0, 30), "", "party")),
        ("07:00-07:30 run", Span(at(7, 0, 30), at(7, 30, 30), "", "run")),
        ("7:30-8:30 breakfast", Span(at(7, 30), at(8, 30), "", "breakfast")),
    ],
)
def test_what_is_typed_is_understood(typed: str, expected: Span) -> None:
    assert read(typed) == expected


@pytest.mark.parametrize(
    ("typed", "first", "last"),
    [("1-2", 13, 14), ("9-10", 9, 10), ("11-1", 11, 13), ("12-1", 12, 13), ("13-14", 13, 14), ("6-7", 18, 19)],
)
def test_a_bare_hour_is_of_the_day_on_a_clock_of_12_hours(typed: str, first: int, last: int) -> None:
    found = read(typed, H12)
    assert (found.starts_at, found.ends_at) == (at(first), at(last))


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("lunch", "When? Type a time"),
        ("12:00 lunch", "When? Type a time"),
        ("25:00-26:00", "is not a time of day"),
        ("13pm-14", "is not a time of day"),
        ("12:60-13:00", "is not a time of day"),
        ("14:00-13:00", "The end has to come after the start"),
        ("12:00-12:00", "The end has to come after the start"),
        ("yesterday 12:00-13:00", "is over already"),
        ("2021-11-28 12:00-13:00", "is over already"),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(typed: str, sentence: str) -> None:
    with pytest.raises(BadInputError, match=re.escape(sentence)):
        read(typed)


def test_before_the_conference_the_day_is_asked_for() -> None:
    with pytest.raises(BadInputError, match="Which day"):
        read("12:00-13:00 lunch", now=at(8, day=20))
    assert read("monday 12:00-13:00 lunch", now=at(8, day=20)).starts_at == at(12)


@given(st.text(max_size=80), st.sampled_from(HourFormat))
def test_any_text_is_read_or_refused(text: str, hours: HourFormat) -> None:
    try:
        found = read(text, hours)
    except BadInputError:
        return
    assert at(8) < found.ends_at
    assert found.starts_at < found.ends_at


@given(st.integers(8, 22), st.integers(0, 59), st.integers(1, 59), st.sampled_from(HourFormat))
def test_a_full_time_is_read_as_it_stands(hour: int, minute: int, more: int, hours: HourFormat) -> None:
    starts = at(hour, minute)
    ends = at(hour + (minute + more) // 60, (minute + more) % 60)
    written = f"{hour:02}:{minute:02}-{hour + (minute + more) // 60:02}:{(minute + more) % 60:02}"
    is_24 = hours is H24 or hour > 12
    if is_24:
        assert read(written, hours, now=at(7)) == Span(starts, ends)
