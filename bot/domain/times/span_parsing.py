"""A typed span of time with words around it: `12:00-13:00 lunch`, `tomorrow 1pm to 2pm coffee with Ana`."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from bot.domain.errors import BadInputError
from bot.domain.times.hour_format import HourFormat
from bot.domain.times.time_parsing import read_day
from bot.domain.times.zones import resolve_wall

LONGEST, LONGEST_NIGHT = timedelta(hours=16), timedelta(hours=8)
"""The longest span, and the longest one that passes midnight: a longer one has its times in the wrong order."""
NOON, MORNING = 12, 7
"""On a clock of 12 hours, a bare number from 7 to 11 is in the morning, and any other after noon."""
MOST_WORDS_OF_DAY = 3
WHOLE_DAYS = frozenset(
    "today tonight tomorrow monday tuesday wednesday thursday friday saturday sunday".split()  # noqa: SIM905 — readable
)
"""A day that is a single word beside others; "sun" or "1 mar" may be a part of a title there."""
_TIME = r"(?:noon|midnight|\d{1,2}(?:[:.h]\d{2})?(?:\s?[ap]\.?m(?![a-z])\.?)?)"
_SPAN = re.compile(
    rf"(?:\b(?:from|between)\s{{1,3}})?(?<![\w:./-])(?P<first>{_TIME})\s{{0,3}}(?:-|–|—|to\b|until\b|till\b|and\b)\s{{0,3}}"
    rf"(?P<last>{_TIME})(?![\w:-])",
    re.IGNORECASE,
)
_CLOCK = re.compile(r"(?P<hour>\d{1,2})(?:[:.h](?P<minute>\d{2}))?\s?(?P<half>[ap]m)?", re.IGNORECASE)
_WORDS = {"noon": (12, 0, "pm"), "midnight": (12, 0, "am")}
_Clock = tuple[int, int, str]
"""Hour, minute, and am, pm or "" where nothing was typed."""


@dataclass(frozen=True, slots=True)
class Span:
    """A span in UTC, with the words before and after it, without those of its day."""

    starts_at: datetime
    ends_at: datetime
    before: str = ""
    after: str = ""


def read_span(text: str, now: datetime, days: Sequence[date], zone: tzinfo, hours: HourFormat) -> Span:
    """Read a span of time and what stands around it.

    Without a day it is the next one from `now` on, on a day of the conference.

    Args:
        text: at most a few hundred characters.
        now: the span must end after it.
        days: of the conference.
        zone: of the conference.
        hours: the clock of the person: on one of 12 hours, `1-2` is after noon.

    Raises:
        BadInputError: there is no span, its times are no times of day or in the wrong order, or it is over.
    """
    match = _SPAN.search(text)
    if match is None:
        raise BadInputError("When? Type a time such as 12:00-13:00, or tomorrow 1pm to 2pm.")
    start, end = _clocks(_clock(match["first"]), _clock(match["last"]), hours)
    day, before, after = _day_of(text[: match.start()], text[match.end() :], now.astimezone(zone).date(), days)
    starts_at, ends_at = _instants(start, end, day or _next_day(start, end, now, days, zone), zone)
    if ends_at <= now:
        raise BadInputError("{text} is over already: type a time to come.", text=repr(match[0]))
    return Span(starts_at, ends_at, before, after)


def _clock(typed: str) -> _Clock:
    word = typed.casefold().replace(".m", "m").removesuffix(".")
    if word in _WORDS:
        return _WORDS[word]
    match = _CLOCK.fullmatch(word)
    hour, minute, half = (int(match["hour"]), int(match["minute"] or 0), match["half"] or "") if match else (99, 0, "")
    if hour > 23 or minute > 59 or (half and not 1 <= hour <= NOON):  # noqa: PLR2004 — a day
        raise BadInputError("{text} is not a time of day: type one such as 13:05 or 2pm.", text=repr(typed))
    return hour, minute, half


def _clocks(first: _Clock, last: _Clock, hours: HourFormat) -> tuple[time, time]:
    """Both times of day; a half of the day that was left out follows from the other time, or from the clock."""
    is_bare = not first[2] and not last[2]
    if is_bare and hours is HourFormat.H12 and _is_of_12(first) and _is_of_12(last):
        first = (first[0], first[1], "am" if MORNING <= first[0] < NOON else "pm")
    if is_bare and hours is HourFormat.H24 and _is_of_12(first) and _is_of_12(last) and _time(last) < _time(first):
        # `12 to 1` is at noon, and `9 to 5` a day of work, on any clock.
        last = (last[0], last[1], "pm")
    if last[2] and not first[2] and _is_of_12(first):
        first = _beside(first, last[2], lambda start: start < _time(last))
    if first[2] and not last[2] and _is_of_12(last):
        last = _beside(last, first[2], lambda end: end > _time(first))
    return _time(first), _time(last)


def _beside(clock: _Clock, half: str, fits: Callable[[time], bool]) -> _Clock:
    near, other = (clock[0], clock[1], half), (clock[0], clock[1], "am" if half == "pm" else "pm")
    return near if fits(_time(near)) else other


def _is_of_12(clock: _Clock) -> bool:
    return 1 <= clock[0] <= NOON


def _time(clock: _Clock) -> time:
    hour, minute, half = clock
    return time(hour % NOON + (NOON if half == "pm" else 0), minute) if half else time(hour, minute)


def _instants(start: time, end: time, day: date, zone: tzinfo) -> tuple[datetime, datetime]:
    night = end <= start
    starts_at = resolve_wall(datetime.combine(day, start), zone)[0]
    ends_at = resolve_wall(datetime.combine(day + timedelta(days=night), end), zone)[0]
    if not timedelta() < ends_at - starts_at <= (LONGEST_NIGHT if night else LONGEST):
        raise BadInputError("The end has to come after the start: type them such as 12:00-13:00, at most 16 hours.")
    return starts_at, ends_at


def _next_day(start: time, end: time, now: datetime, days: Sequence[date], zone: tzinfo) -> date:
    """Today, or tomorrow if the span is over today; a day must be named before and after the conference."""
    today = now.astimezone(zone).date()
    if days and not days[0] <= today <= days[-1]:
        example = f"{days[0]:%A}".lower()
        raise BadInputError("Which day? Type it first, such as {day} 12:00-13:00.", day=example)
    is_over = _instants(start, end, today, zone)[1] <= now
    return today + timedelta(days=1) if is_over and (not days or today < days[-1]) else today


def _day_of(before: str, after: str, today: date, days: Sequence[date]) -> tuple[date | None, str, str]:
    """The day that stands before or after the times, and the other words."""
    words = before.replace(",", " ").split()
    words = words[:-1] if words and words[-1].casefold() == "on" else words
    if day := _read(words[1:] if words and words[0].casefold() == "on" else words, today, days):
        return day, "", after.strip()
    for part in (1, 2):
        if len(words) > part and (day := _clearly(words[-part:], today, days)):
            return day, " ".join(words[:-part]).removesuffix(" on"), after.strip()
    rest = after.split()
    skip = 1 if rest and rest[0].casefold() == "on" else 0
    for part in (1, 2):
        if day := _clearly(rest[skip : skip + part], today, days):
            return day, " ".join(words), " ".join(rest[skip + part :])
    return None, before.strip(), after.strip()


def _clearly(words: Sequence[str], today: date, days: Sequence[date]) -> date | None:
    """A day beside other words: only one that cannot be a part of a title."""
    text = " ".join(words).casefold()
    is_clear = text in WHOLE_DAYS or text.startswith("day ") or text.count("-") == len("--")
    return _read(words, today, days) if is_clear else None


def _read(words: Sequence[str], today: date, days: Sequence[date]) -> date | None:
    if not 0 < len(words) <= MOST_WORDS_OF_DAY:
        return None
    try:
        return read_day(" ".join(words), today, days)
    except BadInputError:
        return None
