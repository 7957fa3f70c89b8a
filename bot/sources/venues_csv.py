"""Venue lists: `name,aliases,lat,lon,minutes_inside`."""

import csv
import math
from io import StringIO
from pathlib import Path

from bot.domain.errors import ScheduleImportError
from bot.domain.schedule.venue import DEFAULT_MINUTES_INSIDE, Venue
from bot.sources.read import read_text
from bot.sources.text import plain

HEADER = ("name", "aliases", "lat", "lon", "minutes_inside")
MOST_VENUES, MOST_ALIASES, LONGEST_NAME = 1_000, 100, 200
POLE, DATE_LINE, MOST_INSIDE = 90, 180, 120


def read_venues(path: Path) -> tuple[Venue, ...]:
    """Read the venues of a file, in order; raises `ScheduleImportError` naming the line."""
    return parse_venues(read_text(path), path.name)


def parse_venues(text: str, source: str) -> tuple[Venue, ...]:
    """Parse venues; missing coordinates are None."""
    rows = csv.DictReader(StringIO(text, newline=""))
    names = [name.strip() for name in rows.fieldnames or ()]
    if missing := [name for name in HEADER[:4] if name not in names]:
        message = f"{source}, line 1: the header lacks {', '.join(missing)}; it should be {','.join(HEADER)}."
        raise ScheduleImportError(message)
    rows.fieldnames = names
    venues: dict[str, Venue] = {}
    try:
        for row in rows:
            venue = _venue(row, f"{source}, line {rows.line_num}")
            if venue.name.casefold() in venues or len(venues) >= MOST_VENUES:
                message = (
                    f"{source}, line {rows.line_num}: {venue.name} is there twice, or the list is too long: remove it."
                )
                raise ScheduleImportError(message)
            venues[venue.name.casefold()] = venue
    except csv.Error as error:
        message = f"{source}, line {rows.line_num}: this line is no CSV ({error}): correct it."
        raise ScheduleImportError(message) from error
    if not venues:
        message = f"{source}: there is no venue in it: write one line for each, {','.join(HEADER)}."
        raise ScheduleImportError(message)
    return tuple(venues.values())


def _venue(row: dict[str, str | None], where: str) -> Venue:
    name = plain(row.get("name"))
    if not name:
        message = f"{where}: the venue has no name."
        raise ScheduleImportError(message)
    aliases = tuple(alias for alias in map(plain, (row.get("aliases") or "").split("|")) if alias)
    if len(aliases) > MOST_ALIASES or any(len(each) > LONGEST_NAME for each in (name, *aliases)):
        message = f"{where}: a venue has at most {MOST_ALIASES} aliases of {LONGEST_NAME} characters each: shorten it."
        raise ScheduleImportError(message)
    inside = _number(row, "minutes_inside", 0, MOST_INSIDE, where)
    lat, lon = _number(row, "lat", -POLE, POLE, where), _number(row, "lon", -DATE_LINE, DATE_LINE, where)
    if (lat is None) != (lon is None):
        message = f"{where}: {name} has only one of lat and lon: give both, or neither."
        raise ScheduleImportError(message)
    return Venue(name, aliases, lat, lon, DEFAULT_MINUTES_INSIDE if inside is None else math.ceil(inside))


def _number(row: dict[str, str | None], name: str, least: float, most: float, where: str) -> float | None:
    text = (row.get(name) or "").strip()
    if not text:
        return None
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not least <= number <= most:
        message = f"{where}: {name} is {text!r}; it should be a number from {least:g} to {most:g}."
        raise ScheduleImportError(message)
    return number
