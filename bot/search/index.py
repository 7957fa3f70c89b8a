"""Two indexes of SQLite's FTS5, by words and by three letters.

Words find what was meant, also in another form (porter stems); three letters find what stands in the middle of a word.

A search runs on the event loop, so its cost is bounded whatever people type: below 5 ms for 2,400 sessions.
"""

import re
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process, utils

from bot.domain.schedule.conference import Schedule
from bot.domain.schedule.folding import fold
from bot.domain.schedule.session import Session
from bot.domain.search_query.names import Names
from bot.domain.search_query.plain_words import STOP_WORDS, spelled_words
from bot.domain.search_query.query import EITHER
from bot.search.corrector import Corrector

ENOUGH = 20
"""With this many hits of the stricter query the laxer one is skipped."""
WEIGHTS = "12.0, 10.0, 6.0, 3.0, 1.0"
"""Column weights of code, title, speakers, track and abstract."""
ALIKE = 70
"""Least similarity, of 100, of two codes."""
MOST_WORDS, MOST_CHARACTERS = 8, 30
"""Words of a query, and characters of one: each costs a look at the whole vocabulary."""
MOST_LETTERS, MOST_CORRECTED = 2, 4
"""Words of one letter, which nearly every session has, and unknown words for which the nearest one is looked up."""
LONGEST_TITLE, LONGEST_CODE = 80, 30
"""Characters of a text that is compared with titles and with codes."""
LONGEST_WHOLE, FEW = 4, 3
"""A word of at most so many letters, in so many sessions, is not read as the beginning of others: `ai`, `java`."""
LONGEST_ABSTRACT, LONGEST_TRIGRAMS = 6_000, 600
"""Characters of an abstract in which words and groups of three letters are found; the first sentences say most."""
MOST_ALTERNATIVES = 4
"""Words of which a session needs one."""
MOST_TRIGRAMS, CANDIDATES = 24, 60
"""The rarest groups of three letters in a text, and the titles with the most of them, which are compared with it."""
IN_TITLE, PLAIN_FREQUENCY = 10, 30
"""Sessions for which a word of a title, and a plain word such as `monday`, counts: it is likelier meant."""
_WORD = re.compile(r"\w+")
_NO_CODE = re.compile(r"[^A-Z0-9]")


@dataclass(frozen=True, slots=True)
class Index:
    """The `ports.SearchIndex` of one schedule."""

    schedule: Schedule
    database: sqlite3.Connection
    corrector: Corrector
    codes: dict[str, Session]
    titles: "_Titles"
    names: Names

    def search(self, words: str, limit: int) -> list[Session]:
        """Return sessions, best first; an unknown word is replaced by the nearest known one."""
        typed = _distinct_words(words)
        if not typed:
            return []
        corrected = [self.correction(word) or word for word in typed[:MOST_CORRECTED]] + typed[MOST_CORRECTED:]
        letters = [word for word in corrected if len(word) > 2]  # noqa: PLR2004 — three letters are the least
        numbers: dict[int, None] = {}
        # All of the words before any of them, and three letters alike only where words find little.
        for table, query in (("words", _all(corrected)), ("words", _any(corrected)), ("trigrams", _any(letters))):
            if len(numbers) < ENOUGH:
                numbers |= dict.fromkeys(self._ranked(table, query, limit))
        return [self.schedule.sessions[number] for number in list(numbers)[:limit]]

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

    def correction(self, word: str) -> str | None:
        """Return the known word that an unknown one stands for; None if it is known or no other is near."""
        return self.corrector.correction(word)

    def about(self, words: Sequence[str], *, every: bool = True) -> list[int]:
        """Return the positions of the sessions with all of the words, or else with any of them, best first.

        `rust|go` stands for either word. A word of several parts, such as `ci/cd`, is found where its parts follow each
        other. If no word begins with a searched word, it is found in the middle of words.
        """
        groups = [self._matching(word) for word in words[:MOST_WORDS]]
        query = (" AND " if every else " OR ").join(f"({group})" for group in groups if group)
        return self._ranked("words", query, len(self.schedule.sessions)) if query else []

    def _matching(self, word: str) -> str:
        """The query for a word in each of its forms, or for one of several words; "" if it has no letters."""
        if EITHER in word:
            return " OR ".join(filter(None, map(self._matching, word.split(EITHER)[:MOST_ALTERNATIVES])))
        parts = _WORD.findall(word[:MOST_CHARACTERS].casefold())
        if not parts:
            return ""
        if len(parts) > 1:
            return f'"{" ".join(parts)}"'
        only = parts[0]
        frequency = self.corrector.frequency.get(only, 0)
        if len(only) <= LONGEST_WHOLE and frequency >= FEW:
            return f'"{only}"'
        if len(only) > LONGEST_WHOLE and not self.corrector.knows(only):
            return " OR ".join(f'"{other}"' for other in (only, *self.corrector.containing(only)))
        return f'"{only}" *'

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
        for sharing in sorted(numbers, key=len)[:MOST_TRIGRAMS]:
            shared.update(sharing)
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
    """Build the index of a schedule (about 0.3 s for 900 sessions with long abstracts).

    Another thread than the one that builds it may use it; one thread at a time.
    """
    database = sqlite3.connect(":memory:", check_same_thread=False)
    rows = [_row(number, session) for number, session in enumerate(schedule.sessions)]
    columns = "code, title, speakers, track, abstract"
    # Without an index of their beginnings, one letter would be looked up in the whole vocabulary.
    beginnings = ", prefix = '1 2 3'"
    tables = (
        ("words", "porter unicode61 remove_diacritics 2", beginnings, LONGEST_ABSTRACT),
        ("trigrams", "trigram", "", LONGEST_TRIGRAMS),
    )
    for table, tokenizer, prefix, longest in tables:
        database.execute(f"CREATE VIRTUAL TABLE {table} USING fts5({columns}, tokenize = '{tokenizer}'{prefix})")
        cut = ((*row[:-1], row[-1][:longest]) for row in rows)
        database.executemany(f"INSERT INTO {table} (rowid, {columns}) VALUES (?, ?, ?, ?, ?, ?)", cut)  # noqa: S608 — our own names
    names = Names.of(schedule)
    codes = {_NO_CODE.sub("", session.code.upper()): session for session in schedule.sessions}
    return Index(schedule, database, Corrector.of(_frequency(rows, names)), codes, _Titles.of(schedule), names)


def _frequency(rows: Sequence[tuple[int, str, str, str, str, str]], names: Names) -> Mapping[str, int]:
    """Return in how many sessions each word is; a plain word or a word of a name counts as if it were in many."""
    words_of = (set(_WORD.findall(" ".join(row[1:]).casefold())) for row in rows)
    frequency = Counter(word for words in words_of for word in words)
    for row in rows:
        # People search for what they have read in a title.
        frequency.update(dict.fromkeys(_WORD.findall(row[2].casefold()), IN_TITLE))
    for word in (*spelled_words(), *names.spelled):
        frequency[word] = max(frequency[word], PLAIN_FREQUENCY)
    # They are in nearly every session, and people seldom type one alone.
    return frequency | dict.fromkeys(STOP_WORDS, PLAIN_FREQUENCY)


def _row(number: int, session: Session) -> tuple[int, str, str, str, str, str]:
    speakers = " ".join(session.speakers)
    return number, session.code, session.title, speakers, session.track, session.abstract[:LONGEST_ABSTRACT]


def _all(words: Iterable[str]) -> str:
    return " AND ".join(f'"{word}" *' for word in words)


def _any(words: Iterable[str]) -> str:
    return " OR ".join(f'"{word}" *' for word in words)
