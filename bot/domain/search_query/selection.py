"""The sessions that a search selects: the sessions of each part, and those that fit all parts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.schedule.session import Session
from bot.domain.search_query.names import Names, Numbers
from bot.domain.search_query.plain_words import DAYTIMES
from bot.domain.search_query.query import Part, Query, SearchField

LATEST = 48 * 60
Windows = Sequence[tuple[int, int]]
BY_TIME: Mapping[SearchField, Callable[[Part], Windows]] = {
    SearchField.DAYTIME: lambda part: [DAYTIMES[name] for name in part.values],
    SearchField.AFTER: lambda part: [(int(part.values[0]), LATEST)],
    SearchField.BEFORE: lambda part: [(0, int(part.values[0]))],
    SearchField.AT: lambda part: [(int(minute), int(minute) + 1) for minute in part.values],
}
"""When a session of a part starts, in minutes of its conference day: in [from, to) of one of the windows."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Selects sessions, which are numbered by their position in the schedule.

    Attributes:
        about: returns the sessions with all of some words.
        personal: the sessions of the parts that depend on the person: what is free for them, and near to them.
    """

    names: Names
    sessions: Sequence[Session]
    now: datetime
    about: Callable[[Sequence[str]], Sequence[int]]
    personal: Mapping[Part, Numbers]

    def of(self, query: Query) -> Numbers:
        """Return the sessions that fit every part, and those with the title that was typed."""
        numbers = self.names.listed if query.parts else frozenset()
        for part in query.filters:
            numbers = numbers - self.of_part(part) if part.excluded else numbers & self.of_part(part)
        if query.words:
            numbers &= frozenset(self.about(query.words))
        return numbers | self.names.titles.get(query.title, frozenset())

    def count(self, query: Query) -> int:
        """Return how many sessions a query has; the same break in many rooms counts once."""
        return len({self.names.groups[number] for number in self.of(query)})

    def of_part(self, part: Part) -> Numbers:
        """Return the sessions of one part that is not a word."""
        if windows := BY_TIME.get(part.field):
            return self._starting(windows(part))
        match part.field:
            case SearchField.WORD:
                return frozenset().union(*(self.about((word,)) for word in part.values))
            case SearchField.COMING:
                return frozenset(n for n, session in enumerate(self.sessions) if session.starts_at > self.now)
            case SearchField.RUNNING:
                return frozenset(
                    n for n, session in enumerate(self.sessions) if session.starts_at <= self.now < session.ends_at
                )
            case SearchField.FREE | SearchField.NEAR:
                return self.personal[part]
        matches = (self.names.sessions.get((part.field, value), frozenset()) for value in part.values)
        return frozenset().union(*matches)

    def _starting(self, windows: Windows) -> Numbers:
        minutes = self.names.minutes
        matches = ({n for n, minute in enumerate(minutes) if first <= minute < end} for first, end in windows)
        return frozenset().union(*matches)
