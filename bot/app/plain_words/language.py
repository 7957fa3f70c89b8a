"""The words of one language: what means the same, what asks, what is small talk, and the phrases of each command."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

TEXT_KINDS = ("title", "words", "place")
"""Parts of a phrase that stand for all words that nothing else explains."""
SHORTEST_CORRECTED = 4
"""Letters of a word that is corrected at all."""
LISTS = "@"
"""Begins the name of a list of `[light_words]`."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase: its words, the kinds of slots that it needs, and the kind of text, "" for none."""

    words: tuple[str, ...]
    slots: tuple[str, ...] = ()
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Intention:
    """A command, and the phrases that mean it. The tables describe each attribute."""

    command: str
    phrases: tuple[Phrase, ...]
    takes: Mapping[str, str] = field(default_factory=dict)
    fixed: Mapping[str, str] = field(default_factory=dict)
    light: frozenset[str] = frozenset()
    without: frozenset[str] = frozenset()
    ignores: frozenset[str] = frozenset()
    statement: bool = False
    needs_question: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """The tables of a language. The file of the language describes each of them."""

    filler: frozenset[str]
    light: frozenset[str]
    question_words: frozenset[str]
    auxiliaries: frozenset[str]
    requests: frozenset[str]
    sentiment: frozenset[str]
    greetings: frozenset[str]
    small_talk: frozenset[str]
    glue: frozenset[str]
    small_talk_phrases: tuple[str, ...]
    casual_starts: frozenset[str]
    session_kinds: frozenset[str]
    people: frozenset[str]
    past: frozenset[str]
    names: frozenset[str]
    everybody: frozenset[str]
    openers: frozenset[str]
    open_questions: tuple[str, ...]
    asked_of_us: frozenset[str]
    asked_of_people: frozenset[str]
    bot_words: frozenset[str]
    own_words: frozenset[str]
    chatter: frozenset[str]
    thanks: tuple[str, ...]
    numbers: tuple[str, ...]
    ordinals: tuple[str, ...]
    short_forms: Mapping[str, str]
    joined: Mapping[tuple[str, ...], str]
    meanings: Mapping[str, str]
    topics: Mapping[str, str]
    intentions: tuple[Intention, ...]
    correctable: tuple[str, ...]
    vocabulary: frozenset[str]
    phrase_words: frozenset[str]


@cache
def english() -> Language:
    """Load the English tables, once."""
    return language_of(tomllib.loads((files(__package__) / "english.toml").read_text("utf-8")))


def language_of(tables: Mapping[str, Any]) -> Language:
    """Build the tables of a language from those of its file."""
    topics: Mapping[str, str] = tables["topics"]
    lists = {LISTS + name: words for name, words in tables["light_words"].items()}
    intentions = [_intention(row, lists) for row in tables["intentions"]]
    intentions += [_about_topic(word, topic, lists) for word, topic in topics.items()]
    meanings = {word: meaning for meaning, words in tables["synonyms"].items() for word in words.split()}
    in_phrases = {word for intention in intentions for phrase in intention.phrases for word in phrase.words}
    correctable = {*in_phrases, *meanings, *tables["synonyms"], *_set(tables, "question_words")}
    correctable |= _set(tables, "times_of_day")
    joined = {tuple(words.split()): meaning for words, meaning in tables["joined"].items()}
    others = (
        "filler",
        "light",
        "auxiliaries",
        "sentiment",
        "greetings",
        "small_talk",
        "glue",
        "session_kinds",
        "chatter",
        "numbers",
        "ordinals",
    )
    vocabulary = correctable.union(*(_set(tables, name) for name in others), *joined, tables["short_forms"])
    vocabulary = vocabulary.union(*(intention.light | intention.without for intention in intentions))
    return Language(
        filler=_set(tables, "filler"),
        light=_set(tables, "light"),
        question_words=_set(tables, "question_words"),
        auxiliaries=_set(tables, "auxiliaries"),
        requests=_set(tables, "requests"),
        sentiment=_set(tables, "sentiment"),
        greetings=_set(tables, "greetings"),
        small_talk=_set(tables, "small_talk"),
        glue=_set(tables, "glue"),
        small_talk_phrases=tuple(tables["small_talk_phrases"].strip().splitlines()),
        casual_starts=_set(tables, "casual_starts"),
        session_kinds=_set(tables, "session_kinds"),
        people=_set(tables, "people"),
        past=_set(tables, "past"),
        names=_set(tables, "names"),
        everybody=_set(tables, "everybody"),
        openers=_set(tables, "openers"),
        open_questions=tuple(tables["open_questions"].strip().splitlines()),
        asked_of_us=_set(tables, "asked_of_us"),
        asked_of_people=_set(tables, "asked_of_people"),
        bot_words=_set(tables, "bot_words"),
        own_words=_set(tables, "own_words"),
        chatter=_set(tables, "chatter"),
        thanks=tuple(tables["thanks"].strip().splitlines()),
        numbers=tuple(tables["numbers"].split()),
        ordinals=tuple(tables["ordinals"].split()),
        short_forms=tables["short_forms"],
        joined=joined,
        meanings=meanings,
        topics=topics,
        intentions=tuple(intentions),
        correctable=tuple(sorted(word for word in correctable if len(word) >= SHORTEST_CORRECTED)),
        vocabulary=frozenset(vocabulary),
        phrase_words=frozenset(in_phrases),
    )


def _set(tables: Mapping[str, Any], name: str) -> frozenset[str]:
    return frozenset(tables[name].split())


def _intention(row: Mapping[str, Any], lists: Mapping[str, str]) -> Intention:
    return Intention(
        command=row["command"],
        phrases=tuple(map(_phrase, row["phrases"].strip().splitlines())),
        takes=row.get("takes", {}),
        fixed=row.get("fixed", {}),
        light=_words(row.get("light", ""), lists),
        without=_words(row.get("without", ""), lists),
        ignores=_words(row.get("ignores", ""), lists),
        statement=row.get("statement", False),
        needs_question=row.get("needs_question", False),
    )


def _about_topic(word: str, topic: str, lists: Mapping[str, str]) -> Intention:
    return Intention(
        command="info",
        phrases=tuple(map(_phrase, (word, f"where {word}", f"{word} details"))),
        fixed={"topic": topic},
        light=_words(f"{LISTS}topic", lists),
        ignores=frozenset(("venue", "day", "to", "from")),
        needs_question=True,
    )


def _words(text: str, lists: Mapping[str, str]) -> frozenset[str]:
    return frozenset(word for part in text.split() for word in lists.get(part, part).split())


def _phrase(line: str) -> Phrase:
    parts = line.split()
    slots = tuple(part.strip("{}") for part in parts if part.startswith("{"))
    words = tuple(part for part in parts if not part.startswith("{"))
    texts = [kind for kind in slots if kind in TEXT_KINDS]
    return Phrase(words, tuple(kind for kind in slots if kind not in TEXT_KINDS), next(iter(texts), ""))
