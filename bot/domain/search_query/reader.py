"""Reads a line from left to right, and finds the longest known name or phrase at each word."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from bot.domain.search_query.keys import key, singular_key
from bot.domain.search_query.names import Names, NamesByKey
from bot.domain.search_query.plain_words import (
    LONGEST_PHRASE,
    MARKERS,
    PHRASES,
    STOP_WORDS,
    TRACK_MARKERS,
    TRAILING,
    VERB_BEFORE,
)
from bot.domain.search_query.query import Part, SearchField
from bot.domain.search_query.times import LONGEST_RANGE, read_days, read_times

LONGEST_NAME, LONGEST_TITLE = 12, 40
"""Words of the longest name, and of the longest title."""
SHORTEST_TITLE = 3
"""Words of a title that is recognised inside a line; a shorter one may be a topic."""
PREFERENCE = (
    SearchField.VENUE,
    SearchField.KIND,
    SearchField.LEVEL,
    SearchField.TRACK,
    SearchField.LANGUAGE,
    SearchField.ROOM,
    SearchField.SPEAKER,
)
"""Of several fields with the same name the first one counts."""
EXACT_FIELDS = {search_field.value: search_field for search_field in (*PREFERENCE, SearchField.NEAR)}
FILLERS = frozenset({"the", "a", "an", "in", "at", "on"})
NOT = frozenset({"not", "no", "without", "except", "excluding", "but"})
EXCLUDABLE = frozenset({*PREFERENCE, SearchField.DAY, SearchField.DAYTIME, SearchField.WORD})


@dataclass(frozen=True, slots=True)
class QueryWord:
    """A word to search for. A literal one is not interpreted."""

    text: str
    literal: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """Some words of a line, and the parts that they stand for; plain words stand for none.

    Attributes:
        start: the position of the first word.
        length: how many words.
        topic: the word, if it is the name of a track and could be a topic.
    """

    start: int
    length: int
    parts: tuple[Part, ...] = ()
    topic: str = ""

    @property
    def is_searched(self) -> bool:
        """Whether the item is a word to search for."""
        return len(self.parts) == 1 and self.parts[0].is_searched

    @property
    def text(self) -> str:
        """The word to search for."""
        return self.parts[0].values[0]


@dataclass(slots=True)
class LineReader:
    """Reads one line."""

    words: Sequence[QueryWord]
    names: Names
    today: date
    _texts: list[str] = field(default_factory=list)

    def items(self) -> list[Item]:
        """The items of the line, in order."""
        self._texts = [word.text for word in self.words]
        return list(self._read())

    def _read(self) -> Iterator[Item]:
        start = 0
        while start < len(self.words):
            item = self._title(start) or self._excluded(start) or self._longest(start)
            yield item
            start = item.start + item.length

    def _excluded(self, start: int) -> Item | None:
        """`not workshops`, `without rust`: what comes next is not wanted. `not recorded` is a phrase of its own."""
        if self.words[start].literal or self._texts[start] not in NOT or self._phrase(start) or self._time(start):
            return None
        after = start + 1
        while after < len(self.words) and self._texts[after] in FILLERS | NOT:
            after += 1
        item = self._longest(after) if after < len(self.words) else None
        if item is None or not all(part.field in EXCLUDABLE for part in item.parts) or not item.parts:
            return None
        parts = tuple(replace(part, excluded=True) for part in item.parts)
        return Item(start, after - start + item.length, parts)

    def _longest(self, start: int) -> Item:
        if self.words[start].literal:
            return Item(start, 1, (_about(self._texts[start]),))
        readers: tuple[Callable[[int], Item | None], ...] = (
            self._phrase, self._day, self._time, self._exact, self._marked, self._followed, self._name, self._level,
        )  # fmt: skip
        items = [item for read in readers if (item := read(start))]
        return max(items, key=lambda item: item.length) if items else self._other(start)

    def _other(self, start: int) -> Item:
        """A word to search for, or nothing."""
        text = self._texts[start]
        if not key(text) or text in STOP_WORDS:
            return Item(start, 1)
        return Item(start, 1, (_about(text),))

    def _end(self, start: int, most: int) -> int:
        """The end of at most `most` words from `start` on that are not literal."""
        end = start
        while end < min(len(self.words), start + most) and not self.words[end].literal:
            end += 1
        return end

    def _title(self, start: int) -> Item | None:
        """A whole title, whose words are searched for, whatever they could mean."""
        end = self._end(start, LONGEST_TITLE)
        if end - start < SHORTEST_TITLE:
            return None
        keys = [key(text) for text in self._texts[start:end]]
        for length in range(end - start, SHORTEST_TITLE - 1, -1):
            if "".join(keys[:length]) in self.names.titles:
                texts = self._texts[start : start + length]
                return Item(start, length, tuple(_about(t) for t in texts if key(t) and t not in STOP_WORDS))
        return None

    def _phrase(self, start: int) -> Item | None:
        for end in range(self._end(start, LONGEST_PHRASE), start, -1):
            if parts := PHRASES.get(" ".join(self._texts[start:end])):
                return Item(start, end - start, parts)
        return None

    def _day(self, start: int) -> Item | None:
        parsed = read_days(self._texts[start : self._end(start, LONGEST_RANGE)], self.today, self.names.days)
        return Item(start, parsed[1], parsed[0]) if parsed else None

    def _time(self, start: int) -> Item | None:
        parsed = read_times(self._texts[start : self._end(start, LONGEST_RANGE)])
        return Item(start, parsed[1], parsed[0]) if parsed else None

    def _exact(self, start: int) -> Item | None:
        """`track:rust`, `near:me`, `day:monday`."""
        name, colon, text = self._texts[start].partition(":")
        if not colon or not text:
            return None
        if name == "day" and (parsed := read_days([text], self.today, self.names.days)):
            return Item(start, 1, parsed[0])
        of = EXACT_FIELDS.get(name)
        if of is SearchField.NEAR:
            return Item(start, 1, self._near(text))
        parts = [part for part in self._named(text.replace("+", " "), self.names.marked) if part.field is of]
        return Item(start, 1, tuple(parts)) if parts else None

    def _near(self, text: str) -> tuple[Part, ...]:
        venues = [part for part in self._named(text, self.names.marked) if part.field is SearchField.VENUE]
        return tuple(Part(SearchField.NEAR, part.values) for part in venues) or (Part(SearchField.NEAR),)

    def _marked(self, start: int) -> Item | None:
        """`room 102`, `by Ada`, `in the Venetian`, `in building K`, `near Wynn`."""
        first, fields = start, tuple[SearchField, ...]()
        while first < len(self.words) and (self._texts[first] in MARKERS or (fields and self._texts[first] in FILLERS)):
            fields = (*MARKERS.get(self._texts[first], ()), *fields)
            first += 1
        for end in range(self._end(first, LONGEST_NAME), first, -1) if fields else ():
            parts = self._named(" ".join(self._texts[first:end]), self.names.marked)
            for of in fields:
                searched = SearchField.VENUE if of is SearchField.NEAR else of
                matches = tuple(Part(of, part.values) for part in parts if part.field is searched)
                if of is SearchField.TRACK and not TRACK_MARKERS & set(self._texts[start:first]):
                    # `in practice` is not the track CRA in practice.
                    plain = self._named(" ".join(self._texts[first:end]), self.names.plain)
                    matches = tuple(part for part in matches if part in plain)
                if matches and (of is not SearchField.SPEAKER or self._is_whole_name(first, end)):
                    return Item(start, end - start, matches)
        return None

    def _is_whole_name(self, start: int, end: int) -> bool:
        """Whether a speaker's name ends here: `by Ada Byron` is not by every Ada, if no speaker is Ada Byron."""
        if key(" ".join(self._texts[start:end])) in self.names.plain:
            return True
        if self._texts[start - 1] == "with":
            return False
        return end == len(self.words) or not self._longest(end).is_searched

    def _followed(self, start: int) -> Item | None:
        """`Rust track`, `K building`."""
        for end in range(self._end(start, LONGEST_NAME + 1) - 1, start, -1):
            of = TRAILING.get(self._texts[end])
            if of is None:
                continue
            parts = self._named(" ".join(self._texts[start:end]), self.names.marked)
            matches = tuple(part for part in parts if part.field is of)
            if matches:
                return Item(start, end + 1 - start, matches)
        return None

    def _level(self, start: int) -> Item | None:
        """`level 300` and `300 level`, at a conference that has no such level: then nothing fits."""
        pair = self._texts[start : min(start + 2, self._end(start, 2))]
        numbers = [text for text in pair if text.isdecimal() and len(text) == len("300")]
        return Item(start, 2, (Part(SearchField.LEVEL, tuple(numbers)),)) if "level" in pair and numbers else None

    def _name(self, start: int) -> Item | None:
        """A name without a marker."""
        for end in range(self._end(start, LONGEST_NAME), start, -1):
            text = " ".join(self._texts[start:end])
            parts = self._named(text, self.names.plain)
            of = next((of for of in PREFERENCE if any(part.field is of for part in parts)), None)
            if of is None:
                continue
            if text in STOP_WORDS and start and self._texts[start - 1] in VERB_BEFORE:
                return None
            matches = tuple(part for part in parts if part.field is of)
            topic = text if of is SearchField.TRACK and end - start == 1 else ""
            return Item(start, end - start, matches, topic)
        return None

    def _named(self, text: str, names: NamesByKey) -> tuple[Part, ...]:
        exact = names.get(key(text), ())
        return (*exact, *(part for part in names.get(singular_key(text), ()) if part not in exact))


def _about(text: str) -> Part:
    return Part(SearchField.WORD, (text,))
