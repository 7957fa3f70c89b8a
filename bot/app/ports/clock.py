"""Clock, alarm and search."""

from datetime import datetime
from typing import Protocol

from bot.domain.schedule.conference import Schedule
from bot.domain.schedule.session import Session


class Clock(Protocol):
    """The one thing that reads the clock."""

    def now(self) -> datetime:
        """This instant, aware, in UTC."""
        ...


class Alarm(Protocol):
    """Calls the ticker at the next due time; holds a single moment, the earliest one asked for."""

    def wake_at(self, moment: datetime | None) -> None:
        """Ring at `moment`, at once if it is past; None: not before somebody asks again."""
        ...


class SearchIndex(Protocol):
    """Full-text search in one schedule."""

    def search(self, words: str, limit: int) -> list[Session]:
        """Sessions that match `words`, best first: title before speaker, track, abstract; tolerates a typo."""
        ...

    def nearest(self, text: str, limit: int) -> list[Session]:
        """Sessions whose code or title looks most like `text`, best first."""
        ...


class Indexer(Protocol):
    """Makes the search index of a schedule."""

    def __call__(self, schedule: Schedule) -> SearchIndex:
        """The index of `schedule`."""
        ...
