"""Where schedules come from: what is kept of feeds, how they are fetched, and who looks after them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.imports.draft import Draft
from bot.domain.imports.feed import Feed
from bot.domain.imports.report import ImportReport


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server said of a copy, so that it sends the next one only if it is another; "" where it said nothing."""

    etag: str = ""
    modified: str = ""


@dataclass(frozen=True, slots=True)
class Copy:
    """What a server sent."""

    body: bytes
    validators: Validators = Validators()


class Fetcher(Protocol):
    """Fetches a schedule."""

    async def __call__(self, url: str, known: Validators) -> Copy | None:
        """A new copy, None where the known one is still good; raises `FetchError`."""
        ...


class Parser(Protocol):
    """Reads a schedule."""

    def __call__(self, data: bytes, name: str, format_name: str = "") -> Draft:
        """The draft of what sentences call `name`; raises `ScheduleImportError`."""
        ...


class Feeds(Protocol):
    """The feeds, one for each conference that has one."""

    async def get(self, conference: str) -> Feed | None:
        """The feed of a conference."""
        ...

    async def all(self) -> Sequence[Feed]:
        """Every feed, by conference."""
        ...

    async def save(self, feed: Feed) -> None:
        """Add or replace a feed; whoever has claimed the old one loses it."""
        ...

    async def claim(self, now: datetime, until: datetime, conference: str = "") -> Feed | None:
        """Take one due feed, the longest due first, for nobody else until `until`; a named one need not be due."""
        ...

    async def release(self, feed: Feed) -> bool:
        """Keep what became of a claimed feed and give it back; False, and nothing is kept, if it was lost."""
        ...

    async def next_due(self) -> datetime | None:
        """When a feed is to be looked at next, or the next lease runs out; None if there is none."""
        ...


class HeldCopies(Protocol):
    """The copies that wait for somebody's word."""

    async def get(self, conference: str) -> bytes | None:
        """What is held for a conference."""
        ...

    async def put(self, conference: str, body: bytes | None) -> None:
        """Hold `body` instead of what was held; None: hold nothing."""
        ...


@dataclass(frozen=True, slots=True)
class PollResult:
    """What became of one look at a feed; `report` is None where the copy was not read."""

    feed: Feed
    report: ImportReport | None = None


class Desk(Protocol):
    """Looks after the feeds, in transactions of its own. All raise `HallwayError`s that say what to do."""

    async def follow(self, feed: Feed, asker: int) -> PollResult:
        """Fetch and take in a feed that is new, or has another address; it is kept only if that went well.

        What is held is put to all organizers but the `asker`, who sees it in the answer.
        """
        ...

    async def refresh(self, conference: str, asker: int) -> PollResult:
        """Look at a feed now, due or not; the `asker` as above."""
        ...

    async def compare(self, conference: str) -> ImportReport:
        """What taking in the held copy would change, else the newest one; nothing is stored."""
        ...

    async def apply(self, conference: str) -> PollResult:
        """Take in the held copy after all."""
        ...

    async def keep_old(self, conference: str) -> Feed:
        """Put the held copy aside, and others that would lose the same."""
        ...
