"""Understand a typed search: the longest match with the schedule's names and plain words, at any place.

What is not understood is a word to search for. `about:monday` and words in quotes are always words to search for.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from bot.domain.schedule.folding import fold
from bot.domain.search_query.keys import key, stripped
from bot.domain.search_query.names import Names, title_key
from bot.domain.search_query.query import EITHER, Part, Query, SearchField
from bot.domain.search_query.reader import Item, LineReader, QueryWord

MOST_TYPED = 40
"""Words of a line that are looked at."""
MOST_LOOKED_UP = 6
"""Words for which a correction is looked up: each costs a look at the whole vocabulary."""
ABOUT = "about:"
_CHUNK = re.compile(r'"[^"]*+"|\S++')
_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»", '"'))

Correct = Callable[[str], str | None]
"""Returns the word that was meant, or None if the word is right or no other is near."""


@dataclass(frozen=True, slots=True)
class Correction:
    """A word that was read as another one.

    Attributes:
        as_typed: the meaning of the line with the word as it was typed.
    """

    typed: str
    used: str
    as_typed: Query


@dataclass(frozen=True, slots=True)
class Understanding:
    """A line as it was understood.

    Attributes:
        topic: the word that was understood as a track, and could also be a topic.
    """

    query: Query
    corrections: tuple[Correction, ...] = ()
    topic: str = ""


def understand(text: str, names: Names, today: date, correct: Correct) -> Understanding:
    """Understand a line.

    Args:
        text: as typed.
        names: the names of the schedule.
        today: the conference day.
        correct: looks up what an unknown word was meant to be.
    """
    line, page = _without_page(text)
    title = title_key(line)
    title = title if title in names.titles else ""
    words = _words(line)
    items = LineReader(words, names, today).items()
    searched = [item.text for item in items if item.is_searched and not words[item.start].literal]
    looked_up = {text: correct(text) for text in searched[:MOST_LOOKED_UP]} if not title else {}
    fixed = {typed: used for typed, used in looked_up.items() if used}
    if fixed:
        items = LineReader(_corrected(words, fixed), names, today).items()
    corrections = []
    for typed, used in fixed.items():
        others = {other: used for other, used in fixed.items() if other != typed}
        as_typed = [replace(word, literal=True) if word.text == typed else word for word in _corrected(words, others)]
        query = Query.of(_parts(LineReader(as_typed, names, today).items(), as_typed)[0])
        corrections.append(Correction(typed, used, query))
    parts, topic = _parts(items, words)
    return Understanding(Query.of(parts, title, page), tuple(corrections), topic)


def _corrected(words: Sequence[QueryWord], fixed: Mapping[str, str]) -> list[QueryWord]:
    return [word if word.literal else replace(word, text=fixed.get(word.text, word.text)) for word in words]


def _without_page(text: str) -> tuple[str, int]:
    line = " ".join(text.translate(_QUOTES).split())
    # A button quotes its whole argument.
    if len(line) > 1 and line[0] == line[-1] == '"' and '"' not in line[1:-1]:
        line = line[1:-1].strip()
    head, _, number = line.rpartition(" ")
    rest, _, word = head.rpartition(" ")
    if rest and word.casefold() == "page" and number.isdecimal() and number.isascii() and len(number) < len("1000"):
        return rest, max(int(number), 1)
    return line, 1


def _words(line: str) -> list[QueryWord]:
    words: list[QueryWord] = []
    for chunk in _CHUNK.findall(line)[:MOST_TYPED]:
        if len(chunk) > 1 and chunk[0] == chunk[-1] == '"':
            text, literal = " ".join(filter(None, map(stripped, fold(chunk[1:-1]).split()))), True
        elif chunk.casefold().startswith(ABOUT):
            text, literal = fold(stripped(chunk[len(ABOUT) :])).replace("+", " "), True
        else:
            text, literal = fold(stripped(chunk)), False
        words += [QueryWord(text, literal)] if key(text) or text in ("@", "-", "–") else []
    return words


def _parts(items: list[Item], words: list[QueryWord]) -> tuple[list[Part], str]:
    """The parts of the items, and the topic that is taken for a track.

    A track of one word is a topic if there are other topics: in `kubernetes security` both are. A line of plain words
    alone is searched for as it is.
    """
    topics = [item for item in items if item.topic]
    alternatives = _are_alternatives(items, words)
    is_track = (len(topics) == 1 or alternatives) and not any(item.is_searched for item in items)
    if topics and not is_track:
        items = [
            replace(item, parts=(Part(SearchField.WORD, (item.topic,)),)) if item.topic else item for item in items
        ]
    items = _with_alternatives(items, words)
    parts = [part for item in items for part in item.parts]
    if not parts:
        parts = [Part(SearchField.WORD, (word.text,)) for word in words if key(word.text)]
    return parts, topics[0].topic if is_track and len(topics) == 1 else ""


def _is_or(item: Item, words: Sequence[QueryWord]) -> bool:
    return not item.parts and item.length == 1 and words[item.start].text == "or"


def _are_alternatives(items: Sequence[Item], words: Sequence[QueryWord]) -> bool:
    """Whether all topics are joined by `or`: `rust or go`."""
    numbers = [number for number, item in enumerate(items) if item.topic]
    pairs = pairwise(numbers)
    return all(second - first == 2 and _is_or(items[first + 1], words) for first, second in pairs)  # noqa: PLR2004 — one word between


def _with_alternatives(items: Sequence[Item], words: Sequence[QueryWord]) -> list[Item]:
    """Make one part of the words on both sides of `or`, of which a session needs one."""
    merged: list[Item] = []
    pending = False
    for item in items:
        if pending and item.is_searched:
            last = merged.pop()
            merged.append(replace(last, parts=(Part(SearchField.WORD, (f"{last.text}{EITHER}{item.text}",)),)))
            pending = False
        elif merged and merged[-1].is_searched and _is_or(item, words):
            pending = True
        else:
            merged.append(item)
            pending = False
    return merged
