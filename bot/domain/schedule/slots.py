"""The time of a session as organizers type it: `14:00`, `14:00-15:30`, `tue 2pm to 3pm`, `2021-11-30 14:00`."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from bot.domain.errors import BadInputError
from bot.domain.schedule.session import Session
from bot.domain.times.time_parsing import iso_day, read_day, read_time
from bot.domain.times.zones import DAY_CHANGE, resolve_wall

LONGEST = 60
"""Characters that are read."""
_CLOCK = r"\d{1,2}(?:[:.h]\d{2})?\s?(?:am|pm)?"
_SLOT = re.compile(rf"(?P<start>{_CLOCK})(?:\s?(?:-|–|\bto\b)\s?(?P<end>{_CLOCK}))?", re.IGNORECASE)
_EXACT = re.compile(r"(?P<start>\d{4}-\d{2}-\d{2}T\d{2}:\d{2})Z/(?P<end>\d{2}:\d{2})Z")


def read_slot(text: str, session: Session, days: Sequence[date], zone: tzinfo) -> tuple[datetime, datetime]:
    """Return the start and the end of a typed time.

    Without a day it is on the session's day, and without an end the session stays as long as it is. An end before the
    start is on the next day. `2021-11-30T22:00Z/23:00Z` is exact, in UTC.

    Raises:
        BadInputError: it is no time.
    """
    typed = " ".join(text[:LONGEST].split())
    if exact := _EXACT.fullmatch(typed):
        starts, last = _utc(exact["start"]), read_time(exact["end"])
        return starts, _after(starts, datetime.combine(starts.date(), last, UTC))
    day, match = _split(typed)
    if match is None:
        raise _no_time(typed)
    wall = _wall(day, read_time(match["start"]), session, days, zone)
    starts, _ = resolve_wall(wall, zone)
    if not match["end"]:
        return starts, starts + session.length
    until = datetime.combine(wall.date(), read_time(match["end"]))
    return starts, resolve_wall(_after(wall, until), zone)[0]


def _split(typed: str) -> tuple[str, re.Match[str] | None]:
    """Return the day, which may have several words, and the match of the time after it: the longest one."""
    words = typed.split(" ")
    for first in range(len(words)):
        if match := _SLOT.fullmatch(" ".join(words[first:])):
            return " ".join(words[:first]), match
    return "", None


def _wall(day: str | None, clock: time, session: Session, days: Sequence[date], zone: tzinfo) -> datetime:
    """Return the wall time; before 04:00 it is in the night after the conference day."""
    try:
        return datetime.combine(iso_day(day or ""), clock)
    except BadInputError:
        pass
    today = session.day(zone)
    on = read_day(day, today, days) if day else today
    late = timedelta(hours=clock.hour, minutes=clock.minute) < DAY_CHANGE
    return datetime.combine(on + timedelta(days=1) if late else on, clock)


def _after(starts: datetime, ends: datetime) -> datetime:
    return ends if ends > starts else ends + timedelta(days=1)


def _utc(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=UTC)
    except ValueError:
        raise _no_time(text) from None


def _no_time(text: str) -> BadInputError:
    return BadInputError("{text} is not a time: type one such as 14:00, 14:00-15:00 or tue 14:00.", text=repr(text))
