"""Typing errors: planted in the words of FOSDEM's titles, and such that people make."""

import random
import re
import string
from pathlib import Path

import pytest

from bot.search import index_of
from bot.search.index import Index
from tests.builders import FORUM, at, schedule, session
from tests.real_schedules import FOSDEM, real_schedule

SEED, PLANTED, LEAST = 20260131, 400, 0.97
SHORTEST = 5
"""Letters of a word in which an error is planted."""
SMALL = index_of(
    schedule(
        [
            *(session(f"K{n}", at(9 + n), FORUM, title="Upgrading Kubernetes clusters") for n in range(5)),
            session("O1", at(9), FORUM, title="Order in the house", speakers=("Grace Hopper",)),
            session("O2", at(9), FORUM, title="Across the border", abstract="Customs of the network, and a lunch."),
        ]
    )
)


def with_error(word: str, rng: random.Random) -> str:
    """The word with one letter wrong, missing, too many, or swapped with the next."""
    place, letter = rng.randrange(len(word) - 1), rng.choice(string.ascii_lowercase)
    return rng.choice(
        [
            word[:place] + word[place + 1] + word[place] + word[place + 2 :],
            word[:place] + word[place + 1 :],
            word[:place] + letter + word[place:],
            word[:place] + letter + word[place + 1 :],
        ]
    )


def finds_the_same(index: Index, typed: str, word: str) -> bool:
    used = index.correction(typed) or typed
    return used == word or index.about([used]) == index.about([word])


def test_of_400_planted_errors_97_in_100_find_what_the_right_word_finds(shared_data: Path) -> None:
    made, rng = real_schedule(shared_data, *FOSDEM), random.Random(SEED)
    index = index_of(made)
    words = sorted({w for talk in made.sessions for w in re.findall(rf"[a-z]{{{SHORTEST},}}", talk.title.casefold())})
    planted: list[tuple[str, str]] = []
    while len(planted) < PLANTED:
        word = rng.choice(words)
        typed = with_error(word, rng)
        # What is a word of the schedule, or begins one, is found as it is.
        if not index.corrector.knows(typed):
            planted.append((typed, word))
    wrong = [
        (typed, word, index.correction(typed)) for typed, word in planted if not finds_the_same(index, typed, word)
    ]
    assert len(wrong) <= PLANTED * (1 - LEAST), f"seed {SEED}: {wrong}"


@pytest.mark.parametrize(
    ("typed", "used"),
    [
        ("kubernete", None),  # the beginning of a word
        ("kubernets", "kubernetes"),
        ("kuberntes", "kubernetes"),
        ("kubrenetes", "kubernetes"),
        ("mondya", "monday"),
        ("workhsop", None),  # this conference has none
        ("hoper", "hopper"),
        ("boredr", "border"),
        ("netwrok", "network"),
        ("tomorow", "tomorrow"),
        ("lunch", None),
        ("dinner", None),
        ("k8s", None),
        ("zebra", None),
        ("ordre", "order"),
        ("", None),
        ("x" * 40, None),
    ],
)
def test_a_word_is_corrected_to_the_likeliest_near_one(typed: str, used: str | None) -> None:
    assert SMALL.correction(typed) == used
