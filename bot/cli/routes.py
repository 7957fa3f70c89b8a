"""`hallway route`: ways on foot between venues, as a list or in a conference."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from bot.app.ports import Clock
from bot.app.schedules.importer import save_schedule
from bot.app.text import n, plain
from bot.cli.database import opened
from bot.config import load_settings
from bot.domain.errors import HallwayError
from bot.domain.phrases import phrase
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
    """Cut a large extract; returns a report."""
    count = cutting.cut(source, read_venues(venues), margin, output)
    return phrase(
        "{file}: {count:,} streets, buildings and names within {margin} m of the venues.\nMap data: {source}",
        file=output,
        count=count,
        margin=margin,
        source=ATTRIBUTION,
    )


def build(path: Path, venues: Path | None, conference: str, outputs: Outputs) -> str:
    """Find the ways between the venues of a list or a conference; returns a report.

    Raises:
        HallwayError: the extract cannot be read, there is no such conference, or a file cannot be written.
    """
    clock, database = SystemClock(), load_settings().database_url.get_secret_value()
    listed = read_venues(venues) if venues else asyncio.run(_stored(database, conference)).venues
    built = build_routes(path, listed)
    ways = ways_of(built.routes, listed, clock.now().date())
    lines = [_summary(built, listed)]
    if conference:
        lines.append(asyncio.run(_store(database, conference, built, ways, clock)))
    if outputs.legs:
        _write(Path(outputs.legs), ways_text(ways))
        lines.append(phrase("{file}: {count:,} ways.", file=outputs.legs, count=len(ways)))
    if outputs.outlines:
        _write(Path(outputs.outlines), geojson(built.footprints))
        lines.append(phrase("{file}: {count:,} outlines.", file=outputs.outlines, count=len(built.footprints)))
    return "\n".join([*lines, phrase("Map data: {source}", source=ATTRIBUTION)])


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
            "properties": {"venue": footprint.venue},
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[lon, lat] for lat, lon in (*footprint.points, footprint.points[0])]],
            },
        }
        for footprint in footprints
    ]
    return json.dumps({"type": "FeatureCollection", "attribution": ATTRIBUTION, "features": features}) + "\n"


def _summary(built: Routes, venues: Sequence[Venue]) -> str:
    lines = [
        phrase(
            "{ways} between {venues}; {entrances}.",
            ways=plain(n("{count} way", "{count} ways", len(built.routes))),
            venues=plain(n("{count} venue", "{count} venues", len(built.entrances))),
            entrances=plain(n("{count} entrance is used", "{count} entrances are used", sum(built.entrances.values()))),
        )
    ]
    steps = sum(route.step_free is None for route in built.routes)
    remarks = {
        phrase("its entrances are those that organizers gave"): [
            venue.name for venue in venues if venue.entrances and venue.name in built.entrances
        ],
        phrase("no entrance on the map, so the way begins at its coordinates"): [
            name for name, count in built.entrances.items() if not count
        ],
        phrase("no street near it"): built.unreached,
        phrase("no coordinates"): [venue.name for venue in venues if venue.lat is None],
    }
    if steps:
        lines.append(phrase("{count:,} of them cannot be made without steps.", count=steps))
    lines += [phrase("{venues}: {what}.", venues=_named(names), what=what) for what, names in remarks.items() if names]
    return "\n".join(lines)


def _named(names: Sequence[str]) -> str:
    listed = ", ".join(names[:MOST_NAMED])
    more = len(names) - MOST_NAMED
    return phrase("{names} and {count} more", names=listed, count=more) if more > 0 else listed


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, "utf-8")
    except OSError as error:
        raise HallwayError(
            "{path} cannot be written ({strerror}): name another file.", path=path, strerror=error.strerror
        ) from None


async def _stored(database: str, slug: str) -> Schedule:
    async with opened(database) as work:
        return _existing(await work.conferences.load(slug), slug)


async def _store(database: str, slug: str, built: Routes, ways: Sequence[Way], clock: Clock) -> str:
    """Replace the routed ways and the outlines of a conference, and update all plans."""
    async with opened(database, writes=True) as work:
        old = _existing(await work.conferences.load(slug), slug)
        other_ways = tuple(way for way in old.ways if way.source is not LegSource.ROUTED)
        revision = old.conference.revision + 1
        outlines = {footprint.venue: footprint.points for footprint in built.footprints}
        venues = tuple(replace(venue, outline=outlines.get(venue.name, ())) for venue in old.venues)
        conference = replace(old.conference, revision=revision)
        new = replace(old, conference=conference, venues=venues, ways=(*other_ways, *ways))
        await save_schedule(work, old, new, difference(old, new), clock.now())
    stored = plain(n("{count} way is stored", "{count} ways are stored", len(ways)))
    return phrase(
        "{slug}: {stored}. Times that organizers or attendees gave take precedence.", slug=slug, stored=stored
    )


def _existing(schedule: Schedule | None, slug: str) -> Schedule:
    if schedule is None:
        raise HallwayError("There is no conference {slug}: see `hallway conference list`.", slug=repr(slug))
    return schedule
