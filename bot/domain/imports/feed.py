"""A feed: the URL of a conference's schedule, its health and its next poll."""

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
SPREAD = 0.2
"""Relative jitter of poll times, so that feeds of one server are not all polled at once."""

GOOGLE_SHEETS = "docs.google.com/"
"""The beginning of addresses whose last part, such as `edit`, is no name for people."""


def digest_of(body: bytes) -> str:
    """Return a hash of `body`."""
    return blake2b(body, digest_size=24).hexdigest()


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

    @property
    def name(self) -> str:
        """Short name for messages: the last part of the URL."""
        if self.url.partition("://")[2].startswith(GOOGLE_SHEETS):
            return "The Google Sheet"
        path = self.url.partition("://")[2].partition("?")[0].partition("#")[0].rstrip("/")
        return path.rpartition("/")[2][:100] or self.url[:100]

    @property
    def health(self) -> Health:
        """Its current health."""
        if self.held:
            return Health.HELD
        if self.failures:
            return Health.PAUSED if self.failures >= BREAKS_AT else Health.FAILING
        return Health.WELL if self.checked_at else Health.NEW

    def unchanged(self, now: datetime, roll: float) -> Self:
        """Return the feed after a poll without a new copy."""
        # A held or declined copy is newer than the stored schedule.
        fresh_at = self.fresh_at if self.held or self.declined else now
        return replace(self, checked_at=now, fresh_at=fresh_at, failures=0, fault="", due_at=self._later(now, roll))

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
        return replace(waiting, held=why, held_at=self.held_at or now, losing=losing)

    def held_declined(self) -> Self:
        """Return the feed after the held copy was declined, with every copy that would remove the same."""
        return replace(self, held="", held_at=None, declined=self.losing, losing="")

    def failed(self, now: datetime, roll: float, fault: str, retry_after: timedelta | None = None) -> Self:
        """Return the feed after a failed poll: backoff with jitter, never before `retry_after`."""
        failures = self.failures + 1
        wait = PAUSE if failures >= BREAKS_AT else min(FIRST_RETRY * 2 ** (failures - 1), LONGEST_RETRY)
        wait = max(wait * (1 - SPREAD + SPREAD * roll), retry_after or timedelta())
        return replace(self, checked_at=now, failures=failures, fault=fault, due_at=now + min(wait, LATEST))

    def _later(self, now: datetime, roll: float) -> datetime:
        return now + timedelta(minutes=self.every) * (1 - SPREAD / 2 + SPREAD * roll)
