"""Days and times in a search: `monday`, `3 dec`, `after 14:00`, `between 2 and 4pm`, `at 10`."""

import re
from collections.abc import Callable, Sequence
from datetime import date

from bot.domain.errors import BadInputError
from bot.domain.search_query.plain_words import MIDNIGHT, NOON
from bot.domain.search_query.query import Part, SearchField
from bot.domain.times.time_parsing import read_day, read_time

Found = tuple[tuple[Part, ...], int]
"""Parts, and how many words they were made of."""

AFTER_WORDS = ("after", "from", "since", "past", "later than", "starting at", "starting from", "not before")
BEFORE_WORDS = ("before", "until", "till", "by", "earlier than", "no later than", "not after")
AT_WORDS = ("at", "@", "around", "starting at", "starts at", "begins at")
DAY_CHANGE_HOUR, FIRST_MORNING_HOUR, HOUR, DAY = 4, 7, 60, 24
LONGEST_SPAN = 6
"""Hours between two bare numbers that are taken for times."""
LONGEST_DAY, LONGEST_TIME, LONGEST_RANGE = 4, 2, 7
_ORDINAL = re.compile(r"(\d{1,2})(?:st|nd|rd|th)")
_CLEAR = re.compile(r"\d{1,2}(?:[:h]\d{2}|[:.h]?\d{0,2}\s?[ap]\.?m\.?|h)", re.IGNORECASE)
_SPAN = re.compile(r"([^-–]{1,8})[-–]([^-–]{1,8})")
_NUMERIC = re.compile(r"(\d{1,2})([./])(\d{1,2})\.?")
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEKDAY = re.compile(r"(mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}")
_THIS = {"morning": "morning", "afternoon": "afternoon", "evening": "evening"}


def read_times(words: Sequence[str]) -> Found | None:
    """Return the bounds that the words begin with, and the number of words; None if they begin with no time.

    Args:
        words: folded, without punctuation around them.
    """
    return _range(words) or _bound(words) or _bare(words)


def _range(words: Sequence[str]) -> Found | None:
    """`between 14:00 and 16:00`, `from 2 to 4pm`, `14:00-16:00`, `14:00 to 16:00`."""
    marked = bool(words) and words[0] in ("between", "from")
    first = 1 if marked else 0
    if len(words) > first and (span := _SPAN.fullmatch(words[first])):
        clear = marked or any(map(_CLEAR.fullmatch, span.groups())) or _are_hours(span[1], span[2])
        bounds = _bounds(span[1], span[2]) if clear else None
        return (bounds, first + 1) if bounds else None
    for middle in range(first + 1, min(first + LONGEST_TIME, len(words) - 1) + 1):
        if middle >= len(words) or words[middle] not in ("and", "to", "until", "till", "-", "–"):
            continue
        for last in range(min(middle + LONGEST_TIME, len(words) - 1), middle, -1):
            start, end = " ".join(words[first:middle]), " ".join(words[middle + 1 : last + 1])
            clear = marked or (_CLEAR.fullmatch(start) is not None and words[middle] != "and")
            bounds = _bounds(start, end) if clear else None
            if bounds:
                return bounds, last + 1
    return None


def _are_hours(first: str, last: str) -> bool:
    """Whether both are hours of one part of the day: `9-11`, and not `24-7`."""
    return first.isdecimal() and last.isdecimal() and 0 < int(last) - int(first) <= LONGEST_SPAN and int(last) <= DAY


def _bounds(start: str, end: str) -> tuple[Part, ...] | None:
    half = re.search(r"[ap]m$", end, re.IGNORECASE)
    # In `2-4pm` the first hour is in the same half of the day.
    if half and start.isdecimal() and _minute(f"{start}{half[0]}") is not None:
        same = _minute(f"{start}{half[0]}")
        start = f"{start}{half[0]}" if same is not None and same <= (_minute(end) or 0) else start
    first, last = _minute(start), _minute(end)
    if first is None or last is None or first >= last:
        return None
    return Part(SearchField.AFTER, (str(first),)), Part(SearchField.BEFORE, (str(last),))


def _bound(words: Sequence[str]) -> Found | None:
    """`after 14:00`, `before noon`, `at 10`."""
    for markers, field in (
        (AFTER_WORDS, SearchField.AFTER),
        (BEFORE_WORDS, SearchField.BEFORE),
        (AT_WORDS, SearchField.AT),
    ):
        for marker in markers:
            count = len(marker.split())
            if " ".join(words[:count]) != marker:
                continue
            for length in range(LONGEST_TIME, 0, -1):
                rest = words[count : count + length]
                minute = _minute(" ".join(rest)) if len(rest) == length else None
                if minute is not None:
                    return (Part(field, (str(minute),)),), count + length
    return None


def _bare(words: Sequence[str]) -> Found | None:
    """`14:00`, `2pm`, `2 pm`, `noon`."""
    for length in range(LONGEST_TIME, 0, -1):
        text = " ".join(words[:length])
        if len(words) < length or not (_CLEAR.fullmatch(text) or text in ("noon", "midnight")):
            continue
        minute = _minute(text)
        if minute is not None:
            return (Part(SearchField.AT, (str(minute),)),), length
    return None


def _minute(text: str) -> int | None:
    """The minute of the conference day, which ends at 04:00; an hour from 1 to 6 without am is in the afternoon."""
    if text in ("noon", "12 noon"):
        return NOON
    if text == "midnight":
        return MIDNIGHT
    try:
        wall = read_time(text.replace(".m", "m").replace("m.", "m").removesuffix(" uhr").rstrip("h"))
    except BadInputError:
        return None
    hour = wall.hour
    if 1 <= hour < FIRST_MORNING_HOUR and not text.startswith("0") and "m" not in text:
        hour += 12
    minute = hour * HOUR + wall.minute
    return minute if hour >= DAY_CHANGE_HOUR else minute + MIDNIGHT


def read_days(words: Sequence[str], today: date, days: Sequence[date]) -> Found | None:
    """Return the day that the words begin with, perhaps with its part: `tonight`, `this morning`, `3 dec`."""
    if len(words) > 1 and words[0] == "this" and words[1] in _THIS:
        return (_day(today), Part(SearchField.DAYTIME, (_THIS[words[1]],))), 2
    if words and words[0] == "tonight":
        return (_day(today), Part(SearchField.DAYTIME, ("evening",))), 1
    if words and words[0] == "weekend":
        weekend = tuple(day.isoformat() for day in days if day.weekday() >= _WEEKDAYS.index("saturday"))
        return ((Part(SearchField.DAY, weekend),), 1) if weekend else None
    for length in range(min(LONGEST_DAY, len(words)), 0, -1):
        day = _read_day(" ".join(words[:length]), today, days)
        if day:
            return (_day(day),), length
    return None


def _read_day(text: str, today: date, days: Sequence[date]) -> date | None:
    typed = _ORDINAL.sub(r"\1", text).replace(" of ", " ").removeprefix("the ")
    if typed in ("first day", "last day") and days:
        return days[0] if typed == "first day" else days[-1]
    single = typed.removesuffix("'s")
    if " " not in single and single.isalpha():
        return _named_day(single, today, days)
    if match := _NUMERIC.fullmatch(typed):
        return _numeric_day(int(match[1]), int(match[3]), match[2], days)
    return _tried(lambda: read_day(_without_year(typed, days), today, days)) if any(map(str.isdigit, typed)) else None


def _named_day(word: str, today: date, days: Sequence[date]) -> date | None:
    """A weekday, in the plural or shortened too, or `today`; a short form only of a day that the conference has."""
    if word in ("today", "tomorrow", "yesterday"):
        return _tried(lambda: read_day(word, today, days))
    match = _WEEKDAY.fullmatch(word)
    weekday = next((name for name in _WEEKDAYS if match and name.startswith(word.removesuffix("s"))), None)
    weekday = weekday or {"tues": "tuesday", "weds": "wednesday", "thurs": "thursday"}.get(word)
    if weekday is None or (word.removesuffix("s") != weekday and not _has(weekday, days)):
        return None
    return _tried(lambda: read_day(weekday, today, days))


def _has(weekday: str, days: Sequence[date]) -> bool:
    return any(day.weekday() == _WEEKDAYS.index(weekday) for day in days)


def _numeric_day(first: int, second: int, sign: str, days: Sequence[date]) -> date | None:
    """`3.12.` and `12/3`: one of the conference's days, whichever number is the month."""
    found = [day for day in days if (day.day, day.month) == (first, second)]
    if not found and sign == "/":
        found = [day for day in days if (day.month, day.day) == (first, second)]
    return found[0] if found else None


def _without_year(typed: str, days: Sequence[date]) -> str:
    words = typed.split()
    years = {str(day.year) for day in days}
    return " ".join(words[:-1]) if len(words) > 2 and words[-1] in years else typed  # noqa: PLR2004 — 3 dec 2024


def _tried(read: Callable[[], date]) -> date | None:
    try:
        return read()
    except BadInputError:
        return None


def _day(day: date) -> Part:
    return Part(SearchField.DAY, (day.isoformat(),))
