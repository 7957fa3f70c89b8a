"""The order of the sessions that were found, with the same break in many rooms as one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.schedule.session import Session
from bot.domain.search_query.keys import key
from bot.domain.search_query.names import Names, Numbers
from bot.domain.search_query.query import EITHER, Query, SearchField


@dataclass(frozen=True, slots=True)
class Ranking:
    """Orders sessions, which are numbered by their position in the schedule.

    Attributes:
        minutes: the walk to a session, if the nearest ones come first; else 0.
    """

    names: Names
    sessions: Sequence[Session]
    now: datetime
    minutes: Callable[[Session], float]

    def ordered(self, numbers: Numbers, query: Query, by_words: Sequence[int]) -> list[list[Session]]:
        """Return the sessions, best first; those that differ only in their room are together.

        A session with the typed title is first. Sessions that are over, cancelled or for dropping in are last, unless
        they were asked for by name. Between these, sessions are in the order of the words, or else of their time.

        Args:
            numbers: what to order.
            query: what was asked for.
            by_words: the sessions with the words, best first.
        """
        rank = {number: position for position, number in enumerate(by_words)}
        titled = self._titled(query)
        kinds = {
            kind for part in query.parts if part.field is SearchField.KIND and not part.excluded for kind in part.values
        }
        words = [key(word) for words in query.words for word in words.split(EITHER)]

        def order(number: int) -> tuple[bool, bool, bool, bool, float, int, int]:
            session = self.sessions[number]
            is_named = number not in self.names.drop_ins or session.kind in kinds or _has(session.title, words)
            is_over = session.ends_at <= self.now
            in_words = rank.get(number, len(rank))
            return (
                number not in titled,
                is_over,
                not session.takes_place,
                not is_named,
                self.minutes(session),
                in_words,
                number,
            )

        groups: dict[int, list[Session]] = {}
        for number in sorted(numbers, key=order):
            groups.setdefault(self.names.groups[number], []).append(self.sessions[number])
        return list(groups.values())

    def _titled(self, query: Query) -> Numbers:
        """Sessions with the typed title, or with that of an asked place: the expo is a place with opening hours."""
        places = [
            value
            for part in query.parts
            if part.field is SearchField.ROOM and not part.excluded
            for value in part.values
        ]
        titles = (query.title, *map(key, places))
        return frozenset().union(*(self.names.titles.get(title, frozenset()) for title in titles))


def _has(title: str, words: Sequence[str]) -> bool:
    title_key = key(title) if words else ""
    return any(word in title_key for word in words)
