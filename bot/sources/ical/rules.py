"""Recurrence rules (RRULE): which of them are expanded, and the cost of that."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import MAXYEAR, datetime, time, timedelta, tzinfo
from math import ceil
from typing import TYPE_CHECKING

from bot.domain.phrases import phrase
from bot.sources.ical.properties import read_stamp
from bot.sources.timestamps import LAST_YEAR

if TYPE_CHECKING:
    from dateutil.rrule import rrule

CYCLE = 7_600
"""Years by which rules are moved while they are followed.

The calendar, with its weekdays, repeats every 400 years. The library looks for the next time until the year 9999: for a
rule without any, such as 30 February, that takes 8 s from 2026 and 0.4 s from 9626.
"""
LAST_TIME = datetime(2350, 12, 31, 23, 59, 59)  # noqa: DTZ001 — a clock time
"""An UNTIL behind this is replaced by it; 7,600 years later there must still be a calendar."""
LONGEST_RULE = 1_000
MOST_INTERVAL = 1_000
MOST_TIMES_A_DAY = 24
BUDGET = 500_000
"""Steps of all rules of a file together: 1.5 s."""
_STEPS = {"YEARLY": (1, 20), "MONTHLY": (12, 3), "WEEKLY": (53, 2), "DAILY": (366, 1), "HOURLY": (366 * 24, 1)}
"""Periods in a year, and the cost of one compared with a day (measured)."""
_TIMES = frozenset(["FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYHOUR", "BYMINUTE", "BYSECOND"])
"""These cannot leave a rule without any time."""
_PARTS = _TIMES | frozenset(["BYDAY", "BYMONTH", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYSETPOS"])
_MONTHS = {str(month) for month in range(1, 13)}
WEEKS_OF_EVERY_MONTH = 4


class RuleError(ValueError):
    """The reason why a rule is not expanded; the text is for people."""


@dataclass(slots=True)
class ExpansionBudget:
    """Steps that the rules of one file may still take."""

    steps_left: int = BUDGET

    def spend(self, steps: int) -> None:
        """Use up `steps`; raises `RuleError` if there are fewer left."""
        if steps > self.steps_left:
            raise RuleError("to follow its rule would take too long")
        self.steps_left -= steps


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that starts at the clock time `starts`.

    Attributes:
        text: the rule with UNTIL as a clock time.
        sure: whether it certainly has a time in every few periods.
        a_day: the largest number of times a day, on average.
        most: the largest number of times in total, or None.
        until: the end, or None.
    """

    starts: datetime
    text: str
    frequency: str
    interval: int
    sure: bool
    a_day: float
    most: int | None = None
    until: datetime | None = None

    @property
    def limited(self) -> bool:
        """Whether the rule states its own end."""
        return self.most is not None or self.until is not None

    def times(self, days: int) -> int:
        """Return the largest number of times that the rule has on this many days."""
        if self.until is not None:
            days = min(days, (self.until - self.starts).days + 1)
        times = ceil(days * self.a_day)
        return times if self.most is None else min(times, self.most)

    def cost(self, until: datetime) -> int:
        """The steps to expand the rule up to `until`, or to the end of the calendar if it may have no time at all."""
        a_year, weight = _STEPS[self.frequency]
        last = until.year if self.sure else MAXYEAR - CYCLE
        return max(1, last - self.starts.year + 1) * a_year * weight // self.interval


def read_rule(text: str, starts: datetime, zone: tzinfo | None) -> Rule:
    """Read a rule of an event that starts at the clock time `starts` of `zone`; raises `RuleError`."""
    parts = _parts(text)
    frequency, interval = parts.get("FREQ", ""), _integer(parts.get("INTERVAL", "1"))
    if frequency in ("SECONDLY", "MINUTELY"):
        raise RuleError("it would repeat every minute or more often")
    if frequency not in _STEPS or not 1 <= interval <= MOST_INTERVAL:
        raise RuleError("its rule cannot be read")
    most = _integer(parts["COUNT"]) if "COUNT" in parts else None
    if most is not None and most < 1:
        # Some programs write -1 for no end.
        parts.pop("COUNT")
        most = None
    until = None
    if "UNTIL" in parts:
        until = min(_until(parts["UNTIL"], zone), LAST_TIME)
        if until < starts:
            raise RuleError("its rule ends before it starts")
        parts["UNTIL"] = until.strftime("%Y%m%dT%H%M%S")
    if _times_a_day(parts) > MOST_TIMES_A_DAY:
        raise RuleError(
            phrase("it would repeat more than {most_times_a_day} times a day", most_times_a_day=MOST_TIMES_A_DAY)
        )
    weekdays = min(7, parts.get("BYDAY", "").count(",") + 1)
    return Rule(
        starts,
        ";".join(f"{name}={value}" for name, value in parts.items()),
        frequency,
        interval,
        sure=_always_recurs(parts, interval),
        a_day=_times_a_day(parts) * (1 if frequency in ("DAILY", "HOURLY") else weekdays / 7),
        most=most,
        until=until,
    )


def _parts(text: str) -> dict[str, str]:
    if len(text) > LONGEST_RULE:
        raise RuleError("its rule is too long")
    named = (part.partition("=") for part in text.upper().replace(" ", "").split(";") if part)
    parts = {name: value for name, _, value in named}
    if not parts.keys() <= _PARTS or not all(parts.values()):
        raise RuleError("its rule cannot be read")
    return parts


def _integer(text: str) -> int:
    """Return a whole number, which may be negative; raises `RuleError`."""
    if not text.removeprefix("-").isdecimal() or len(text) > len("999999999"):
        raise RuleError("its rule cannot be read")
    return int(text)


def _until(text: str, zone: tzinfo | None) -> datetime:
    """Return the last possible clock time; a date counts as a whole."""
    stamp = read_stamp(text)
    if stamp is None:
        raise RuleError("its rule cannot be read")
    if not isinstance(stamp, datetime):
        return datetime.combine(stamp, time(23, 59, 59))
    if stamp.tzinfo is not None and zone is not None and 1 < stamp.year <= LAST_YEAR:
        stamp = stamp.astimezone(zone)
    return stamp.replace(tzinfo=None)


def _times_a_day(parts: dict[str, str]) -> int:
    times = 24 if parts["FREQ"] == "HOURLY" else parts.get("BYHOUR", "").count(",") + 1
    for name in ("BYMINUTE", "BYSECOND"):
        times *= parts.get(name, "").count(",") + 1
    return times


def _always_recurs(parts: dict[str, str], interval: int) -> bool:
    """Whether the rule has a time in every few periods, for any numbers."""
    narrowing = parts.keys() - _TIMES
    if not narrowing:
        return parts["FREQ"] != "HOURLY" or not parts.keys() & {"BYHOUR", "BYMINUTE", "BYSECOND"}
    days = parts.get("BYDAY", "").split(",")
    numbered = [day[:-2].lstrip("+-") for day in days if day[:-2]]
    months = parts.get("BYMONTH", "1").split(",") if parts["FREQ"] == "YEARLY" else ["0"] * ("BYMONTH" in parts)
    if narrowing - {"BYMONTH"} != {"BYDAY"} or not all(month in _MONTHS for month in months):
        return False
    if parts["FREQ"] in ("MONTHLY", "YEARLY"):
        return all(number.isdecimal() and 1 <= int(number[:3]) <= WEEKS_OF_EVERY_MONTH for number in numbered)
    return not numbered and (parts["FREQ"] == "WEEKLY" or (parts["FREQ"] == "DAILY" and interval == 1))


def shifted(moment: datetime) -> datetime:
    """Return the same day of the year in the years in which rules are expanded."""
    return moment.replace(year=moment.year + CYCLE)


def unshifted(moment: datetime) -> datetime:
    """Return the day in its original year."""
    return moment.replace(year=moment.year - CYCLE)


def shifted_text(rule: Rule) -> str:
    """Return the text of the rule with its UNTIL moved."""
    head, name, rest = rule.text.partition("UNTIL=")
    return f"{head}{name}{int(rest[:4]) + CYCLE}{rest[4:]}" if name else head


def times_between(rule: Rule, begins: datetime, ends: datetime) -> list[datetime]:
    """Return the clock times of a rule from `begins` to `ends`; raises `RuleError` if the library rejects it."""
    with _rejections():
        return [unshifted(at) for at in _followed(rule).between(shifted(begins), shifted(ends), inc=True)]


def ends_within(rule: Rule, span: timedelta) -> bool:
    """Whether the rule has an end, and its last time is at most `span` after its first; raises `RuleError`."""
    with _rejections():
        return rule.limited and _followed(rule).after(shifted(rule.starts + span)) is None


@contextmanager
def _rejections() -> Iterator[None]:
    """Translate what the library raises, at the latest while it follows the rule."""
    try:
        yield
    except (ValueError, TypeError, LookupError, ArithmeticError) as error:
        raise RuleError("its rule cannot be read") from error


def _followed(rule: Rule) -> "rrule":
    from dateutil.rrule import rrule, rrulestr  # noqa: PLC0415 — most calendars have no rule

    followed = rrulestr(shifted_text(rule), dtstart=shifted(rule.starts))
    assert isinstance(followed, rrule)
    return followed
