"""A feed: the URL of a conference's schedule, its health and its next poll."""

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import blake2b
from typing import Self

EVERY = timedelta(minutes=10)
SOONEST, LATEST = timedelta(minutes=1), timedelta(days=1)
FIRST_RETRY = timedelta(minutes=1)
LONGEST_RETRY = timedelta(minutes=30)
BREAKS_AT = 6
"""Consecutive failures that open the circuit breaker; then it is polled once per `PAUSE`."""
PAUSE = timedelta(hours=1)
OUTAGE_FAILURES, OUTAGE = 3, timedelta(hours=1)
"""An outage, of which organizers hear: this many failures in a row, or so long until it is asked again."""
LONGEST_REASON = 300
"""Maximum characters of a reason that is stored; it may quote the file."""
SPREAD = 0.2
"""Relative jitter of poll times, so that feeds of one server are not all polled at once."""

GOOGLE_SHEETS = "docs.google.com/"
"""The beginning of addresses whose last part, such as `edit`, is not a name for people."""


_WEB_LINK = re.compile(r"<?(?:(?:webcals?|feed):(?://)?)?(https?://)|<?(?:webcals?|feed)://", re.IGNORECASE)
"""How an address may begin: also as the link of a calendar or feed, and in the angle brackets of a chat."""


def is_web_address(text: str) -> bool:
    """Whether `text` is an address of the web, not a file."""
    return _WEB_LINK.match(text.strip()) is not None


def web_address(text: str) -> str:
    """Return the address that a link stands for; `webcal:`, `webcals:` and `feed:` mean https. Other text stays."""
    text = text.strip()
    link = _WEB_LINK.match(text)
    if link is None:
        return text
    rest = text[link.end() :]
    return (link[1] or "https://") + (rest.removesuffix(">") if text.startswith("<") else rest)


def digest_of(body: bytes) -> str:
    """Return a hash of `body`."""
    return blake2b(body, digest_size=24).hexdigest()


def readable(reason: str) -> str:
    """Return a reason that every database can store and every chat can show: printable, and not too long."""
    # Half a surrogate, or a control character, comes from a file: PostgreSQL refuses a text with a NUL.
    text = "".join(char if char.isprintable() else " " for char in reason)
    return text if len(text) <= LONGEST_REASON else f"{text[: LONGEST_REASON - 1]}…"


class Health(StrEnum):
    """Health of a feed."""

    NEW = "not asked yet"
    WELL = "well"
    FAILING = "failing"
    PAUSED = "paused after many failures"
    HELD = "held until an organizer decides"


@dataclass(frozen=True, slots=True)
class Feed:
    """The feed of one conference. Instants are UTC.

    Attributes:
        due_at: time of the next poll.
        every: poll interval in whole minutes.
        community: id of the community that owns it; None for the operator's.
        organizers: ids of the attendees who decide about held imports.
        etag, modified, digest: identify the last copy that was parsed.
        fresh_at: when the stored schedule was last confirmed.
        changed_at, changes: time and summary of the last import with changes.
        held, held_at, losing: why a copy waits for a decision, since when, and what it would remove.
        declined: the removal that an organizer declined.
        lease: counts the claims; an older number has lost the lease.
        failing_at: time of the first of the failures in a row.
        outage_at: since when the failures count as an outage, of which organizers are informed once.
    """

    conference: str
    url: str
    due_at: datetime
    format: str = ""
    zone: str = ""
    every: int = int(EVERY.total_seconds()) // 60
    community: int | None = None
    organizers: tuple[int, ...] = ()
    etag: str = ""
    modified: str = ""
    digest: str = ""
    checked_at: datetime | None = None
    fresh_at: datetime | None = None
    changed_at: datetime | None = None
    changes: str = ""
    failures: int = 0
    fault: str = ""
    held: str = ""
    held_at: datetime | None = None
    losing: str = ""
    declined: str = ""
    lease: int = 0
    failing_at: datetime | None = None
    outage_at: datetime | None = None

    @property
    def name(self) -> str:
        """Short name for messages: the last part of the URL."""
        if self.url.partition("://")[2].startswith(GOOGLE_SHEETS):
            return "The Google Sheet"
        path = self.url.partition("://")[2].partition("?")[0].partition("#")[0].rstrip("/")
        return path.rpartition("/")[2][:100] or self.url[:100]

    @property
    def health(self) -> Health:
        """The current health of the feed."""
        if self.held:
            return Health.HELD
        if self.failures:
            return Health.PAUSED if self.failures >= BREAKS_AT else Health.FAILING
        return Health.WELL if self.checked_at else Health.NEW

    def unchanged(self, now: datetime, roll: float) -> Self:
        """Return the feed after a poll without a new copy."""
        # A held or declined copy is newer than the stored schedule.
        fresh_at = self.fresh_at if self.held or self.declined else now
        return replace(self.working(), checked_at=now, fresh_at=fresh_at, due_at=self._later(now, roll))

    def working(self) -> Self:
        """Return the feed without its failures."""
        return replace(self, failures=0, fault="", failing_at=None, outage_at=None)

    def read(self, body: bytes, etag: str, modified: str) -> Self:
        """Return the feed after `body` was parsed; an identical copy is not parsed again."""
        return replace(self, digest=digest_of(body), etag=etag, modified=modified)

    def imported(self, now: datetime, roll: float, changes: str = "") -> Self:
        """Return the feed after a copy was imported; `changes` is "" if nothing differed."""
        free = replace(self, held="", held_at=None, losing="", declined="")
        fresh = free.unchanged(now, roll)
        return replace(fresh, changed_at=now, changes=changes) if changes else fresh

    def holding(self, now: datetime, roll: float, why: str, losing: str) -> Self:
        """Return the feed while a copy waits for an organizer's decision."""
        waiting = replace(self.unchanged(now, roll), fresh_at=self.fresh_at)
        return replace(waiting, held=readable(why), held_at=self.held_at or now, losing=losing)

    def held_declined(self) -> Self:
        """Return the feed after the held copy was declined, with every copy that would remove the same sessions."""
        return replace(self, held="", held_at=None, declined=self.losing, losing="")

    def failed(self, now: datetime, roll: float, fault: str, retry_after: timedelta | None = None) -> Self:
        """Return the feed after a failed poll: backoff with jitter, never before `retry_after`."""
        failures = self.failures + 1
        wait = PAUSE if failures >= BREAKS_AT else min(FIRST_RETRY * 2 ** (failures - 1), LONGEST_RETRY)
        wait = max(wait * (1 - SPREAD + SPREAD * roll), retry_after or timedelta())
        # Processes of an older version leave the two times as they were.
        failing_at, outage_at = (self.failing_at, self.outage_at) if self.failures else (None, None)
        due_at, failing_at = now + min(wait, LATEST), failing_at or now
        broken = failures >= OUTAGE_FAILURES or due_at - failing_at >= OUTAGE
        return replace(
            self,
            checked_at=now,
            failures=failures,
            fault=readable(fault),
            due_at=due_at,
            failing_at=failing_at,
            outage_at=outage_at or (now if broken else None),
        )

    def _later(self, now: datetime, roll: float) -> datetime:
        return now + timedelta(minutes=self.every) * (1 - SPREAD / 2 + SPREAD * roll)
