"""Feeds, the sources of schedules: how they are stored, fetched, parsed and imported."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.imports.draft import Draft
from bot.domain.imports.feed import Feed
from bot.domain.imports.report import ImportReport


@dataclass(frozen=True, slots=True)
class Validators:
    """The HTTP validators of a copy, for a conditional request. Empty where the server sent none."""

    etag: str = ""
    modified: str = ""


@dataclass(frozen=True, slots=True)
class Copy:
    """A fetched schedule."""

    body: bytes
    validators: Validators = Validators()


class Fetcher(Protocol):
    """Fetches a schedule by URL."""

    async def __call__(self, url: str, validators: Validators, /) -> Copy | None:
        """Fetch `url`.

        Args:
            url: of the schedule.
            validators: of the last copy.

        Returns:
            The new copy, None if the last one is still current.

        Raises:
            FetchError: the schedule cannot be fetched.
        """
        ...


class Parser(Protocol):
    """Parses a schedule apart from this process, so that no file can stop it."""

    async def __call__(self, data: bytes, name: str, format_name: str = "") -> Draft:
        """Parse `data`.

        Args:
            data: the file.
            name: how messages call the file.
            format_name: detected if empty.

        Raises:
            ScheduleImportError: the data cannot be read as a schedule, or not within the limits of time and memory.
        """
        ...


class Feeds(Protocol):
    """The feeds: a conference has at most one."""

    async def get(self, conference: str) -> Feed | None:
        """Return the feed of a conference."""
        ...

    async def all(self) -> Sequence[Feed]:
        """Return every feed, by conference."""
        ...

    async def save(self, feed: Feed) -> None:
        """Add or replace a feed. A claim of the old one is lost."""
        ...

    async def remove(self, conference: str) -> None:
        """Delete the feed of a conference, with its held copy."""
        ...

    async def claim(self, now: datetime, until: datetime, conference: str = "") -> Feed | None:
        """Lease one feed, the one that has been due the longest.

        Args:
            now: feeds due by now can be claimed.
            until: until then no other process can claim the feed.
            conference: claim only the feed of this conference, due or not.

        Returns:
            The feed with its new lease, None if there is none to claim.
        """
        ...

    async def release(self, feed: Feed) -> bool:
        """Store a claimed feed and end its lease.

        Returns:
            False if the claim was lost meanwhile. Then nothing was stored.
        """
        ...

    async def next_due(self) -> datetime | None:
        """Return when the next feed is due or the next lease ends, None if there are no feeds."""
        ...


class HeldCopies(Protocol):
    """Fetched schedules that wait for an organizer to apply or reject them."""

    async def get(self, conference: str) -> bytes | None:
        """Return the held copy of a conference."""
        ...

    async def put(self, conference: str, body: bytes | None) -> None:
        """Replace the held copy of a conference. None deletes it."""
        ...


@dataclass(frozen=True, slots=True)
class PollResult:
    """The result of one poll of a feed; `report` is None if the copy was not parsed."""

    feed: Feed
    report: ImportReport | None = None


class FeedManager(Protocol):
    """Manages the feeds, in transactions of its own. Each `HallwayError` says what to do."""

    async def follow(self, feed: Feed, asker: int) -> PollResult:
        """Fetch and import a feed that is new or has another address; it is stored only if that succeeds.

        All organizers except the `asker` are asked about a held copy; the `asker` sees it in the answer.
        """
        ...

    async def refresh(self, conference: str, asker: int) -> PollResult:
        """Poll a feed now, due or not; `asker` is as in `follow`."""
        ...

    async def compare(self, conference: str) -> ImportReport:
        """Report what importing the held copy, or else the newest one, would change; nothing is stored."""
        ...

    async def apply(self, conference: str) -> PollResult:
        """Import the held copy."""
        ...

    async def decline_held(self, conference: str) -> Feed:
        """Discard the held copy, and later copies that would lose the same sessions."""
        ...
