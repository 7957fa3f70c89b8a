"""`hallway doctor`: checks settings, database, credentials and clock, and shows how to fix each failure."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.app.delivery.leases import MEMBER
from bot.app.ports import Clock
from bot.cli.platforms import discord_findings
from bot.cli.slack import slack_findings
from bot.config import Settings
from bot.domain.errors import HallwayError
from bot.domain.imports.feed import Health
from bot.domain.schedule.zones import zone_by_name
from bot.storage.engine import url_of
from bot.storage.unit_of_work import SqlStore
from migrations import run as migrations

BUILT = datetime(2026, 11, 1, tzinfo=UTC)
"""A system clock that shows an earlier time is wrong, because Hallway did not exist then."""


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
    url = settings.database_url.get_secret_value()
    try:
        current, newest = await migrations.status(url)
        place = url_of(url).render_as_string(hide_password=True)
        if current != newest:
            yield Finding(
                "database", passed=False, text=f"{place} has schema {current or 'none'}: run `hallway migrate`"
            )
            return
        yield Finding("database", passed=True, text=f"{place}, schema {current}")
        yield await _conferences(url)
        for finding in await _feeds(url):
            yield finding
        for finding in await _lanes(url):
            yield finding
    except HallwayError as error:
        yield Finding("database", passed=False, text=str(error))
    if settings.discord_token:
        async for passed, text in discord_findings(settings):
            yield Finding("Discord", passed, text)
    async for passed, text in slack_findings(settings):
        yield Finding("Slack", passed, text)


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
