"""Parsing of typed days, times and durations."""

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta, tzinfo
from typing import TypeVar

from bot.domain.errors import BadInputError
from bot.domain.times.zones import QuietHours, day_bounds, day_of, resolve_wall

T = TypeVar("T")

LONGEST = timedelta(days=31)
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NEAR = {"yesterday": -1, "today": 0, "tonight": 0, "tomorrow": 1}
_SHORTEST_NAME = 3
_DURATION = re.compile(
    r"(?:(?P<days>\d{1,3})\s*+d(?:ays?)?)?\s*+(?:(?P<hours>\d{1,3})\s*+h(?:ours?|rs?)?)?\s*+"
    r"(?:(?P<minutes>\d{1,5})\s*+(?:m(?:in(?:ute)?s?)?)?)?",
    re.IGNORECASE,
)
_UNTIL = re.compile(r"[-–]|\bto\b")
_TIME = re.compile(r"(\d{1,2})(?:[:.h](\d{2}))?\s*(am|pm)?", re.IGNORECASE)
_NUMBERED_DAY = re.compile(r"day\s*(\d{1,2})")
_DAY_OF_MONTH = re.compile(r"(?P<day>\d{1,2})\.?\s+(?P<month>[a-z]{3,20})|(?P<month2>[a-z]{3,20})\s+(?P<day2>\d{1,2})")


def read_duration(text: str) -> timedelta:
    """`45m`, `1h30`, `2 hours`, `90`: a number alone is minutes. At most 31 days."""
    match = _DURATION.fullmatch(text.strip())
    if match and any(match.groups()):
        total = timedelta(**{unit: int(count or 0) for unit, count in match.groupdict().items()})
        if total <= LONGEST:
            return total
    raise BadInputError("{text} is not a duration: type one such as 45m, 1h30 or 2h.", text=repr(text))


def read_time(text: str) -> time:
    """`13:05`, `9`, `9.30`, `2pm`."""
    match = _TIME.fullmatch(text.strip())
    if match:
        hour, minute, half = int(match[1]), int(match[2] or 0), (match[3] or "").lower()
        if half and 1 <= hour <= 12:  # noqa: PLR2004 — a clock face
            hour = hour % 12 + (12 if half == "pm" else 0)
        if hour < 24 and minute < 60 and (not half or 1 <= int(match[1]) <= 12):  # noqa: PLR2004 — a day
            return time(hour, minute)
    raise BadInputError("{text} is not a time of day: type one such as 13:05 or 2pm.", text=repr(text))


def read_quiet_hours(text: str) -> QuietHours:
    """`22:00-07:00`, `10pm to 7am`."""
    parts = _UNTIL.split(text)
    if len(parts) == 2:  # noqa: PLR2004 — from and to
        return QuietHours(read_time(parts[0]), read_time(parts[1]))
    raise BadInputError("{text} are not quiet hours: type them such as 22:00-07:00.", text=repr(text))


def read_day(text: str, today: date, days: Sequence[date]) -> date:
    """`today`, `tomorrow`, `tue`, `day 2`, `30 nov`, `2021-11-30`.

    A weekday is the conference's next one from `today`, else its last; a month's day is in the conference's year.
    """
    typed = text.strip().casefold()
    day = _iso(typed) or _near(typed, today) or _numbered(typed, days) or _of_month(typed, today, days)
    day = day or _weekday(typed, today, days)
    if day:
        return day
    raise BadInputError("{text} is not a day: type one such as today, tuesday, day 2 or 2021-11-30.", text=repr(text))


def read_until(text: str, now: datetime, days: Sequence[date], zone: tzinfo) -> datetime:
    """The end of something, later than `now`: `2h`, `18:00` (the next one), `tuesday 18:00`, `tuesday` (all of it).

    An ISO time is taken too, in `zone` where it has no offset.
    """
    words = text.split()
    try:
        moment = _iso_moment(text.strip(), zone) or _from_now(text, now) or _next_time(text, now, zone)
        moment = moment or _on_a_day(words, day_of(now, zone), days, zone)
    except OverflowError:
        moment = None
    if moment is None:
        raise BadInputError(
            "{text} is not a moment: type one such as 18:00, tuesday, tuesday 18:00 or 2h.", text=repr(text)
        )
    if moment <= now:
        raise BadInputError("{text} is over already: type a moment to come.", text=repr(text))
    return moment


def _iso_moment(text: str, zone: tzinfo) -> datetime | None:
    if ":" not in text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else resolve_wall(moment, zone)[0]


def _from_now(text: str, now: datetime) -> datetime | None:
    """Parse a duration from now; a bare number is an hour of the day instead."""
    span = _tried(read_duration, text) if not text.strip().isdecimal() else None
    return now + span if span else None


def _next_time(text: str, now: datetime, zone: tzinfo) -> datetime | None:
    wall = _tried(read_time, text)
    if wall is None:
        return None
    today = now.astimezone(zone).date()
    moments = (resolve_wall(datetime.combine(today + timedelta(days=n), wall), zone)[0] for n in range(3))
    return next(moment for moment in moments if moment > now)


def _on_a_day(words: Sequence[str], today: date, days: Sequence[date], zone: tzinfo) -> datetime | None:
    if whole := _tried(read_day, " ".join(words), today, days):
        return day_bounds(whole, zone)[1]
    for number in range(1, len(words)):
        day = _tried(read_day, " ".join(words[:number]), today, days)
        wall = _tried(read_time, " ".join(words[number:]))
        if day and wall is not None:
            return resolve_wall(datetime.combine(day, wall), zone)[0]
    return None


def _tried(read: Callable[..., T], *given: object) -> T | None:
    try:
        return read(*given)
    except BadInputError:
        return None


def iso_day(text: str) -> date:
    """2021-11-30; raises `BadInputError` for anything else."""
    if day := _iso(text):
        return day
    raise BadInputError("{text} is not a day: type one such as 2021-11-30.", text=repr(text))


def _iso(typed: str) -> date | None:
    if typed.count("-") != len("--"):
        return None
    try:
        return datetime.strptime(typed, "%Y-%m-%d").date()  # noqa: DTZ007 — a day has no zone
    except ValueError:
        return None


def _near(typed: str, today: date) -> date | None:
    return today + timedelta(days=_NEAR[typed]) if typed in _NEAR else None


def _numbered(typed: str, days: Sequence[date]) -> date | None:
    match = _NUMBERED_DAY.fullmatch(typed)
    return days[int(match[1]) - 1] if match and 1 <= int(match[1]) <= len(days) else None


def _of_month(typed: str, today: date, days: Sequence[date]) -> date | None:
    match = _DAY_OF_MONTH.fullmatch(typed)
    month = (match["month"] or match["month2"])[:3] if match else ""
    if not match or month not in _MONTHS:
        return None
    number = int(match["day"] or match["day2"])
    of_conference = [day for day in days if (day.month, day.day) == (_MONTHS.index(month) + 1, number)]
    try:
        return of_conference[0] if of_conference else date(today.year, _MONTHS.index(month) + 1, number)
    except ValueError:
        return None


def _weekday(typed: str, today: date, days: Sequence[date]) -> date | None:
    names = [name for name in _WEEKDAYS if len(typed) >= _SHORTEST_NAME and name.startswith(typed)]
    if not names:
        return None
    number = _WEEKDAYS.index(names[0])
    of_conference = [day for day in days if day.weekday() == number]
    coming = [day for day in of_conference if day >= today]
    if of_conference:
        return coming[0] if coming else of_conference[-1]
    return today + timedelta(days=(number - today.weekday()) % 7)
