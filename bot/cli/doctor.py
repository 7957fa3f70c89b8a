"""`hallway doctor`: checks settings, database, credentials and clock, and shows how to fix each failure."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.app.delivery.leases import MEMBER
from bot.app.ports import Clock
from bot.cli.platforms import discord_findings, not_configured, unknown_settings
from bot.cli.slack import slack_findings
from bot.config import Settings
from bot.domain.errors import HallwayError, StoreError
from bot.domain.imports.feed import Health
from bot.domain.times.zones import zone_by_name
from bot.storage.engine import examine_storage, url_of
from bot.storage.faults import DAMAGED, LOCKED, NO_CONNECTION, NO_FREE_CONNECTION, NO_ROOM, READ_ONLY
from bot.storage.unit_of_work import SqlStore
from migrations import run as migrations

BUILT = datetime(2026, 11, 1, tzinfo=UTC)
"""A system clock that shows an earlier time is wrong, because Hallway did not exist then."""
MOST_LISTED = 5
REMEDIES = {
    LOCKED: "Find the process that holds it, for example with `fuser`, and end it.",
    NO_ROOM: "Make room on its disk.",
    READ_ONLY: "Let the user of Hallway write the file and its folder.",
    DAMAGED: "Restore a backup with `hallway restore`.",
    NO_CONNECTION: "Check HALLWAY_DATABASE_URL, and that the server runs and can be reached from here.",
    NO_FREE_CONNECTION: "Raise max_connections of the server, or run fewer processes.",
}
"""What to do, by the reason for which the database cannot be used."""


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of one check; `text` describes the result and, if the check failed, how to fix it."""

    subject: str
    passed: bool
    text: str


async def examine(settings: Settings, clock: Clock) -> AsyncIterator[Finding]:
    """Run all checks, one after another, and yield their results; no check changes data."""
    yield _clock(clock)
    yield _zones()
    for sentence in unknown_settings():
        yield Finding("settings", passed=False, text=sentence)
    url = settings.database_url.get_secret_value()
    usable = True
    async for finding in _database(url):
        usable = usable and finding.passed
        yield finding
    if usable:
        for finding in [await _conferences(url), *await _feeds(url), *await _lanes(url)]:
            yield finding
    async for finding in _platforms(settings):
        yield finding


async def _platforms(settings: Settings) -> AsyncIterator[Finding]:
    """Check the platforms whose credentials are set, and name the others."""
    for platform, remedy in not_configured(settings).items():
        yield Finding(platform, passed=True, text=f"not configured; to serve it, {remedy}")
    if settings.discord_token:
        async for passed, text in discord_findings(settings):
            yield Finding("Discord", passed, text)
    async for passed, text in slack_findings(settings):
        yield Finding("Slack", passed, text)


async def _database(url: str) -> AsyncIterator[Finding]:
    """Check that the database is there, whole, and has the newest schema."""
    try:
        place = url_of(url).render_as_string(hide_password=True)
        current, newest = await migrations.status(url)
        if current != newest:
            yield Finding("database", passed=False, text=f"{place}: {migrations.advice(current)}")
        elif lacking := await migrations.missing(url):
            listed = ", ".join(lacking[:MOST_LISTED]) + (", …" if len(lacking) > MOST_LISTED else "")
            text = f"{place}, schema {current}, lacks {listed}: restore a backup with `hallway restore`"
            yield Finding("database", passed=False, text=text)
        else:
            yield Finding("database", passed=True, text=f"{place}, schema {current}")
            for fault in await examine_storage(url):
                yield Finding("database", passed=False, text=fault)
    except StoreError as error:
        sentence = str(error).removesuffix(" `hallway doctor` looks into it.")
        yield Finding("database", passed=False, text=f"{sentence} {REMEDIES.get(error.reason, '')}".strip())


def _clock(clock: Clock) -> Finding:
    now = clock.now()
    time = f"{now:%Y-%m-%d %H:%M:%S} UTC"
    return Finding("clock", passed=now >= BUILT, text=time if now >= BUILT else f"{time} is in the past: set the clock")


def _zones() -> Finding:
    try:
        zone_by_name("America/Los_Angeles")
    except HallwayError:
        return Finding("time zones", passed=False, text="the IANA zones are missing: install tzdata")
    return Finding("time zones", passed=True, text="the IANA zones are there")


async def _feeds(url: str) -> list[Finding]:
    """Check each feed; a feed that fails or waits for an organizer's confirmation does not pass."""
    store = SqlStore.at(url)
    try:
        async with store.read_transaction() as work:
            feeds = await work.feeds.all()
    finally:
        await store.close()
    found = []
    for feed in feeds:
        well = feed.health in (Health.WELL, Health.NEW)
        why = f": {feed.held or feed.fault}" if feed.held or feed.fault else ""
        more = "" if well else " (see /schedule status)"
        found.append(Finding(f"feed of {feed.conference}", well, f"{feed.health}{why}{more}"))
    return found


async def _lanes(url: str) -> list[Finding]:
    """Check the lanes of running processes; a paused lane does not pass."""
    store = SqlStore.at(url)
    try:
        async with store.read_transaction() as work:
            leases = [lease for lease in await work.leases.all() if not lease.name.startswith(f"{MEMBER}:")]
    finally:
        await store.close()
    found = []
    for lease in leases:
        rests = f"messages are delayed: {lease.status}; retried automatically" if lease.status else ""
        found.append(Finding(f"lane {lease.name}", not rests, rests or f"served by {lease.owner}"))
    return found


async def _conferences(url: str) -> Finding:
    store = SqlStore.at(url)
    try:
        async with store.read_transaction() as work:
            slugs = [conference.slug for conference in await work.conferences.published()]
    finally:
        await store.close()
    if not slugs:
        return Finding("conferences", passed=False, text="none yet: run `hallway import FILE --conference NAME`")
    return Finding("conferences", passed=True, text=", ".join(slugs))
