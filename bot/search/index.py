"""Two indexes of SQLite's FTS5, by words and by three letters.

Words find what was meant, also in another form (porter stems); three letters find what stands in the middle of a word.
"""

import re
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz, process, utils

from bot.domain.schedule.conference import Schedule
from bot.domain.schedule.session import Session

ENOUGH = 20
"""With this many hits of the stricter query the laxer one is skipped."""
WEIGHTS = "12.0, 10.0, 6.0, 3.0, 1.0"
"""Column weights of code, title, speakers, track and abstract."""
TYPO, ALIKE, MOST_WORDS = 72, 70, 12
_WORD = re.compile(r"\w+")
_NO_CODE = re.compile(r"[^A-Z0-9]")


@dataclass(frozen=True, slots=True)
class Index:
    """`ports.SearchIndex` of one schedule."""

    schedule: Schedule
    database: sqlite3.Connection
    vocabulary: tuple[str, ...]
    codes: dict[str, Session]

    def search(self, words: str, limit: int) -> list[Session]:
        """Return ids, best first; an unknown word is replaced by the nearest known one."""
        typed = _WORD.findall(words.casefold())[:MOST_WORDS]
        if not typed:
            return []
        known = [self._corrected(word) for word in typed]
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
        code = _NO_CODE.sub("", text.upper())
        if exact := self.codes.get(code):
            return [exact][:limit]
        alike = process.extract(code, list(self.codes), scorer=fuzz.ratio, limit=limit, score_cutoff=ALIKE)
        by_code = [(score, self.codes[key]) for key, score, _ in alike]
        titles = [session.title for session in self.schedule.sessions]
        matches = process.extract(text, titles, scorer=fuzz.WRatio, processor=utils.default_process, limit=limit)
        by_title = [(score, self.schedule.sessions[number]) for _, score, number in matches]
        ranked = sorted((*by_code, *by_title), key=lambda pair: -pair[0])
        return list({session.id: session for _, session in ranked}.values())[:limit]

    def _corrected(self, word: str) -> str:
        """Return the nearest known word, unless `word` is a prefix of one."""
        if any(known.startswith(word) for known in self.vocabulary):
            return word
        found = process.extractOne(word, self.vocabulary, scorer=fuzz.ratio, score_cutoff=TYPO)
        return found[0] if found else word

    def _ranked(self, table: str, query: str, limit: int) -> list[int]:
        if not query:
            return []
        statement = f"SELECT rowid FROM {table} WHERE {table} MATCH ? ORDER BY bm25({table}, {WEIGHTS}), rowid LIMIT ?"  # noqa: S608 — our own names
        return [row[0] for row in self.database.execute(statement, (query, limit))]


def index_of(schedule: Schedule) -> Index:
    """Build the index of a schedule (about 10 ms for 1,000 sessions)."""
    database = sqlite3.connect(":memory:")
    rows = [_row(number, session) for number, session in enumerate(schedule.sessions)]
    columns = "code, title, speakers, track, abstract"
    for table, tokenizer in (("words", "porter unicode61 remove_diacritics 2"), ("trigrams", "trigram")):
        database.execute(f"CREATE VIRTUAL TABLE {table} USING fts5({columns}, tokenize = '{tokenizer}')")
        database.executemany(f"INSERT INTO {table} (rowid, {columns}) VALUES (?, ?, ?, ?, ?, ?)", rows)  # noqa: S608 — our own names
    vocabulary = {word for row in rows for text in row[1:5] for word in _WORD.findall(str(text).casefold())}
    codes = {_NO_CODE.sub("", session.code.upper()): session for session in schedule.sessions}
    return Index(schedule, database, tuple(sorted(vocabulary)), codes)


def _row(number: int, session: Session) -> tuple[int, str, str, str, str, str]:
    speakers = " ".join(session.speakers)
    # The first sentences say what a talk is about; trigrams of whole books would cost more than they find.
    return number, session.code, session.title, speakers, session.track, session.abstract[:600]


def _all(words: Iterable[str]) -> str:
    return " AND ".join(f'"{word}" *' for word in words)


def _any(words: Iterable[str]) -> str:
    return " OR ".join(f'"{word}" *' for word in words)
