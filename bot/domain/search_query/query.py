"""A search in parts: each part narrows the result, and each can be removed."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

MOST_WORDS = 8
"""Words that are searched for in one query; further ones are left out."""
EITHER = "|"
"""Between two words of which a session needs one."""


class SearchField(StrEnum):
    """The subject of a part, in the order in which parts are shown."""

    KIND = "kind"
    LEVEL = "level"
    TRACK = "track"
    LANGUAGE = "language"
    RECORDED = "recorded"
    SPEAKER = "speaker"
    DAY = "day"
    DAYTIME = "daytime"
    AFTER = "after"
    BEFORE = "before"
    AT = "at"
    COMING = "coming"
    RUNNING = "running"
    ROOM = "room"
    VENUE = "venue"
    NEAR = "near"
    FREE = "free"
    WORD = "about"


ORDER = {field: number for number, field in enumerate(SearchField)}


@dataclass(frozen=True, slots=True)
class Part:
    """One condition of a search.

    Attributes:
        values: names as the schedule writes them, ISO days, minutes of the day, or one searched word. A session fits if
            it fits one of them. Empty for a part without values, such as `FREE`.
        excluded: a session fits if it does not fit the values: `not workshops`.
    """

    field: SearchField
    values: tuple[str, ...] = ()
    excluded: bool = False

    @property
    def is_searched(self) -> bool:
        """Whether the part is a word to search for."""
        return self.field is SearchField.WORD and not self.excluded


@dataclass(frozen=True, slots=True)
class Query:
    """A search as it was understood. Its parts are in the order of `SearchField`.

    Attributes:
        title: the whole line, if it is the title of a session: that session is always found.
        page: the number of the page, from 1.
    """

    parts: tuple[Part, ...] = ()
    title: str = ""
    page: int = 1

    @classmethod
    def of(cls, parts: Iterable[Part], title: str = "", page: int = 1) -> "Query":
        """Return a query in which the parts of one field are merged, except words, each of which stays a part."""
        values: dict[tuple[SearchField, bool], dict[str, None]] = defaultdict(dict)
        words: dict[Part, None] = {}
        for part in parts:
            if part.field is SearchField.WORD and not part.excluded:
                words[part] = None
            else:
                values[part.field, part.excluded] |= dict.fromkeys(part.values)
        merged = [
            Part(field, _merged(field, alternatives), excluded) for (field, excluded), alternatives in values.items()
        ]
        merged.sort(key=lambda part: (ORDER[part.field], part.excluded))
        return cls((*merged, *list(words)[:MOST_WORDS]), title, page)

    @property
    def words(self) -> tuple[str, ...]:
        """The words to search for."""
        return tuple(part.values[0] for part in self.parts if part.is_searched)

    @property
    def filters(self) -> tuple[Part, ...]:
        """The parts that are not words."""
        return tuple(part for part in self.parts if not part.is_searched)

    def without(self, *removed: Part) -> "Query":
        """Return the query without these parts, from its first page."""
        return Query(tuple(part for part in self.parts if part not in removed))

    def on_page(self, page: int) -> "Query":
        """Return the same query on another page."""
        return replace(self, page=page)


def _merged(field: SearchField, values: Iterable[str]) -> tuple[str, ...]:
    """The values of one field in one order; of several bounds the stricter one counts."""
    ordered = sorted(values)
    if field is SearchField.AFTER:
        return (max(ordered, key=int),)
    if field is SearchField.BEFORE:
        return (min(ordered, key=int),)
    return tuple(ordered)
