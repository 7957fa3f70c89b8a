"""Venue lists: `name,aliases,lat,lon,minutes_inside`, and optionally `rooms,entrances`."""

import csv
import math
from collections.abc import Iterable
from io import StringIO
from pathlib import Path

from bot.domain.errors import ScheduleImportError
from bot.domain.phrases import phrase
from bot.domain.travel.venue import DEFAULT_MINUTES_INSIDE, DoorTime, Entrance, Venue
from bot.sources.fact_rows import FactRow, fact_rows
from bot.sources.file_checks import read_text
from bot.sources.text import plain

HEADER = ("name", "aliases", "lat", "lon", "minutes_inside")
ROOMS, ENTRANCES = "rooms", "entrances"
"""More columns: `Level 2 | Titian * = 4; Level 1 * = 2` in minutes, and `36.12 -115.17 stepfree; 36.13 -115.16`."""
MOST_PARTS = 200
"""The most patterns of rooms, or entrances, of one venue."""
STEP_FREE = {"stepfree": True, "stairs": False}
MOST_VENUES, MOST_ALIASES, LONGEST_NAME = 1_000, 100, 200
POLE, DATE_LINE, MOST_INSIDE = 90, 180, 120


def read_venues(path: Path) -> tuple[Venue, ...]:
    """Read the venues of a file, in order; raises `ScheduleImportError` naming the line."""
    return parse_venues(read_text(path), path.name)


def parse_venues(text: str, source: str) -> tuple[Venue, ...]:
    """Parse venues; missing coordinates are None."""
    venues: dict[str, Venue] = {}
    for row in fact_rows(text, source, HEADER[:4], HEADER, MOST_VENUES):
        venue = _venue(row)
        if venue.name.casefold() in venues:
            raise ScheduleImportError("{where}: {name} is there twice: remove it.", where=row.where, name=venue.name)
        venues[venue.name.casefold()] = venue
    if not venues:
        message = phrase(
            "{source}: there is no venue in it: write one line for each, {header}.",
            source=source,
            header=",".join(HEADER),
        )
        raise ScheduleImportError(message)
    return tuple(venues.values())


def _venue(row: FactRow) -> Venue:
    name = plain(row.values.get("name"))
    if not name:
        raise ScheduleImportError("{where}: the venue has no name.", where=row.where)
    aliases = tuple(alias for alias in map(plain, row.values.get("aliases", "").split("|")) if alias)
    if len(aliases) > MOST_ALIASES or any(len(text) > LONGEST_NAME for text in (name, *aliases)):
        raise ScheduleImportError(
            "{where}: a venue has at most {most_aliases} aliases of {longest_name} characters each: shorten it.",
            where=row.where,
            most_aliases=MOST_ALIASES,
            longest_name=LONGEST_NAME,
        )
    inside = row.number("minutes_inside", 0, MOST_INSIDE)
    lat, lon = row.number("lat", -POLE, POLE), row.number("lon", -DATE_LINE, DATE_LINE)
    if (lat is None) != (lon is None):
        raise ScheduleImportError(
            "{where}: {name} has only one of lat and lon: give both, or neither.", where=row.where, name=name
        )
    minutes = DEFAULT_MINUTES_INSIDE if inside is None else math.ceil(inside)
    return Venue(name, aliases, lat, lon, minutes, _door_times(row), _entrances(row))


def venues_text(venues: Iterable[Venue]) -> str:
    """Write venues as a table that `parse_venues` reads."""
    table = StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow((*HEADER, ROOMS, ENTRANCES))
    for venue in venues:
        rooms = "; ".join(f"{door_time.rooms} = {door_time.minutes!r}" for door_time in venue.door_times)
        doors = "; ".join(_entrance_text(door) for door in venue.entrances)
        degrees = ("" if angle is None else repr(angle) for angle in (venue.lat, venue.lon))
        writer.writerow((venue.name, "|".join(venue.aliases), *degrees, venue.minutes_inside, rooms, doors))
    return table.getvalue()


def _entrance_text(door: Entrance) -> str:
    words = {None: "", True: " stepfree", False: " stairs"}
    return f"{door.lat!r} {door.lon!r}{words[door.step_free]}"


def _door_times(row: FactRow) -> tuple[DoorTime, ...]:
    """The patterns of rooms with their minutes from the door."""
    door_times: list[DoorTime] = []
    for part in _parts(row, ROOMS):
        rooms, _, minutes = part.rpartition("=")
        rooms, minutes = rooms.strip(), minutes.strip()
        if not rooms or len(rooms) > LONGEST_NAME or not _is_number(minutes) or not 0 <= float(minutes) <= MOST_INSIDE:
            raise row.wrong(ROOMS, phrase("has {part}; write it such as Level 2 | Titian * = 4", part=repr(part[:40])))
        door_times.append(DoorTime(rooms, float(minutes)))
    return tuple(door_times)


def _entrances(row: FactRow) -> tuple[Entrance, ...]:
    """The entrances with their coordinates."""
    entrances: list[Entrance] = []
    for part in _parts(row, ENTRANCES):
        first, *rest = part.replace(",", " ").split()
        second, *marks = rest or [""]
        is_pair = _is_number(first) and _is_number(second)
        is_place = is_pair and abs(float(first)) <= POLE and abs(float(second)) <= DATE_LINE
        if not is_place or marks not in ([], *([mark] for mark in STEP_FREE)):
            raise row.wrong(
                ENTRANCES, phrase("has {part}; write it such as 36.1216 -115.1696 stepfree", part=repr(part[:40]))
            )
        entrances.append(Entrance(float(first), float(second), STEP_FREE[marks[0]] if marks else None))
    return tuple(entrances)


def _parts(row: FactRow, column: str) -> list[str]:
    parts = [part for part in map(plain, row.values.get(column, "").split(";")) if part]
    if len(parts) > MOST_PARTS:
        raise row.wrong(
            column,
            phrase(
                "has {count} entries, and {most_parts} fit: leave some out", count=len(parts), most_parts=MOST_PARTS
            ),
        )
    return parts


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False
