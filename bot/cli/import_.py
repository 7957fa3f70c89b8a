"""`hallway import`: take in a schedule and say what came of it."""

import json
from pathlib import Path

from bot.app.ingest import ImportReport, ingest
from bot.app.ports import Clock
from bot.domain.when import zone_named
from bot.sources import read_draft, read_map, read_venues
from bot.storage.store import SqlStore
from migrations import run as migrations


async def import_schedule(
    database: str,
    source: str,
    slug: str,
    clock: Clock,
    *,
    zone: str,
    format_name: str,
    field_map: str,
    venues: str,
    dry_run: bool,
    force: bool,
) -> ImportReport:
    """Everything is read before the database is touched: a file that cannot be read leaves no trace."""
    if zone:
        zone_named(zone)
    told = read_venues(Path(venues)) if venues else ()
    draft = read_draft(Path(source), format_name, read_map(Path(field_map)) if field_map else None)
    await migrations.upgrade(database)
    store = SqlStore.at(database)
    try:
        return await ingest(store, draft, slug, clock.now(), zone=zone, venues=told, force=force, dry_run=dry_run)
    finally:
        await store.close()


def shown(report: ImportReport, *, as_json: bool) -> str:
    """The report for programs or for people."""
    return json.dumps(report.as_json(), ensure_ascii=False) if as_json else "\n".join(report.lines())
