"""Non-ISO dates (12/2/24, 24.12.2026, Monday, Dec 2, 2026) and time spans (9:00 - 10:00 AM)."""

import re
from collections.abc import Iterable
from datetime import date, datetime, time

from bot.sources.timestamps import read_clock

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
CENTURY = 2000
_NAME = r"[A-Za-z]{3,9}"
_DAY = rf"(?:{_NAME}\.?,?\s++)?"
_REST = r"(?:,?\s++(?:at\s++)?(.++))?"
_NUMBERS = re.compile(rf"{_DAY}(\d{{1,2}})([/.-])(\d{{1,2}})\2(\d{{4}}|\d{{2}}){_REST}")
_YEAR_FIRST = re.compile(rf"{_DAY}(\d{{4}})([/.])(\d{{1,2}})\2(\d{{1,2}}){_REST}")
_MONTH_NAMED = re.compile(rf"{_DAY}({_NAME})\.?\s++(\d{{1,2}})(?:st|nd|rd|th)?,?\s++(\d{{4}}){_REST}")
_DAY_NUMBERED = re.compile(rf"{_DAY}(\d{{1,2}})(?:st|nd|rd|th|\.)?[\s-]++({_NAME})\.?,?[\s-]++(\d{{4}}|\d{{2}}){_REST}")

_UNTIL = re.compile(r"[-\u2013\u2014]|\bto\b")
LONGEST = 100
"""The most characters of a date or time."""
_HALF = re.compile(r"[ap]\.?m\.?$", re.IGNORECASE)


def span(text: str) -> tuple[str, str]:
    """Split a cell into start and end; the whole text and "" if it holds one time."""
    begins, ends = _halves(text)
    if not ends:
        return text, ""
    half = _HALF.search(ends)
    # `11:00 - 1:00 PM` begins in the morning, `1:00 - 2:00 PM` does not.
    halves = (half[0], "AM", "PM") if half and not _HALF.search(begins) else ("",)
    for mark in halves:
        try:
            if mark and read_clock(f"{begins} {mark}") > read_clock(ends):
                continue
            read_clock(f"{begins} {mark}"), read_clock(ends)
        except ValueError:
            return text, ""
        return f"{begins} {mark}".strip(), ends
    # Past midnight.
    return f"{begins} PM", ends


def _halves(text: str) -> tuple[str, str]:
    """Split at the first dash or "to" between two numbers."""
    for match in _UNTIL.finditer(text) if len(text) <= LONGEST else ():
        begins, ends = text[: match.start()].rstrip(), text[match.end() :].lstrip()
        if ends[:1].isdecimal() and any(map(str.isdecimal, begins)):
            return begins, ends
    return text, ""


def month_first(texts: Iterable[str]) -> bool:
    """Whether 12/2/24 means the second of December in these texts.

    A number above 12 decides for all. Without one, the order that puts the dates closer together is used.
    """
    numbers = {
        (_year(match[4]), int(match[1]), int(match[3]))
        for match in (_NUMBERS.fullmatch(text[: LONGEST + 1]) for text in texts)
        if match and match[2] != "."
    }
    american = [day for year, first, second in numbers if (day := _day(year, first, second))]
    european = [day for year, first, second in numbers if (day := _day(year, second, first))]
    if len(american) != len(european):
        return len(american) > len(european)
    return not american or max(american) - min(american) <= max(european) - min(european)


def in_iso(text: str, *, month_first: bool) -> str:
    """Convert a date, with an optional time, to ISO; other text is returned unchanged."""
    if len(text) > LONGEST:
        return text
    if match := _NUMBERS.fullmatch(text):
        first, second = int(match[1]), int(match[3])
        month, day = (first, second) if month_first and match[2] != "." else (second, first)
        return _written(_day(_year(match[4]), month, day), match[5]) or text
    if match := _YEAR_FIRST.fullmatch(text):
        return _written(_day(int(match[1]), int(match[3]), int(match[4])), match[5]) or text
    if match := _MONTH_NAMED.fullmatch(text):
        return _written(_day(int(match[3]), _month(match[1]), int(match[2])), match[4]) or text
    if match := _DAY_NUMBERED.fullmatch(text):
        return _written(_day(_year(match[3]), _month(match[2]), int(match[1])), match[4]) or text
    return text


def _written(day: date | None, clock: str | None) -> str:
    if day is None or clock is None:
        return str(day or "")
    try:
        return (datetime.combine(day, time()) + read_clock(clock)).isoformat()
    except ValueError:
        return ""


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _month(name: str) -> int:
    """Return the number of a month name; 0 for any other word."""
    short = name[:3].casefold()
    return MONTHS.index(short) + 1 if short in MONTHS else 0


def _year(digits: str) -> int:
    return int(digits) if len(digits) > len("24") else CENTURY + int(digits)
