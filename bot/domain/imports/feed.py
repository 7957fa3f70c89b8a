"""A feed: where a conference's schedule comes from, how it fares, and when it is looked at next."""

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
"""So many failures in a row open the circuit breaker: from then on one try an hour sees whether it is well again."""
PAUSE = timedelta(hours=1)
SPREAD = 0.2
"""By how much a moment is moved at random, so that feeds of one server are not asked all at once."""


def digest_of(body: bytes) -> str:
    """The same for the same bytes."""
    return blake2b(body, digest_size=24).hexdigest()


class Health(StrEnum):
    """How a feed fares."""

    NEW = "not asked yet"
    WELL = "well"
    FAILING = "failing"
    PAUSED = "paused after many failures"
    HELD = "held until an organizer decides"


@dataclass(frozen=True, slots=True)
class Feed:
    """The feed of one conference. Instants are UTC, `every` is whole minutes.

    `due_at` is when it is asked next. `etag`, `modified` and `digest` tell the last copy that was looked into.
    `fresh_at` is when it last confirmed what we have, `changed_at` when something of it was last taken in and
    `changes` what. `held` says why a copy waits since `held_at`, and `losing` what it would lose; `declined` is the
    loss that an organizer did not want. `organizers` are the attendees who are asked, `community` whose feed it is.
    `lease` counts the claims: who holds an older one has lost it.
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
        """What sentences call the file: the last part of its address."""
        path = self.url.partition("://")[2].partition("?")[0].partition("#")[0].rstrip("/")
        return path.rpartition("/")[2][:100] or self.url[:100]

    @property
    def health(self) -> Health:
        """How it fares."""
        if self.held:
            return Health.HELD
        if self.failures:
            return Health.PAUSED if self.failures >= BREAKS_AT else Health.FAILING
        return Health.WELL if self.checked_at else Health.NEW

    def unchanged(self, now: datetime, roll: float) -> Self:
        """It answered that nothing is new."""
        # What is held, or was not wanted, is newer than what we show.
        fresh_at = self.fresh_at if self.held or self.declined else now
        return replace(self, checked_at=now, fresh_at=fresh_at, failures=0, fault="", due_at=self._later(now, roll))

    def read(self, body: bytes, etag: str, modified: str) -> Self:
        """A copy was looked into: the next one is, only if it is another."""
        return replace(self, digest=digest_of(body), etag=etag, modified=modified)

    def taken_in(self, now: datetime, roll: float, changes: str = "") -> Self:
        """A copy is the schedule now; with no `changes` it was already."""
        free = replace(self, held="", held_at=None, losing="", declined="")
        fresh = free.unchanged(now, roll)
        return replace(fresh, changed_at=now, changes=changes) if changes else fresh

    def holding(self, now: datetime, roll: float, why: str, losing: str) -> Self:
        """A copy waits for an organizer, from the first such copy on."""
        waiting = replace(self.unchanged(now, roll), fresh_at=self.fresh_at)
        return replace(waiting, held=why, held_at=self.held_at or now, losing=losing)

    def kept_old(self) -> Self:
        """What is held is not wanted, nor is another copy that would lose the same."""
        return replace(self, held="", held_at=None, declined=self.losing, losing="")

    def failed(self, now: datetime, roll: float, fault: str, retry_after: timedelta | None = None) -> Self:
        """Tried again later and later, with jitter; never before the server wants it."""
        failures = self.failures + 1
        wait = PAUSE if failures >= BREAKS_AT else min(FIRST_RETRY * 2 ** (failures - 1), LONGEST_RETRY)
        wait = max(wait * (1 - SPREAD + SPREAD * roll), retry_after or timedelta())
        return replace(self, checked_at=now, failures=failures, fault=fault, due_at=now + min(wait, LATEST))

    def _later(self, now: datetime, roll: float) -> datetime:
        return now + timedelta(minutes=self.every) * (1 - SPREAD / 2 + SPREAD * roll)
