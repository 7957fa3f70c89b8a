"""Corrects typing errors: the nearest word of a schedule, and of equally near ones the likeliest.

The distance counts letters that are wrong, missing, too many, or swapped with the next one (optimal string alignment).
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from cachetools import LRUCache
from rapidfuzz import process
from rapidfuzz.distance import OSA

SHORTEST, LONG = 4, 9
"""Letters of a word that is corrected, and of one in which two errors are forgiven, if its first letter is right."""
MOST_LETTERS = 30
"""A longer word is not corrected."""
SAME_FIRST, SWAPPED = 5, 4
"""How much likelier a word with the same first letter is, and one with the same letters in another order. People seldom
miss the first letter, and two swapped letters are seldom two others."""
MOST_REMEMBERED, MOST_CONTAINING = 500, 20
"""Words whose correction is remembered, because each button of an answer asks again, and words that contain a text."""
CANDIDATES = 25
"""The nearest words, from which the likeliest is chosen: the one in most sessions."""


@dataclass(frozen=True, slots=True)
class Corrector:
    """Looks up the words that are written in one schedule, or understood in every search.

    Attributes:
        words: all words, sorted.
        frequency: in how many sessions each word is.
        by_length: the words by their number of letters.
    """

    words: Sequence[str]
    frequency: Mapping[str, int]
    by_length: Mapping[int, tuple[str, ...]]
    _corrections: LRUCache[str, str | None] = field(default_factory=lambda: LRUCache(MOST_REMEMBERED), repr=False)
    _containing: LRUCache[str, tuple[str, ...]] = field(default_factory=lambda: LRUCache(MOST_REMEMBERED), repr=False)

    @classmethod
    def of(cls, frequency: Mapping[str, int]) -> "Corrector":
        """Index the words of `frequency`."""
        by_length: dict[int, list[str]] = defaultdict(list)
        for word in frequency:
            by_length[len(word)].append(word)
        return cls(sorted(frequency), frequency, {length: tuple(words) for length, words in by_length.items()})

    def knows(self, word: str) -> bool:
        """Whether a word is in the index, or the beginning of a word in it."""
        first = bisect_left(self.words, word)
        return first < len(self.words) and self.words[first].startswith(word)

    def correction(self, word: str) -> str | None:
        """Return the word that `word` probably stands for; None if it is known, too short, or like no other."""
        if not SHORTEST <= len(word) <= MOST_LETTERS or not word.isalpha() or self.knows(word):
            return None
        if word not in self._corrections:
            self._corrections[word] = self._nearest(word)
        return self._corrections[word]

    def containing(self, text: str) -> tuple[str, ...]:
        """Return words with `text` in their middle."""
        if text not in self._containing:
            matches = (word for word in self.words if text in word)
            self._containing[text] = tuple(islice(matches, MOST_CONTAINING))
        return self._containing[text]

    def _nearest(self, word: str) -> str | None:
        allowed, letters = 2 if len(word) >= LONG else 1, sorted(word)
        near: list[tuple[float, int, int, str]] = []
        for length in range(len(word) - allowed, len(word) + allowed + 1):
            choices = self.by_length.get(length, ())
            similar = process.extract(word, choices, scorer=OSA.distance, score_cutoff=allowed, limit=CANDIDATES)
            for other, distance, _ in similar:
                if distance > 1 and other[0] != word[0]:
                    continue
                first = SAME_FIRST if other[0] == word[0] else 1
                swapped = SWAPPED if sorted(other) == letters else 1
                near.append((distance, -self.frequency[other] * first * swapped, -length, other))
        return min(near)[3] if near else None
