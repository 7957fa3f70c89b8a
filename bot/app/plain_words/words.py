"""Read a line into words: their case, apostrophes, short forms, lengthened letters and typing errors do not matter."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from rapidfuzz.distance import OSA

from bot.app.plain_words.language import english
from bot.domain.schedule.folding import fold

MAX_CHARACTERS = 300
"""A longer line is cut here before it is read: a question is shorter, and the time to match grows with the length."""
MAX_WORDS = 40
SHORTEST_CORRECTED, LONG, EDITS = 4, 9, 2
"""Letters of a word that is corrected at all, letters from which two errors are corrected, and that number."""
ENDINGS = ("s", "es", "ed", "er", "ing", "ly")
"""A known word with one of these is no typing error."""
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
        """Whether the tables have the word: it is no name then."""
        return self.text in english().known


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
    clauses = [clause for part in parts if (clause := _clause(part)).words]
    whole = _clause(bounded)
    return [whole, *clauses] if len(clauses) > 1 else [whole]


def corrected(words: Sequence[Word], is_known: Callable[[str], bool]) -> tuple[Word, ...]:
    """Correct typing errors in words that are neither in the tables nor `is_known` by the schedule."""
    return tuple(_corrected(word, is_known) for word in words)


def split_marks(text: str) -> Iterator[str]:
    """Yield the words between spaces, without the marks around them."""
    return (word for chunk in text.split() if (word := chunk.strip(AROUND)))


def nearest_word(text: str, words: Iterable[str], most: int = 0) -> str | None:
    """Return the one word that `text` may be a typing error of; None if none or several are equally near.

    Args:
        text: what was typed.
        words: what may be meant.
        most: how many letters may be wrong; 0 for as many as its length allows.
    """
    most = min(most, len(text) // SHORTEST_CORRECTED) or (EDITS if len(text) >= LONG else 1)
    near: dict[str, int] = {}
    for word in words:
        if abs(len(word) - len(text)) <= most:
            distance = OSA.distance(text, word, score_cutoff=most)
            if distance <= most:
                near[word] = distance
    if not near:
        return None
    least = min(near.values())
    best = [word for word, distance in near.items() if distance == least]
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
    runs = [(letter, len(list(run))) for letter, run in groupby(text)]
    if all(length < LENGTHENED or not letter.isalpha() for letter, length in runs):
        return text
    double, single = ("".join(letter * min(length, most) for letter, length in runs) for most in (2, 1))
    return double if double in english().known else single


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


def _corrected(word: Word, is_known: Callable[[str], bool]) -> Word:
    text, known = word.text, english().known
    is_right = text in known or any(text.removesuffix(ending) in known for ending in ENDINGS)
    if len(text) < SHORTEST_CORRECTED or not text.isalpha() or is_right or is_known(text):
        return word
    found = nearest_word(text, DAY_WORDS, EDITS)
    if found is None:
        listed = [each for each in english().correctable if len(each) >= SHORTEST_CORRECTED]
        found = nearest_word(text, listed)
    if found is None or (len(text) == SHORTEST_CORRECTED and found[0] != text[0]):
        return word
    return _word(word.raw, found)
