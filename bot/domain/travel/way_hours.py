"""The days and hours on which a way runs, as people write them: `Mon-Fri`, `07:00-19:00`."""

import re
from collections.abc import Collection
from datetime import time

from bot.domain.errors import BadInputError

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_SEPARATORS = re.compile(r"[\s,+;&]+")
_HOURS = re.compile(r"(\d{1,2}):(\d{2}) ?[-\u2013] ?(\d{1,2}):(\d{2})")
LONGEST = 60
"""Characters of days or hours."""


def read_days(text: str) -> frozenset[int]:
    """Read `Mon-Fri`, `Sat,Sun` or `Monday`: weekdays, Monday 0. A range may go past Sunday.

    Raises:
        BadInputError: it is nothing of that kind.
    """
    days: set[int] = set()
    for part in filter(None, _SEPARATORS.split(text.strip()[:LONGEST].replace("\u2013", "-"))):
        first, _, last = part.partition("-")
        start, end = _day(first), _day(last or first)
        days.update((start + step) % 7 for step in range((end - start) % 7 + 1))
    if not days:
        raise BadInputError("Write days such as Mon-Fri or Sat,Sun.")
    return frozenset(days)


def days_text(days: Collection[int]) -> str:
    """Write weekdays so that `read_days` reads them: neighbours as one range, `Mon-Wed,Fri`."""
    parts: list[str] = []
    for day in sorted(days):
        if day - 1 in days:
            parts[-1] = f"{parts[-1].partition('-')[0]}-{DAYS[day]}"
        else:
            parts.append(DAYS[day])
    return ",".join(parts)


def read_hours(text: str) -> tuple[time, time]:
    """Read `07:00-19:00`; an end before the start is after midnight.

    Raises:
        BadInputError: it is nothing of that kind.
    """
    match = _HOURS.fullmatch(text.strip()[:LONGEST])
    if match is None:
        raise BadInputError("Write hours such as 07:00-19:00.")
    return _time(match[1], match[2]), _time(match[3], match[4])


def hours_text(hours: tuple[time, time]) -> str:
    """Write hours so that `read_hours` reads them."""
    return f"{hours[0]:%H:%M}-{hours[1]:%H:%M}"


def _day(text: str) -> int:
    names = [day for day, name in enumerate(DAYS) if text[:3].casefold() == name.casefold()]
    if not names:
        raise BadInputError("Write days such as Mon-Fri or Sat,Sun.")
    return names[0]


def _time(hour: str, minute: str) -> time:
    hours, minutes = int(hour), int(minute)
    if hours == 24 and minutes == 0:  # noqa: PLR2004 — the end of the day
        return time()
    try:
        return time(hours, minutes)
    except ValueError:
        raise BadInputError("Write hours such as 07:00-19:00.") from None
