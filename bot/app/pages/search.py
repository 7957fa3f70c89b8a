"""The search of a page: combines the typed line and the choices in lists, and says what is left to choose."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from bot.app.ports import SearchIndex
from bot.app.text import day_text, s
from bot.domain.search_query.names import Names
from bot.domain.search_query.query import Part, Query, SearchField
from bot.domain.search_query.typed_line import line_of
from bot.domain.search_query.understanding import understand

FREE = "free"
"""The name of the box for sessions that are free for the person."""
LISTS = {
    "day": (SearchField.DAY, s("Day")),
    "venue": (SearchField.VENUE, s("Venue")),
    "kind": (SearchField.KIND, s("Kind")),
    "track": (SearchField.TRACK, s("Track")),
    "level": (SearchField.LEVEL, s("Level")),
    "language": (SearchField.LANGUAGE, s("Language")),
}
"""The lists of a form, by the name of their value in an address."""
MOST_OPTIONS = 150
"""A longer list is not shown, because it is hard to choose from; typing finds the same."""


@dataclass(frozen=True, slots=True)
class ChoiceList:
    """A list to choose from: `options` are values with their labels, `chosen` is one of the values or ""."""

    name: str
    label: str
    options: tuple[tuple[str, str], ...]
    chosen: str


@dataclass(frozen=True, slots=True)
class SearchForm:
    """A search as a form shows it again.

    Attributes:
        query: the search; for an empty form, one day.
        line: the same as a line to type.
        words: the part of the search that no list shows.
    """

    query: Query
    line: str
    words: str
    lists: tuple[ChoiceList, ...]
    free: bool

    @property
    def narrows(self) -> bool:
        """Whether anything was chosen in the lists."""
        return self.free or any(choice_list.chosen for choice_list in self.lists)


def search_form(search: SearchIndex, today: date, typed: str, chosen: Mapping[str, str]) -> SearchForm:
    """Return a search.

    Args:
        search: the search index of the schedule.
        today: the conference day.
        typed: the line in the form.
        chosen: the values of lists by their names; an unknown or empty one is left out, and the line counts.
    """
    names, correct = search.names, cache(search.correction)
    understood = understand(typed, names, today, correct)
    typed_query = understood.query
    asked = [Part(field, (chosen.get(name, ""),)) for name, (field, _) in LISTS.items()]
    wanted = [part for part in asked if (part.field, part.values[0]) in names.sessions]
    wanted += [Part(SearchField.FREE)] if chosen.get(FREE) else []
    if not wanted and not typed_query.parts and not typed_query.title:
        wanted = [Part(SearchField.DAY, (day.isoformat(),)) for day in _first_day(names, today)]
    query, line = typed_query, typed
    if wanted:
        fields = {part.field for part in wanted}
        others = (part for part in typed_query.parts if part.excluded or part.field not in fields)
        query = Query.of((*wanted, *others), typed_query.title, typed_query.page)
        line = line_of(query, names, today, correct)
    lists = tuple(_list(name, label, field, names, query) for name, (field, label) in LISTS.items())
    chosen_parts = {
        Part(field, (choice_list.chosen,))
        for choice_list, (field, _) in zip(lists, LISTS.values(), strict=True)
        if choice_list.chosen
    }
    free = Part(SearchField.FREE) in query.parts
    rest = query.without(*chosen_parts, Part(SearchField.FREE))
    words = typed if query.title else line_of(rest, names, today, correct)
    return SearchForm(query, line, words, tuple(choice_list for choice_list in lists if choice_list.options), free)


def _first_day(names: Names, today: date) -> tuple[date, ...]:
    """Today, or the first conference day after it, or the last one; none without sessions."""
    coming = [day for day in names.days if day >= today]
    return tuple(coming[:1] or names.days[-1:])


def _list(name: str, label: str, field: SearchField, names: Names, query: Query) -> ChoiceList:
    values = sorted(value for part_field, value in names.sessions if part_field is field)
    if not 1 < len(values) <= MOST_OPTIONS:
        return ChoiceList(name, label, (), "")
    part = next((part for part in query.parts if part.field is field and not part.excluded), None)
    chosen = part.values[0] if part and len(part.values) == 1 and part.values[0] in values else ""
    value_text = (lambda value: day_text(date.fromisoformat(value))) if field is SearchField.DAY else str
    return ChoiceList(name, label, tuple((value, value_text(value)) for value in values), chosen)
