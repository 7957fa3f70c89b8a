"""`hallway route`: ways on foot between venues, as a list or in a conference."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from bot.app.ports import Clock
from bot.app.schedules.importer import save_schedule
from bot.cli.database import opened
from bot.config import load_settings
from bot.domain.errors import HallwayError
from bot.domain.schedule.conference import Schedule
from bot.domain.schedule.diff import difference
from bot.domain.travel.venue import Venue
from bot.domain.travel.walker import Pace
from bot.domain.travel.way import LegSource, Way
from bot.sources import read_venues
from bot.sources.ways_csv import ways_text
from bot.streets import ATTRIBUTION, cutting
from bot.streets.routing import Footprint, Route, Routes
from bot.streets.routing import build as build_routes
from bot.timing.clock import SystemClock

MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class Outputs:
    """The files to write; "" for none."""

    legs: str = ""
    outlines: str = ""


def cut(source: Path, venues: Path, margin: int, output: Path) -> str:
    """Cut a large extract; returns what was written."""
    count = cutting.cut(source, read_venues(venues), margin, output)
    return f"{output}: {count:,} streets, buildings and names within {margin} m of the venues.\nMap data: {ATTRIBUTION}"


def build(path: Path, venues: Path | None, conference: str, outputs: Outputs) -> str:
    """Find the ways between the venues of a list or a conference; returns what was found and written.

    Raises:
        HallwayError: the extract cannot be read, there is no such conference, or a file cannot be written.
    """
    clock, database = SystemClock(), load_settings().database_url.get_secret_value()
    listed = read_venues(venues) if venues else asyncio.run(_stored(database, conference)).venues
    found = build_routes(path, listed)
    ways = ways_of(found.routes, listed, clock.now().date())
    lines = [_summary(found, listed)]
    if conference:
        lines.append(asyncio.run(_store(database, conference, found, ways, clock)))
    if outputs.legs:
        _write(Path(outputs.legs), ways_text(ways))
        lines.append(f"{outputs.legs}: {len(ways):,} ways.")
    if outputs.outlines:
        _write(Path(outputs.outlines), geojson(found.footprints))
        lines.append(f"{outputs.outlines}: {len(found.footprints)} outlines.")
    return "\n".join([*lines, f"Map data: {ATTRIBUTION}"])


def ways_of(routes: Sequence[Route], venues: Sequence[Venue], today: date) -> list[Way]:
    """Return routes as ways from room to room, at normal pace."""
    inside = {venue.name: venue.minutes_inside / 2 for venue in venues}
    return [
        Way(
            route.origin,
            route.target,
            round(inside[route.origin] + route.metres / Pace.NORMAL + inside[route.target], 1),
            LegSource.ROUTED,
            metres=route.metres,
            step_free=False if route.step_free is None else route.step_free,
            outdoor=route.outdoor,
            both_ways=False,
            as_of=today,
            line=route.line,
        )
        for route in routes
    ]


def geojson(footprints: Sequence[Footprint]) -> str:
    """Return outlines of venues as GeoJSON, in which longitude comes first and a ring ends where it starts."""
    features = [
        {
            "type": "Feature",
            "properties": {"venue": each.venue},
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[lon, lat] for lat, lon in (*each.points, each.points[0])]],
            },
        }
        for each in footprints
    ]
    return json.dumps({"type": "FeatureCollection", "attribution": ATTRIBUTION, "features": features}) + "\n"


def _summary(found: Routes, venues: Sequence[Venue]) -> str:
    pairs = len(found.routes)
    lines = [f"{pairs:,} ways between {len(found.entrances)} venues, {sum(found.entrances.values())} entrances used."]
    steps = sum(route.step_free is None for route in found.routes)
    remarks = {
        "its entrances are those that organizers gave": [
            venue.name for venue in venues if venue.entrances and venue.name in found.entrances
        ],
        "no entrance on the map, so the way begins at its coordinates": [
            name for name, count in found.entrances.items() if not count
        ],
        "no street near it": found.unreached,
        "no coordinates": [venue.name for venue in venues if venue.lat is None],
    }
    if steps:
        lines.append(f"{steps:,} of them cannot be made without steps.")
    lines += [f"{_named(names)}: {what}." for what, names in remarks.items() if names]
    return "\n".join(lines)


def _named(names: Sequence[str]) -> str:
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return ", ".join(names[:MOST_NAMED]) + more


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, "utf-8")
    except OSError as error:
        raise HallwayError(
            "{path} cannot be written ({strerror}): name another file.", path=path, strerror=error.strerror
        ) from None


async def _stored(database: str, slug: str) -> Schedule:
    async with opened(database) as work:
        return _known(await work.conferences.load(slug), slug)


async def _store(database: str, slug: str, found: Routes, ways: Sequence[Way], clock: Clock) -> str:
    """Replace the routed ways and the outlines of a conference, and plan again who leaves when."""
    async with opened(database, writes=True) as work:
        old = _known(await work.conferences.load(slug), slug)
        kept = tuple(way for way in old.ways if way.source is not LegSource.ROUTED)
        revision = old.conference.revision + 1
        outlines = {each.venue: each.points for each in found.footprints}
        venues = tuple(replace(venue, outline=outlines.get(venue.name, ())) for venue in old.venues)
        conference = replace(old.conference, revision=revision)
        new = replace(old, conference=conference, venues=venues, ways=(*kept, *ways))
        await save_schedule(work, old, new, difference(old, new), clock.now())
    return f"{slug}: {len(ways):,} ways stored. What organizers or attendees know goes before them."


def _known(schedule: Schedule | None, slug: str) -> Schedule:
    if schedule is None:
        raise HallwayError("There is no conference {slug}: see `hallway conference list`.", slug=repr(slug))
    return schedule
