"""Clock, timer and search."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.schedule.conference import Schedule
from bot.domain.schedule.session import Session
from bot.domain.search_query.names import Names


class Clock(Protocol):
    """The only source of the current time."""

    def now(self) -> datetime:
        """Return this instant, aware, in UTC."""
        ...


class Timer(Protocol):
    """Wakes one background job."""

    def wake_at(self, moment: datetime | None) -> None:
        """Wake the job at `moment` instead of the moment set before; at once if it is past.

        None: no moment is known. The job may be woken earlier than asked, so that it sees work of other processes.
        """
        ...


class SearchIndex(Protocol):
    """Full-text search in one schedule."""

    @property
    def names(self) -> Names:
        """The names in the schedule, by what people may type for them."""
        ...

    def correction(self, word: str) -> str | None:
        """The known word that an unknown one stands for; None if it is known or no other is near."""
        ...

    def about(self, words: Sequence[str], *, every: bool = True) -> list[int]:
        """The positions of the sessions with all of the words, or else with any of them, best first."""
        ...

    def search(self, words: str, limit: int) -> list[Session]:
        """Sessions that match `words`, best first: title before speaker, track, abstract; tolerates a typo."""
        ...

    def nearest(self, text: str, limit: int) -> list[Session]:
        """Sessions whose code or title looks most like `text`, best first."""
        ...


class Indexer(Protocol):
    """Makes the search index of a schedule. It is called in a thread of its own."""

    def __call__(self, schedule: Schedule) -> SearchIndex:
        """The index of `schedule`."""
        ...
