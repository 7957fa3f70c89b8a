"""Time zones that a calendar file defines itself (VTIMEZONE)."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone, tzinfo

from typing_extensions import override

from bot.sources.ical.properties import Property, first_property, read_offset, read_stamp, split_properties, values
from bot.sources.ical.rules import ExpansionBudget, read_rule, times_between
from bot.sources.timestamps import FIRST_YEAR, LAST_YEAR

MOST_PARTS = 200
"""Maximum number of STANDARD and DAYLIGHT parts. Real files list each change since 1900, about 150."""
MOST_LINES = 4_000
_PART = ("STANDARD", "DAYLIGHT")
BEGINS, ENDS = datetime(FIRST_YEAR - 1, 1, 1), datetime(LAST_YEAR + 1, 12, 31)  # noqa: DTZ001 — clock times


class ZoneDefinitionError(ValueError):
    """A definition that cannot be read."""


@dataclass(frozen=True, order=True, slots=True)
class Onset:
    """A change of the clocks: at this clock time, in the offset before it, the offset `after` begins."""

    at: datetime
    before: timedelta
    after: timedelta

    @property
    def instant(self) -> datetime:
        """The instant of the change, as a clock time of UTC."""
        return self.at - self.before


class DefinedZone(tzinfo):
    """A zone with these changes of the clocks, in order; before the first change, the earlier offset is used."""

    def __init__(self, name: str, onsets: Sequence[Onset]) -> None:
        self.name, self._onsets = name, onsets
        self._instants = [onset.instant for onset in onsets]
        # As zoneinfo does it: in a gap and where clock times exist twice, `fold` chooses the offset.
        self._walls = tuple(
            sorted(onset.instant + choice(onset.before, onset.after) for onset in onsets) for choice in (max, min)
        )

    @override
    def utcoffset(self, dt: datetime | None, /) -> timedelta:
        if dt is None:
            return self._onsets[-1].after
        return self._at(bisect_right(self._walls[dt.fold], dt.replace(tzinfo=None, fold=0)))

    @override
    def fromutc(self, dt: datetime, /) -> datetime:
        number = bisect_right(self._instants, dt.replace(tzinfo=None))
        offset = self._at(number)
        local = dt + offset
        is_repeated = number > 0 and local.replace(tzinfo=None) < self._onsets[number - 1].at
        return local.replace(fold=int(is_repeated))

    @override
    def dst(self, dt: datetime | None, /) -> timedelta:
        return timedelta()

    @override
    def tzname(self, dt: datetime | None, /) -> str:
        return self.name

    @override
    def __str__(self) -> str:
        return self.name

    def _at(self, number: int) -> timedelta:
        """Return the offset after `number` changes."""
        return self._onsets[number - 1].after if number else self._onsets[0].before

    @property
    def first(self) -> datetime:
        """The clock time of the first definition."""
        return self._onsets[0].at


def read_zone(name: str, lines: Sequence[str], budget: ExpansionBudget) -> DefinedZone:
    """Read the lines of a VTIMEZONE; raises `ZoneDefinitionError`."""
    if len(lines) > MOST_LINES:
        raise ZoneDefinitionError("it is too long")
    parts = list(_parts(lines))
    if not parts or len(parts) > MOST_PARTS:
        raise ZoneDefinitionError("it has no STANDARD part" if not parts else "it has too many parts")
    try:
        return DefinedZone(name, sorted({onset for part in parts for onset in _onsets(part, budget)}))
    except (ValueError, ArithmeticError) as error:
        raise ZoneDefinitionError("it cannot be read") from error


def _parts(lines: Sequence[str]) -> Iterator[Mapping[str, Sequence[Property]]]:
    part: list[str] = []
    for line in lines:
        word = line.strip().upper()
        if word in [f"BEGIN:{name}" for name in _PART]:
            part = [line]
        elif part:
            part.append(line)
            if word in [f"END:{name}" for name in _PART]:
                yield split_properties("\r\n".join(part))[1]
                part = []


def _onsets(part: Mapping[str, Sequence[Property]], budget: ExpansionBudget) -> Iterator[Onset]:
    """Yield the changes of one part; raises ValueError."""
    before, after = (_offset(part, name) for name in ("TZOFFSETFROM", "TZOFFSETTO"))
    start = first_property(part, "DTSTART")
    begins = read_stamp(start.value) if start else None
    if not isinstance(begins, datetime):
        raise ZoneDefinitionError("a part has no DTSTART")
    begins = begins.replace(tzinfo=None)
    yield Onset(begins, before, after)
    for extra in values(part, "RDATE"):
        at = read_stamp(extra.value)
        if isinstance(at, datetime):
            yield Onset(at.replace(tzinfo=None) + (before if at.tzinfo else timedelta()), before, after)
    for repeated in part.get("RRULE", ()):
        rule = read_rule(repeated.value, begins, timezone(before))
        if rule.interval == 1 and "COUNT" not in rule.text:
            # Outlook's rules begin in 1601.
            rule = replace(rule, starts=begins.replace(year=max(begins.year, BEGINS.year)))
        if rule.frequency != "YEARLY":
            raise ZoneDefinitionError("its clocks do not change yearly")
        budget.spend(rule.cost(ENDS))
        for at in times_between(rule, max(BEGINS, begins), ENDS):
            yield Onset(at, before, after)


def _offset(part: Mapping[str, Sequence[Property]], name: str) -> timedelta:
    stated = first_property(part, name)
    return read_offset(stated.value if stated else "").utcoffset(None)
