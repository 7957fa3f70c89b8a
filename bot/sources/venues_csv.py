"""Venue lists: `name,aliases,lat,lon,minutes_inside`."""

import math
from pathlib import Path

from bot.domain.errors import ScheduleImportError
from bot.domain.schedule.venue import DEFAULT_MINUTES_INSIDE, Venue
from bot.sources.fact_rows import FactRow, fact_rows
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
    venues: dict[str, Venue] = {}
    for row in fact_rows(text, source, HEADER[:4], HEADER, MOST_VENUES):
        venue = _venue(row)
        if venue.name.casefold() in venues:
            raise ScheduleImportError(f"{row.where}: {venue.name} is there twice: remove it.")
        venues[venue.name.casefold()] = venue
    if not venues:
        message = f"{source}: there is no venue in it: write one line for each, {','.join(HEADER)}."
        raise ScheduleImportError(message)
    return tuple(venues.values())


def _venue(row: FactRow) -> Venue:
    name = plain(row.values.get("name"))
    if not name:
        raise ScheduleImportError(f"{row.where}: the venue has no name.")
    aliases = tuple(alias for alias in map(plain, row.values.get("aliases", "").split("|")) if alias)
    if len(aliases) > MOST_ALIASES or any(len(each) > LONGEST_NAME for each in (name, *aliases)):
        raise ScheduleImportError(
            f"{row.where}: a venue has at most {MOST_ALIASES} aliases of {LONGEST_NAME} characters each: shorten it."
        )
    inside = row.number("minutes_inside", 0, MOST_INSIDE)
    lat, lon = row.number("lat", -POLE, POLE), row.number("lon", -DATE_LINE, DATE_LINE)
    if (lat is None) != (lon is None):
        raise ScheduleImportError(f"{row.where}: {name} has only one of lat and lon: give both, or neither.")
    return Venue(name, aliases, lat, lon, DEFAULT_MINUTES_INSIDE if inside is None else math.ceil(inside))
