"""`hallway import`: import a schedule and report the result."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from bot.app.ports import Clock, Copy, Store, Validators
from bot.app.schedules.importer import ImportOptions, compared, compared_with_stored, import_and_publish
from bot.domain.imports.draft import Draft, Remark
from bot.domain.imports.feed import Feed, is_web_address, web_address
from bot.domain.imports.organizer_facts import MAX_TITLE_CHARACTERS, FileFacts
from bot.domain.imports.report import ImportReport
from bot.domain.phrases import phrase
from bot.domain.times.zones import zone_by_name
from bot.sources import read_map, read_venues
from bot.sources.field_map import FieldMap
from bot.sources.file_checks import read_bytes
from bot.sources.info_csv import read_info
from bot.sources.sandbox.parser import SandboxedParser
from bot.sources.ways_csv import read_ways
from bot.storage.engine import is_missing, url_of
from bot.storage.unit_of_work import SqlStore
from migrations import run as migrations


@dataclass(frozen=True, slots=True)
class FactFiles:
    """Facts that organizers provide beside the schedule: paths and options; "" and None for those not given."""

    legs: str = ""
    info: str = ""
    title: str = ""
    check_in: int | None = None
    walk_up: int | None = None

    def read(self) -> tuple[FileFacts, Sequence[Remark]]:
        """Read the files; raises `ScheduleImportError` if one is not a table of its kind."""
        topics, remarks = read_info(Path(self.info)) if self.info else (None, ())
        ways, wrong_ways = read_ways(Path(self.legs)) if self.legs else (None, ())
        title = " ".join(self.title.split())[:MAX_TITLE_CHARACTERS] or None
        return FileFacts(title, self.check_in, self.walk_up, topics, ways), (*wrong_ways, *remarks)


NO_FILES = FactFiles()


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
    hosts: Collection[str] = (),
    once: bool = False,
    files: FactFiles = NO_FILES,
) -> ImportReport:
    """Import a schedule from a file or a web address.

    Everything is read before the database is opened, so a schedule that cannot be read changes nothing.

    Args:
        database: the address of the database.
        source: a path, or an address that begins with `https://`, `http://`, `webcal://`, `webcals://` or `feed:`.
        slug: the name of the conference.
        clock: the time of the import.
        zone: time zone to use in place of that of the file; "" to use that of the file.
        format_name: the format of the file; "" to detect it.
        field_map: path of a file that maps fields; "" for none.
        venues: path of a file of venues; "" for none.
        dry_run: report the changes, but store nothing.
        force: import a schedule even if it looks wrong.
        hosts: hosts of private networks from which a schedule may be fetched.
        once: do not fetch the address again later.
        files: facts that organizers provide beside the schedule.
    """
    if zone:
        zone_by_name(zone)
    listed_venues = read_venues(Path(venues)) if venues else ()
    fields = read_map(Path(field_map)) if field_map else None
    facts, wrong = files.read()
    now, feed = clock.now(), None
    if is_web_address(source):
        feed = Feed(slug, web_address(source), now, format_name, zone)
        feed, draft = await _fetched(feed, hosts, now, fields)
        # A schedule that needs a field map cannot be fetched again later, because the map's file is not stored.
        feed = None if fields or once else feed
    else:
        draft = await read_apart(Path(source), format_name, fields)
    draft = replace(draft, skipped=[*draft.skipped, *wrong])
    terms = ImportOptions(zone, listed_venues, force, facts=facts)
    if dry_run and is_missing(url_of(database)):
        return compared(draft, None, slug, now, terms)
    await migrations.upgrade(database)
    store = SqlStore.at(database)
    try:
        return await _stored(store, draft, feed, slug, now, terms, dry_run=dry_run)
    finally:
        await store.close()


async def read_apart(path: Path, format_name: str = "", fields: FieldMap | None = None) -> Draft:
    """Parse a schedule file in a child process; raises `ScheduleImportError` with one sentence."""
    return await SandboxedParser()(read_bytes(path), path.name, format_name, fields)


async def _fetched(feed: Feed, hosts: Collection[str], now: datetime, fields: FieldMap | None) -> tuple[Feed, Draft]:
    from bot.sources.fetch.fetcher import HttpFetcher  # noqa: PLC0415 — aiohttp takes 0.3 s, and a file does not need it

    copy = await HttpFetcher(hosts)(feed.url, Validators()) or Copy(b"")
    draft = await SandboxedParser()(copy.body, feed.name, feed.format, fields)
    return feed.read(copy.body, copy.validators.etag, copy.validators.modified).imported(
        now, 0.5, phrase("first import")
    ), draft


async def _stored(
    store: Store, draft: Draft, feed: Feed | None, slug: str, now: datetime, terms: ImportOptions, *, dry_run: bool
) -> ImportReport:
    if dry_run:
        async with store.read_transaction() as work:
            return await compared_with_stored(work, draft, slug, now, terms)
    async with store.write_transaction() as work:
        report = await import_and_publish(work, draft, slug, now, terms)
        if feed:
            stored = await work.feeds.get(slug)
            owned = replace(feed, organizers=stored.organizers, community=stored.community) if stored else feed
            await work.feeds.save(owned)
    return report


def report_text(report: ImportReport, *, as_json: bool) -> str:
    """Return the report as JSON for programs, or as text for people."""
    return json.dumps(report.as_json(), ensure_ascii=False) if as_json else "\n".join(report.lines())
