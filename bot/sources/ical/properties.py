"""The properties of one event that hold times and rules, as text and as times."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone

from bot.domain.phrases import phrase
from bot.sources.timestamps import combine

READ_HERE = frozenset(
    {"DTSTART", "DTEND", "RECURRENCE-ID", "RDATE", "EXDATE", "RRULE", "EXRULE"}
    | {"SEQUENCE", "DTSTAMP", "LAST-MODIFIED", "TZOFFSETFROM", "TZOFFSETTO"}
)
"""These are not left to the library: it decides about zones and rejects offsets before anybody can look at them."""
LONGEST_PARAMETER = 100
"""Characters of a parameter, such as a TZID. The longest name that Outlook writes has about 70."""
MOST_TIMES = 2_000
"""Times in the EXDATE of one event: five years of every day."""
_STAMP = re.compile(
    r"(\d{4})-?(\d{2})-?(\d{2})"
    r"(?:[T ](\d{2}):?(\d{2})(?::?(\d{2})(?:[.,]\d{1,9})?)? ?(Z|[+-]\d{2}(?::?[0-5]\d)?)?)?",
    re.IGNORECASE,
)
LATEST_HOUR, LAST_MINUTE, LEAP_SECOND = 29, 59, 60
"""Some programs write the night after a day as 24:00 to 29:59."""
YEAR_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Property:
    """One line of an event: its value and its parameters, with names in capitals."""

    value: str
    parameters: Mapping[str, str] = field(default_factory=dict)


Properties = Mapping[str, Sequence[Property]]


def split_properties(text: str) -> tuple[str, Properties]:
    """Split the text of an event into what the library may read, and the properties of `READ_HERE` by name.

    Properties of parts inside the event, such as alarms, are left to the library.
    """
    properties: dict[str, list[Property]] = {}
    rest: list[str] = []
    depth = 0
    for line in text.split("\r\n"):
        name = re.split("[:;]", line[:LONGEST_PARAMETER], maxsplit=1)[0].strip().upper()
        depth += (name == "BEGIN") - (name == "END")
        if depth == 1 and name in READ_HERE:
            properties.setdefault(name, []).append(_property(line))
        else:
            rest.append(line)
    return "\r\n".join(rest), properties


def _property(line: str) -> Property:
    colon = _colon(line)
    parameters: dict[str, str] = {}
    for part in _outside_quotes(line[:colon], ";")[1:]:
        name, _, value = part.partition("=")
        parameters.setdefault(name.strip().upper(), value.strip().strip('"').strip()[:LONGEST_PARAMETER])
    return Property(line[colon + 1 :].strip(), parameters)


def _colon(line: str) -> int:
    """Return where the value begins: a TZID such as `(UTC-05:00) Eastern Time` has a colon too, and often no quotes."""
    first = position = line.find(":")
    while position >= 0:
        if line[position + 1 : position + 1 + YEAR_DIGITS].isdecimal():
            return position
        position = line.find(":", position + 1)
    return first if first >= 0 else len(line)


def _outside_quotes(text: str, mark: str) -> list[str]:
    """Split at `mark`, except between quotes."""
    parts: list[list[str]] = [[]]
    for number, quoted in enumerate(text.split('"')):
        if number % 2:
            parts[-1].append(quoted)
        else:
            first, *others = quoted.split(mark)
            parts[-1].append(first)
            parts.extend([other] for other in others)
    return ["".join(part) for part in parts]


def first_property(properties: Properties, name: str) -> Property | None:
    """Return the first property of that name."""
    return next(iter(properties.get(name, ())), None)


def values(properties: Properties, name: str, most: int = MOST_TIMES) -> Iterator[Property]:
    """Yield each value of the properties of that name, as a property of its own; only the first `most`."""
    number = 0
    for stated in properties.get(name, ()):
        for value in stated.value.split(","):
            number += 1
            if number > most:
                return
            yield Property(value.strip(), stated.parameters)


def number_of(properties: Properties, name: str) -> int:
    """Return a whole number; 0 if there is none."""
    stated = first_property(properties, name)
    return int(stated.value) if stated and stated.value.isdecimal() and len(stated.value) <= len("999999999") else 0


def read_stamp(text: str) -> datetime | date | None:
    """Read 20260908T140000, with Z, an offset or neither, or 20260908; dashes, colons and 24:00 are accepted.

    Returns:
        An aware time, a clock time, a date, or None if it is none of them.
    """
    match = _STAMP.fullmatch(text.strip()[: len("2026-09-08T14:00:00.000000000 +00:00")])
    if not match:
        return None
    hour, minute, second = (int(part or 0) for part in match.groups()[3:6])
    if hour > LATEST_HOUR or minute > LAST_MINUTE or second > LEAP_SECOND:
        return None
    try:
        day = date(int(match[1]), int(match[2]), int(match[3]))
        if match[4] is None:
            return day
        clock = combine(day, timedelta(hours=hour, minutes=minute, seconds=second))
        return clock.replace(tzinfo=read_offset(match[7])) if match[7] else clock
    except ValueError:
        return None


def read_offset(text: str) -> timezone:
    """Read Z, +03, +0300, +03:00 or +030015; raises ValueError."""
    if text.upper() == "Z":
        return UTC
    digits = text.strip()[1:].replace(":", "")
    if text.strip()[:1] not in ("+", "-") or not digits.isdecimal() or len(digits) not in (2, 4, 6):
        message = phrase("{text} is not an offset", text=repr(text[:10]))
        raise ValueError(message)
    hours, minutes, seconds = (int(digits[at : at + 2] or 0) for at in (0, 2, 4))
    ahead = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return timezone(-ahead if text.strip()[0] == "-" else ahead)


def instant_of(properties: Properties, name: str) -> datetime | None:
    """Return a time that has to be in UTC, such as DTSTAMP; None if there is none that can be read."""
    stated = first_property(properties, name)
    stamp = read_stamp(stated.value) if stated else None
    if not isinstance(stamp, datetime) or not date.min.year + 1 < stamp.year < date.max.year:
        return None
    return stamp.astimezone(UTC) if stamp.tzinfo else stamp.replace(tzinfo=UTC)
