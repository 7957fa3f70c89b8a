"""The wishes typed for a plan: topics raise the interest of sessions; times and places restrict them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.schedule.folding import fold
from bot.domain.search_query.names import Numbers
from bot.domain.search_query.query import Part, Query, SearchField
from bot.domain.search_query.selection import Selection

ABOUT = frozenset({SearchField.KIND, SearchField.TRACK, SearchField.SPEAKER, SearchField.WORD})
"""Parts of a search that are topics; a session has to fit all such parts of one topic."""
IGNORED = frozenset({SearchField.DAY, SearchField.FREE, SearchField.NEAR, SearchField.COMING, SearchField.RUNNING})
"""A plan has its days, is free of clashes, and spares walks anyway."""
PARTLY = 0.5
"""The interest in sessions that fit a part of a topic, if no session fits all of it."""
ONE_OF_SEVERAL = 0.8
"""The interest in sessions about one of several themes that were typed together."""
BEGINNING = 5
"""Letters of a word that have to be in a text: the search knows other forms of words."""


@dataclass(frozen=True, slots=True)
class Interests:
    """The meaning of a typed line for a plan.

    Attributes:
        by_id: the interest in sessions, by id: 1 for one that fits a topic.
        bounds: the ids of the sessions at the typed times and places; None if none were typed.
    """

    by_id: Mapping[str, float]
    bounds: frozenset[str] | None = None


def interests_in(topics: Sequence[Query], selection: Selection) -> Interests:
    """Return the meaning of several topics for a plan. A time or a place typed with one topic holds for all."""
    bounds = [part for topic in topics for part in topic.parts if not _is_about(part) and part.field not in IGNORED]
    allowed = _within(bounds, selection) if bounds else None
    by_number: dict[int, float] = {}
    for topic in topics:
        for number, interest in _fitting(topic, selection).items():
            if allowed is None or number in allowed:
                by_number[number] = max(by_number.get(number, 0), interest)
    ids = None if allowed is None else frozenset(selection.sessions[number].id for number in allowed)
    return Interests({selection.sessions[number].id: interest for number, interest in by_number.items()}, ids)


def _is_about(part: Part) -> bool:
    return part.field in ABOUT and not part.excluded


def _fitting(topic: Query, selection: Selection) -> Mapping[int, float]:
    """The sessions that fit a topic, each with the interest in it.

    `serverless security` are two topics in one, because hardly any session is about both: one of them is enough, and
    both are best. `machine learning` is one topic.
    """
    listed = selection.names.listed
    titled = selection.names.titles.get(topic.title, frozenset[int]())
    about = [part for part in topic.parts if _is_about(part)]
    others = [selection.of_part(part) for part in about if part.field is not SearchField.WORD]
    themes = _themes([part for part in about if part.field is SearchField.WORD], selection)
    with_all = _all_of((*others, *themes)) & listed
    with_some = _all_of((*others, _any_of(themes))) & listed if len(themes) > 1 else frozenset[int]()
    if with_all or with_some or titled:
        return {**dict.fromkeys(with_some, ONE_OF_SEVERAL), **dict.fromkeys(with_all | titled, 1.0)}
    return dict.fromkeys(_any_of((*others, *themes)) & listed, PARTLY)


def _themes(words: Sequence[Part], selection: Selection) -> list[Numbers]:
    """The sessions of each theme in a row of words: words that stand behind each other in texts are one theme."""
    themes: list[Numbers] = []
    before = ""
    for part in words:
        group, word = selection.of_part(part), part.values[0]
        if themes and _is_phrase(before, word, themes[-1] & group, selection):
            themes[-1] &= group
        else:
            themes.append(group)
        before = word
    return themes


def _is_phrase(word: str, following: str, numbers: Numbers, selection: Selection) -> bool:
    """Whether most sessions with two words have them next to each other.

    In the titles of re:Invent 2024 and 2025, 9 in 10 sessions have "machine learning", "event-driven" or "zero trust"
    as one expression, and at most 1 in 10 "serverless security" or "security Kubernetes".
    """
    expression = f"{fold(word)} {fold(following)[:BEGINNING]}"
    sessions = [selection.sessions[number] for number in numbers]
    matches = sum(expression in fold(f"{session.title} {session.abstract}").replace("-", " ") for session in sessions)
    return matches * 2 >= len(sessions) > 0


def _all_of(groups: Sequence[Numbers]) -> Numbers:
    return frozenset.intersection(*groups) if groups else frozenset[int]()


def _any_of(groups: Iterable[Numbers]) -> Numbers:
    return frozenset[int]().union(*groups)


def _within(bounds: Iterable[Part], selection: Selection) -> Numbers:
    numbers = selection.names.listed
    for part in bounds:
        numbers = numbers - selection.of_part(part) if part.excluded else numbers & selection.of_part(part)
    return numbers
