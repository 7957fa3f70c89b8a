"""Read a line into words: their case, apostrophes, short forms, lengthened letters and typing errors do not matter."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.app.plain_words.language import SHORTEST_CORRECTED, english
from bot.domain.schedule.folding import fold

MAX_CHARACTERS = 300
"""A longer line is cut here before it is read: a question is shorter, and the time to match grows with the length."""
MAX_WORDS, MAX_CLAUSES = 40, 5
LONG, EDITS = 9, 2
"""Letters of a word in which two errors are corrected, and that number."""
ENDINGS = ("s", "es", "ed", "er", "ing", "ly")
"""A known word with one of these endings is not a typing error."""
MOST_CORRECTED = 8
"""Words of a sentence that are corrected: each is compared with all words of the tables."""
LENGTHENED = 3
"""So many equal letters in a row are a lengthened word, such as `helloooo`."""
LAUGHTER = "haha"
LONGEST_JOINED = 3
AROUND = ".,!?;:()[]{}<>\"'*_~`#“”„«»‹›…¿¡-–—|/\\"
_CLAUSE = re.compile(r"[.!?;,\n…]++(?=\s|$)|(?<=\s)[-–—](?=\s)")
KINDS_OF_TALK = frozenset(("chalk", "lightning", "builders", "code", "breakout", "dev", "fireside"))
"""Before "talk", these are a kind of session to search for."""
DAY_WORDS = (
    *("today", "tonight", "tomorrow", "yesterday"),
    *("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
)


@dataclass(frozen=True, slots=True)
class Word:
    """One word.

    Attributes:
        raw: as it was typed, without the marks around it; "" for the second word of a short form such as `what's`.
        text: as it is compared.
        meaning: the word of the phrases that means the same; `text` if there is none.
    """

    raw: str
    text: str
    meaning: str

    @property
    def is_common(self) -> bool:
        """Whether the tables have the word; then it is not a name."""
        return self.text in english().vocabulary

    @property
    def is_small(self) -> bool:
        """Whether it is a word such as "the"."""
        return self.text in english().filler


@dataclass(frozen=True, slots=True)
class Clause:
    """A sentence, or the part of one between two commas. `asks` tells whether it ends with a question mark."""

    words: tuple[Word, ...]
    asks: bool = False

    @property
    def texts(self) -> list[str]:
        """The words as they are compared, each alone."""
        return [part for word in self.words for part in word.text.split()]


def clauses_of(text: str) -> list[Clause]:
    """Return the whole line as one clause, then its parts if there are several."""
    bounded = text[:MAX_CHARACTERS]
    parts, start = [], 0
    for mark in _CLAUSE.finditer(bounded):
        parts.append(bounded[start : mark.end()])
        start = mark.end()
    parts.append(bounded[start:])
    clauses = [clause for part in parts if (clause := _clause(part)).words][:MAX_CLAUSES]
    whole = _clause(bounded)
    return [whole, *clauses] if len(clauses) > 1 else [whole]


def corrected(words: Sequence[Word], is_known: Callable[[str], bool]) -> tuple[Word, ...]:
    """Correct typing errors in words that are neither in the tables nor `is_known` by the schedule."""
    right = [_is_right(word.text) or is_known(word.text) for word in words]
    wrong = [index for index, is_right in enumerate(right) if not is_right][:MOST_CORRECTED]
    return tuple(_corrected(word) if index in wrong else word for index, word in enumerate(words))


def split_marks(text: str) -> Iterator[str]:
    """Yield the words between spaces, without the marks around them."""
    return (word for chunk in text.split() if (word := chunk.strip(AROUND)))


def nearest_word(text: str, words: Sequence[str], most: int = 0) -> str | None:
    """Return the one word that `text` may be a typing error of; None if none or several are equally near.

    Args:
        text: what was typed.
        words: what may be meant.
        most: how many letters may be wrong; 0 for as many as its length allows.
    """
    most = min(most, len(text) // SHORTEST_CORRECTED) or (EDITS if len(text) >= LONG else 1)
    near = process.extract(text, words, scorer=OSA.distance, score_cutoff=most, limit=None)
    if not near:
        return None
    best = [word for word, distance, _ in near if distance == near[0][1]]
    # The first letter is rarely wrong.
    best = [word for word in best if word[0] == text[0]] or best
    meanings = english().meanings
    return best[0] if len({meanings.get(word, word) for word in best}) == 1 else None


def _clause(text: str) -> Clause:
    words = [word for raw in split_marks(text) for word in _words_in(raw)][:MAX_WORDS]
    return Clause(tuple(_join(words)), text.rstrip().endswith("?"))


def _words_in(raw: str) -> Iterator[Word]:
    text = fold(raw)
    short = english().short_forms.get(text.replace("'", ""))
    if short is None:
        yield _word(raw, _shortened(text.removesuffix("'s")))
        return
    for number, part in enumerate(short.split()):
        yield _word("" if number else raw, part)


def _word(raw: str, text: str) -> Word:
    return Word(raw, text, english().meanings.get(text, text))


def _shortened(text: str) -> str:
    """`hello` for `helloooo`, `cool` for `cooool`, `haha` for `hahahaha`."""
    if len(text) >= len(LAUGHTER) and text.startswith(("ha", "he", "ah")) and set(text) <= set("hae"):
        return LAUGHTER
    runs = [(char, len(list(run))) for char, run in groupby(text)]
    if all(length < LENGTHENED or not char.isalpha() for char, length in runs):
        return text
    double, single = ("".join(char * min(length, most) for char, length in runs) for most in (2, 1))
    return double if double in english().vocabulary else single


def _join(words: Sequence[Word]) -> Iterator[Word]:
    """Yield the words; several that mean something together as one."""
    start = 0
    while start < len(words):
        for length in range(min(LONGEST_JOINED, len(words) - start), 0, -1):
            joined = _joined(words[start : start + length])
            if joined is not None:
                yield joined
                start += length
                break


def _joined(part: Sequence[Word]) -> Word | None:
    if len(part) == 1:
        return part[0]
    raw = " ".join(word.raw for word in part if word.raw)
    if len(part) == 2 and part[0].text in KINDS_OF_TALK and part[1].meaning == "session":  # noqa: PLR2004 — a pair
        return Word(raw, raw.casefold(), raw.casefold())
    meaning = english().joined.get(tuple(word.text for word in part))
    return None if meaning is None else Word(raw, " ".join(word.text for word in part), meaning)


def _is_right(text: str) -> bool:
    """Whether the tables have the word, or it cannot be corrected."""
    vocabulary = english().vocabulary
    has_known_stem = any(text.removesuffix(ending) in vocabulary for ending in ENDINGS)
    return text in vocabulary or has_known_stem or len(text) < SHORTEST_CORRECTED or not text.isalpha()


def _corrected(word: Word) -> Word:
    text = word.text
    correction = nearest_word(text, DAY_WORDS, EDITS) or nearest_word(text, english().correctable)
    if correction is None or (len(text) == SHORTEST_CORRECTED and correction[0] != text[0]):
        return word
    return _word(word.raw, correction)
