"""What somebody typed for a plan: topics raise the interest of sessions, and times and places bound it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.search_query.names import Numbers
from bot.domain.search_query.query import Part, Query, SearchField
from bot.domain.search_query.selection import Selection

ABOUT = frozenset({SearchField.KIND, SearchField.TRACK, SearchField.SPEAKER, SearchField.WORD})
"""What one may be interested in; a session has to fit all such parts of one topic."""
IGNORED = frozenset({SearchField.DAY, SearchField.FREE, SearchField.NEAR, SearchField.COMING, SearchField.RUNNING})
"""A plan has its days, is free of clashes, and spares walks anyway."""
PARTLY = 0.5
"""The interest in what fits a part of a topic, where nothing fits all of it."""


@dataclass(frozen=True, slots=True)
class Interests:
    """What a typed line means for a plan.

    Attributes:
        by_id: the interest in sessions, by id: 1 for one that fits a topic.
        bounds: the ids of the sessions at the typed times and places; None if none were typed.
    """

    by_id: Mapping[str, float]
    bounds: frozenset[str] | None = None


def interests_in(topics: Sequence[Query], selection: Selection) -> Interests:
    """Return what several topics mean for a plan. A time or a place that is typed with one of them holds for all."""
    bounds = [part for topic in topics for part in topic.parts if not _is_about(part) and part.field not in IGNORED]
    allowed = _within(bounds, selection) if bounds else None
    found: dict[int, float] = {}
    for topic in topics:
        for number, interest in _fitting(topic, selection).items():
            if allowed is None or number in allowed:
                found[number] = max(found.get(number, 0), interest)
    ids = None if allowed is None else frozenset(selection.sessions[number].id for number in allowed)
    return Interests({selection.sessions[number].id: interest for number, interest in found.items()}, ids)


def _is_about(part: Part) -> bool:
    return part.field in ABOUT and not part.excluded


def _fitting(topic: Query, selection: Selection) -> Mapping[int, float]:
    """The sessions that fit all parts of a topic; if there are none, those that fit some."""
    titled = selection.names.titles.get(topic.title, frozenset())
    about = [part for part in topic.parts if _is_about(part)]
    groups = [selection.of_part(part) for part in about]
    every = frozenset.intersection(*groups) & selection.names.listed if groups else frozenset[int]()
    if every or titled:
        return dict.fromkeys(every | titled, 1.0)
    return dict.fromkeys(_any_of(groups) & selection.names.listed, PARTLY)


def _any_of(groups: Iterable[Numbers]) -> Numbers:
    return frozenset[int]().union(*groups)


def _within(bounds: Iterable[Part], selection: Selection) -> Numbers:
    found = selection.names.listed
    for part in bounds:
        found = found - selection.of_part(part) if part.excluded else found & selection.of_part(part)
    return found
