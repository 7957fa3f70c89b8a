"""Two indexes of SQLite's FTS5, by words and by three letters.

Words find what was meant, also in another form (porter stems); three letters find what stands in the middle of a word.

A search runs on the event loop, so its cost is bounded whatever people type: below 5 ms for 2,400 sessions.
"""

import re
import sqlite3
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process, utils

from bot.domain.schedule.conference import Schedule
from bot.domain.schedule.folding import fold
from bot.domain.schedule.session import Session

ENOUGH = 20
"""With this many hits of the stricter query the laxer one is skipped."""
WEIGHTS = "12.0, 10.0, 6.0, 3.0, 1.0"
"""Column weights of code, title, speakers, track and abstract."""
TYPO, ALIKE = 72, 70
"""Least similarity, of 100, of a word and of a code."""
MOST_WORDS, MOST_CHARACTERS = 8, 30
"""Words of a query, and characters of one: each costs a look at the whole vocabulary."""
MOST_LETTERS, MOST_CORRECTED = 2, 4
"""Words of one letter, which nearly every session has, and unknown words for which the nearest one is looked up."""
LONGEST_TITLE, LONGEST_CODE = 80, 30
"""Characters of a text that is compared with titles and with codes."""
MOST_TRIGRAMS, CANDIDATES = 24, 60
"""The rarest groups of three letters in a text, and the titles with the most of them, which are compared with it."""
_WORD = re.compile(r"\w+")
_NO_CODE = re.compile(r"[^A-Z0-9]")


@dataclass(frozen=True, slots=True)
class Index:
    """`ports.SearchIndex` of one schedule."""

    schedule: Schedule
    database: sqlite3.Connection
    vocabulary: tuple[str, ...]
    codes: dict[str, Session]
    titles: "_Titles"

    def search(self, words: str, limit: int) -> list[Session]:
        """Return sessions, best first; an unknown word is replaced by the nearest known one."""
        typed = _distinct_words(words)
        if not typed:
            return []
        unknown = [word for word in typed if not self._is_beginning(word)][:MOST_CORRECTED]
        corrected = {word: self._nearest_word(word) for word in unknown}
        known = [corrected.get(word, word) for word in typed]
        letters = [word for word in known if len(word) > 2]  # noqa: PLR2004 — three letters are the least
        found: dict[int, None] = {}
        # All of the words before any of them, and three letters alike only where words find little.
        for table, query in (("words", _all(known)), ("words", _any(known)), ("trigrams", _any(letters))):
            if len(found) < ENOUGH:
                found |= dict.fromkeys(self._ranked(table, query, limit))
        return [self.schedule.sessions[number] for number in list(found)[:limit]]

    def nearest(self, text: str, limit: int) -> list[Session]:
        """Return the sessions whose code or title is most like `text`, best match first.

        An exact code, however it is spelled, gives only its session.
        """
        code = _NO_CODE.sub("", text.upper())[:LONGEST_CODE]
        if exact := self.codes.get(code):
            return [exact][:limit]
        alike = process.extract(code, list(self.codes), scorer=fuzz.ratio, limit=limit, score_cutoff=ALIKE)
        by_code = [(score, self.codes[key]) for key, score, _ in alike]
        ranked = sorted((*by_code, *self.titles.nearest(text, limit)), key=lambda pair: -pair[0])
        return list({session.id: session for _, session in ranked}.values())[:limit]

    def _is_beginning(self, word: str) -> bool:
        """Whether a known word begins with `word`."""
        first = bisect_left(self.vocabulary, word)
        return first < len(self.vocabulary) and self.vocabulary[first].startswith(word)

    def _nearest_word(self, word: str) -> str:
        found = process.extractOne(word, self.vocabulary, scorer=fuzz.ratio, score_cutoff=TYPO)
        return found[0] if found else word

    def _ranked(self, table: str, query: str, limit: int) -> list[int]:
        if not query:
            return []
        statement = f"SELECT rowid FROM {table} WHERE {table} MATCH ? ORDER BY bm25({table}, {WEIGHTS}), rowid LIMIT ?"  # noqa: S608 — our own names
        return [row[0] for row in self.database.execute(statement, (query, limit))]


@dataclass(frozen=True, slots=True)
class _Titles:
    """All titles, each once, with the sessions that have it.

    Attributes:
        texts: the titles as they are compared.
        sessions: those of each title.
        by_trigram: by three letters, the numbers of the titles that have them.
    """

    texts: Sequence[str]
    sessions: Sequence[Sequence[Session]]
    by_trigram: Mapping[str, Sequence[int]]

    @classmethod
    def of(cls, schedule: Schedule) -> "_Titles":
        """Index the titles of a schedule."""
        by_title: dict[str, list[Session]] = defaultdict(list)
        for session in schedule.sessions:
            by_title[utils.default_process(fold(session.title))].append(session)
        by_trigram: dict[str, list[int]] = defaultdict(list)
        for number, title in enumerate(by_title):
            for trigram in _trigrams(title):
                by_trigram[trigram].append(number)
        return cls(tuple(by_title), tuple(by_title.values()), by_trigram)

    def nearest(self, text: str, limit: int) -> list[tuple[float, Session]]:
        """Return the sessions with the titles most like `text`, with their similarity.

        Only titles that share groups of three letters with the text are compared with it: comparing all of them would
        take up to 45 ms.
        """
        typed = utils.default_process(fold(text))[:LONGEST_TITLE]
        shared = Counter[int]()
        numbers = [self.by_trigram[trigram] for trigram in _trigrams(typed) if trigram in self.by_trigram]
        for found in sorted(numbers, key=len)[:MOST_TRIGRAMS]:
            shared.update(found)
        # A small conference has no more titles than that: all of them are compared.
        candidates = dict.fromkeys([*(number for number, _ in shared.most_common(CANDIDATES)), *range(CANDIDATES)])
        texts = {number: self.texts[number] for number in list(candidates)[:CANDIDATES] if number < len(self.texts)}
        matches = process.extract(typed, texts, scorer=fuzz.WRatio, limit=limit)
        return [(score, session) for _, score, number in matches for session in self.sessions[number]]


def _trigrams(text: str) -> set[str]:
    padded = f" {text} "
    return {padded[start : start + 3] for start in range(len(padded) - 2)}


def _distinct_words(text: str) -> list[str]:
    """The words to search for: the first ones, shortened, of which only two may be single letters."""
    words = list(dict.fromkeys(word[:MOST_CHARACTERS] for word in _WORD.findall(text.casefold())))
    letters = [word for word in words if len(word) == 1][:MOST_LETTERS]
    return [word for word in words if len(word) > 1 or word in letters][:MOST_WORDS]


def index_of(schedule: Schedule) -> Index:
    """Build the index of a schedule (about 40 ms for 1,000 sessions).

    Another thread than the one that builds it may use it; one thread at a time.
    """
    database = sqlite3.connect(":memory:", check_same_thread=False)
    rows = [_row(number, session) for number, session in enumerate(schedule.sessions)]
    columns = "code, title, speakers, track, abstract"
    # Without an index of their beginnings, one letter would be looked up in the whole vocabulary.
    beginnings = ", prefix = '1 2 3'"
    tables = (("words", "porter unicode61 remove_diacritics 2", beginnings), ("trigrams", "trigram", ""))
    for table, tokenizer, prefix in tables:
        database.execute(f"CREATE VIRTUAL TABLE {table} USING fts5({columns}, tokenize = '{tokenizer}'{prefix})")
        database.executemany(f"INSERT INTO {table} (rowid, {columns}) VALUES (?, ?, ?, ?, ?, ?)", rows)  # noqa: S608 — our own names
    vocabulary = {word for row in rows for text in row[1:5] for word in _WORD.findall(str(text).casefold())}
    codes = {_NO_CODE.sub("", session.code.upper()): session for session in schedule.sessions}
    return Index(schedule, database, tuple(sorted(vocabulary)), codes, _Titles.of(schedule))


def _row(number: int, session: Session) -> tuple[int, str, str, str, str, str]:
    speakers = " ".join(session.speakers)
    # The first sentences say what a talk is about; trigrams of whole books would cost more than they find.
    return number, session.code, session.title, speakers, session.track, session.abstract[:600]


def _all(words: Iterable[str]) -> str:
    return " AND ".join(f'"{word}" *' for word in words)


def _any(words: Iterable[str]) -> str:
    return " OR ".join(f'"{word}" *' for word in words)
