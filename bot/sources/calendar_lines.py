"""Lines of an iCalendar file, unfolded as bytes, because some programs fold inside a UTF-8 character."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from bot.domain.errors import ScheduleImportError
from bot.domain.imports.draft import Remark
from bot.domain.phrases import phrase
from bot.sources.decode import decoded, encoding_of
from bot.sources.file_checks import MOST_SESSIONS

_LINE_END = re.compile(rb"\r\n|\n|\r")
LARGEST_EVENT = 256 * 1024
LONGEST_LABEL = 1_000
"""Characters before the value of a property, such as `DTSTART;TZID=Europe/Brussels`."""
MOST_PARTS = 50
"""Maximum number of components (such as alarms) inside one event."""
MOST_ZONES = 200
LONGEST_ZONE_ID = 100
"""As `ical.properties.LONGEST_PARAMETER`, so that both are cut alike."""


@dataclass(slots=True)
class Calendar:
    """The parts of a calendar file outside its events.

    Attributes:
        facts: properties of the file, by name.
        places: the location names of the time zones that the file defines, by zone id.
        zones: the lines of the time zones that the file defines, by zone id.
        broken: remarks about events that cannot be read.
    """

    facts: dict[str, str] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    zones: dict[str, list[str]] = field(default_factory=dict)
    broken: list[Remark] = field(default_factory=list)


def unfolded(data: bytes, name: str) -> tuple[Sequence[int], Sequence[str]]:
    """Return the line number of each logical line, and the lines; raises `ScheduleImportError` if it is not text."""
    if encoding_of(data) == "utf-16":
        data = decoded(data, name).encode()
    numbers: list[int] = []
    parts: list[list[bytes]] = []
    for number, line in enumerate(_LINE_END.split(data), 1):
        if line[:1] in (b" ", b"\t") and parts:
            parts[-1].append(line[1:])
        else:
            numbers.append(number)
            parts.append([line])
    return numbers, decoded(b"\n".join(b"".join(line_parts) for line_parts in parts), name).split("\n")


def events(data: bytes, name: str, calendar: Calendar) -> Iterator[tuple[str, str]]:
    """Yield (place, text) of each complete event, and put everything else into `calendar`.

    The place is the line number of the event, as in `line 12`.

    Raises:
        ScheduleImportError: the file is cut off, or has more events than any conference.
    """
    block: list[str] | None = None
    begins, count, opened = 0, 0, 0
    zone: list[str] | None = None
    for number, line in zip(*unfolded(data, name), strict=True):
        word = line.strip().upper()
        if word == "BEGIN:VEVENT":
            if block is not None:
                calendar.broken.append(Remark(f"line {begins}", "the event has no END:VEVENT"))
            block, begins, count = [], number, count + 1
            _count(count, f"{name}, line {number}")
        if block is not None:
            block.append(line)
            if word == "END:VEVENT":
                if fault := _too_much(block):
                    calendar.broken.append(Remark(f"line {begins}", fault))
                else:
                    yield f"line {begins}", "\r\n".join(block) + "\r\n"
                block = None
        elif word in ("BEGIN:VCALENDAR", "END:VCALENDAR"):
            opened += 1 if word.startswith("B") else -1
        else:
            zone = _outside(calendar, line, zone)
    _complete(name, begins if block is not None else 0, opened)


def _count(events_so_far: int, where: str) -> None:
    if events_so_far > MOST_SESSIONS:
        message = phrase(
            "{where}: it has more than {most_sessions} events, the limit for a conference: split it.",
            where=where,
            most_sessions=f"{MOST_SESSIONS:,}",
        )
        raise ScheduleImportError(message)


def _complete(name: str, begins: int, opened: int) -> None:
    """Reject a truncated file: it would look like removed sessions."""
    if begins or opened > 0:
        where = (
            phrase("{name}, line {begins}: this event has no end", name=name, begins=begins)
            if begins
            else phrase("{name}: it has no END:VCALENDAR", name=name)
        )
        message = phrase("{where}, so the calendar is not complete: download it again.", where=where)
        raise ScheduleImportError(message)


def _too_much(block: Sequence[str]) -> str:
    if sum(map(len, block)) > LARGEST_EVENT:
        return phrase("the event is larger than {largest_event} KiB", largest_event=LARGEST_EVENT // 1024)
    # Programs look such a label up character by character: 200,000 of them took a minute.
    if any(len(line) > LONGEST_LABEL and len(_label(line)) > LONGEST_LABEL for line in block):
        return phrase(
            "the event has a label of more than {longest_label} characters", longest_label=f"{LONGEST_LABEL:,}"
        )
    parts = sum(line.strip().upper().startswith("BEGIN:") for line in block)
    return phrase("the event has more than {most_parts} parts", most_parts=MOST_PARTS) if parts > MOST_PARTS else ""


def _label(line: str) -> str:
    """Return what stands before the first colon that is not between quotes."""
    pieces = line.split('"')
    end = 0
    for number, piece in enumerate(pieces):
        colon = piece.find(":") if number % 2 == 0 else -1
        if colon >= 0:
            return line[: end + colon]
        end += len(piece) + 1
    return line


def _outside(calendar: Calendar, line: str, zone: list[str] | None) -> list[str] | None:
    """Store one line outside events; return the lines of the time zone that is being defined, if any."""
    word = line.strip().upper()
    if word == "BEGIN:VTIMEZONE":
        return []
    label, _, value = line.partition(":")
    name = label.partition(";")[0].strip().upper()
    if zone is None:
        if name not in ("BEGIN", "END"):
            calendar.facts.setdefault(name, value.strip())
        return None
    if word != "END:VTIMEZONE":
        zone.append(line)
        return zone
    _define(calendar, zone)
    return None


def _define(calendar: Calendar, zone: list[str]) -> None:
    """Store the definition of a time zone under its id; the first one counts."""
    facts = dict(reversed([(name.strip().upper(), value.strip()) for name, _, value in map(_label_and_value, zone)]))
    # As a value `Amsterdam\\, Berlin` is escaped, as a parameter it is not.
    identifier = facts.get("TZID", "").strip('"').replace("\\", "")[:LONGEST_ZONE_ID]
    if identifier and len(calendar.zones) < MOST_ZONES:
        calendar.zones.setdefault(identifier, zone)
        if place := facts.get("X-LIC-LOCATION"):
            calendar.places.setdefault(identifier, place)


def _label_and_value(line: str) -> tuple[str, str, str]:
    label, colon, value = line.partition(":")
    return label.partition(";")[0], colon, value
