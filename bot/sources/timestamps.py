"""Dates, clock times, timestamps and durations as schedules write them, with plausibility checks."""

import re
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from bot.domain.phrases import phrase

FIRST_YEAR, LAST_YEAR = 1990, 2100
LONGEST = timedelta(days=14)
PAST_MIDNIGHT = timedelta(hours=6)
"""An end before the start is on the next day if the session then lasts at most this long."""
DAY = timedelta(days=1)
LONGEST_CLOCK = 100
"""The most characters of a time of day."""
_LATE = re.compile(r"(2[4-9]):([0-5]\d)(?::00(?:\.0+)?)?")
_LENGTH = re.compile(r"(?:(\d{1,3}):)?(\d{1,4}):(\d{2})")
_ISO_LENGTH = re.compile(
    r"P(?:(\d{1,3})D)?(?:T(?:(\d{1,4})H)?(?:(\d{1,5})M)?(?:(\d{1,6})(?:\.\d+)?S)?)?", re.IGNORECASE
)
_WORDS = re.compile(
    r"(?:(\d{1,3}(?:\.\d+)?)\s*h(?:ours?|rs?)?\.?)?\s*(?:(\d{1,4})\s*m(?:in(?:ute)?s?)?\.?)?", re.IGNORECASE
)
_DATE_TIME = re.compile(r"\d{4}-\d{2}-\d{2}[T ]+\d.*", re.IGNORECASE | re.DOTALL)
_ISO_LATE = re.compile(r"(\d{4}-\d{2}-\d{2})[T ]+24(:00(?::00(?:\.0++)?+)?+)(.*+)", re.IGNORECASE)
_EPOCH = re.compile(r"(\d{9,10}|\d{12,13})(?:\.0*)?")
MILLISECONDS = 100_000_000_000
"""Epoch values from here on are milliseconds: seconds stay below it until the year 5138."""


def read_date(text: str) -> date:
    """Read 2021-11-29, ignoring what follows; raises ValueError."""
    return date.fromisoformat(text.strip()[:10])


@lru_cache(maxsize=1024)
def read_clock(text: str) -> timedelta:
    """Read 13:05, 13:05:00, 1:05 PM, or 24:00 to 29:59 (night) as time since midnight; raises ValueError."""
    if len(text) > LONGEST_CLOCK:
        raise ValueError("longer than any time of day")
    typed = text.strip().upper().replace(".", "")
    if late := _LATE.fullmatch(typed):
        return timedelta(hours=int(late[1]), minutes=int(late[2]))
    for form in ("%H:%M", "%H:%M:%S", "%I:%M %p", "%I:%M%p", "%I:%M:%S %p", "%I %p", "%I%p"):
        try:
            read = datetime.strptime(typed, form)  # noqa: DTZ007 — a wall time has no zone
        except ValueError:
            continue
        return timedelta(hours=read.hour, minutes=read.minute, seconds=read.second)
    message = phrase("{text} is not a time of day", text=repr(text))
    raise ValueError(message)


def is_moment(text: str) -> bool:
    """Whether the text is a timestamp: ISO, or seconds or milliseconds since 1970."""
    return bool(_DATE_TIME.fullmatch(text.strip()) or _EPOCH.fullmatch(text.strip()))


def read_moment(text: str) -> datetime:
    """Read 2021-11-29T13:05-08:00 (T or space, offset optional) or an epoch value; raises ValueError."""
    typed = text.strip()
    if epoch := _EPOCH.fullmatch(typed):
        number = int(epoch[1])
        return datetime.fromtimestamp(number / 1000 if number >= MILLISECONDS else number, UTC)
    if late := _ISO_LATE.fullmatch(typed):
        day = _naive_at_the_limits(datetime.fromisoformat(f"{late[1]}T00{late[2]}{late[3]}"))
        return day + DAY if day.year <= LAST_YEAR else day
    return _naive_at_the_limits(datetime.fromisoformat(typed))


def _naive_at_the_limits(moment: datetime) -> datetime:
    """Make the first and last years of the calendar naive, because zone arithmetic overflows there."""
    if not date.min.year + 1 <= moment.year < date.max.year:
        return moment.replace(tzinfo=None, hour=12)
    return moment


def combine(day: date, clock: timedelta) -> datetime:
    """Return the wall time on `day`; raises ValueError at the end of the calendar."""
    try:
        return datetime.combine(day, time()) + clock
    except OverflowError as error:
        message = phrase("{day} is the last day there is", day=day)
        raise ValueError(message) from error


def read_length(text: str) -> timedelta:
    """Read 00:30 (hours first), 1:05:00, 45 (minutes), PT45M or 1h 30min; raises ValueError."""
    typed = text.strip()
    if match := _LENGTH.fullmatch(typed):
        first, second, third = (int(part) if part else 0 for part in match.groups())
        clock = (second, third, 0) if match[1] is None else (first, second, third)
        return timedelta(hours=clock[0], minutes=clock[1], seconds=clock[2])
    if (iso := _ISO_LENGTH.fullmatch(typed)) and any(iso.groups()):
        days, hours, minutes, seconds = (int(part or 0) for part in iso.groups())
        return timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
    if (words := _WORDS.fullmatch(typed)) and any(words.groups()):
        return timedelta(hours=float(words[1] or 0), minutes=int(words[2] or 0))
    try:
        return timedelta(minutes=float(typed))
    except (OverflowError, ValueError) as error:
        message = phrase("{text} is not a length of time", text=repr(text))
        raise ValueError(message) from error


def lasting(starts: datetime, ends: datetime) -> tuple[timedelta, bool]:
    """Return the duration, and whether the end was assumed to be past midnight.

    If only one of the two times has an offset, both are compared as wall times.
    """
    if (starts.tzinfo is None) != (ends.tzinfo is None):
        starts, ends = starts.replace(tzinfo=None), ends.replace(tzinfo=None)
    length = ends - starts
    if length < timedelta() and length + DAY <= PAST_MIDNIGHT:
        return length + DAY, True
    return length, False


def time_problem(starts: datetime, length: timedelta) -> str:
    """Return what is implausible about a time; "" if nothing."""
    if not FIRST_YEAR <= starts.year <= LAST_YEAR:
        return phrase("is in the year {year}", year=starts.year)
    if length < timedelta():
        return "ends before it starts"
    return f"lasts {length.days} days" if length > LONGEST else ""
