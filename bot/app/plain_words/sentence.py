"""Compare one sentence with the phrases of one intention, and say how well they fit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.app.command_spec import Command, StaticContext
from bot.app.command_spec.parser import split_arguments
from bot.app.plain_words.language import Intention, Phrase, english
from bot.app.plain_words.meaning import Meaning
from bot.app.plain_words.schedule_words import words_of
from bot.app.plain_words.slots import Slot, talks_named
from bot.app.plain_words.words import KINDS_OF_TALK, Word
from bot.domain.schedule.session import Session

SLOT, CONTENT, LIGHT_WEIGHT, FILLER_WEIGHT = 2.5, 2.0, 1.0, 0.5
"""What a phrase gains by each of its parts that is in the sentence."""
EXTRA_SLOT = 0.6
"""What it gains by a slot that it can use and does not need."""
UNEXPLAINED, KIND_COST, LIGHT_COST, UNUSED_SLOT, OPPOSITE = 1.0, 2.0, 0.25, 1.5, 2.5
"""What it loses by each word and slot of the sentence that it has no place for; `not` turns the meaning around."""
ONE_TITLE, SEVERAL_TITLES, NO_TITLE = 2.5, 1.8, 0.5
"""What it gains by words that are in one title or in several, and loses by each word if no title has them."""
WORD_OF_TITLE = 0.25
KNOWN, UNKNOWN, TOPIC = 1.25, 1.0, 2.1
"""What a search gains by its words: if a session has all of them, if none has, and if the line is nothing else."""
MOST_BARE_WORDS = 5
"""A line of so many words, and nothing else, may be a topic to search for."""
CANDIDATES = 3
COMPARED_LETTERS = 5
"""Letters of a word that have to be in a session that the search found: the search knows other forms of words."""
NOT_USED_BY_ITSELF = frozenset(("other", "from", "to"))
NOT_SEARCHED = frozenset(("session", "topic"))
SEARCHING = frozenset(("find", "about", "learn", "interested", "recommend"))
"""Words of a phrase after which every word may be searched for."""


@dataclass(frozen=True, slots=True)
class Match:
    """How well a phrase fits, and what it means; several meanings if the sentence names several sessions."""

    score: float
    meanings: tuple[Meaning, ...]


@dataclass(slots=True)
class Sentence:
    """One clause.

    Attributes:
        words: all words, with their typing errors corrected.
        slots: the parts with a meaning of their own.
        asks: whether it is a question or a request.
        context: the schedule that it is about.
    """

    words: tuple[Word, ...]
    slots: tuple[Slot, ...]
    asks: bool
    context: StaticContext
    _free: tuple[Word, ...] = field(init=False)
    _talks: dict[tuple[str, ...], Sequence[Session]] = field(default_factory=dict)
    _in_one_session: dict[tuple[str, ...], bool] = field(default_factory=dict)
    _divided: dict[str, Mapping[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Separate the words outside of slots."""
        in_slots = {index for slot in self.slots for index in range(slot.start, slot.stop)}
        self._free = tuple(word for index, word in enumerate(self.words) if index not in in_slots)

    def allows(self, intention: Intention) -> bool:
        """Whether no word of the sentence rules the intention out."""
        if intention.needs_question and not self.asks and len(self.words) > 2:  # noqa: PLR2004 — `wifi password`
            return False
        if intention.statement and self.asks:
            return False
        return not any(intention.without.intersection((word.meaning, word.text)) for word in self._free)

    def compare(self, intention: Intention, phrase: Phrase) -> Match | None:
        """Return how well a phrase fits; None if one of its parts is missing."""
        rest = list(self._free)
        score = 0.0
        for wanted in phrase.words:
            matched = next((word for word in rest if wanted in (word.meaning, word.text)), None)
            if matched is None:
                return None
            # A word that means the same as another explains it, too: "running at the moment".
            rest = [word for word in rest if word is not matched and (word.meaning != matched.meaning or word.is_small)]
            score += _weight(matched)
        used: dict[str, Slot] = {}
        for kind in phrase.slots:
            slot = self._unused(kind, used)
            if slot is None:
                return None
            used[kind] = slot
            score += SLOT
        for kind in intention.takes:
            slot = None if kind in used or kind in NOT_USED_BY_ITSELF else self._unused(kind, used)
            if slot is not None:
                used[kind] = slot
                score += EXTRA_SLOT
        return self._explain(intention, phrase, rest, used, score)

    def _unused(self, kind: str, used: Mapping[str, Slot]) -> Slot | None:
        return next((slot for slot in self.slots if kind in slot.kinds and slot not in used.values()), None)

    def _explain(
        self, intention: Intention, phrase: Phrase, rest: Sequence[Word], used: Mapping[str, Slot], score: float
    ) -> Match | None:
        """Subtract what the phrase leaves unexplained, or search for it."""
        content = [word for word in rest if _is_content(word, intention.light)]
        others = [slot for slot in self.slots if slot not in used.values() and slot.kinds[0] not in intention.ignores]
        arguments = {intention.takes[kind]: slot.value for kind, slot in used.items() if kind in intention.takes}
        command = self.context.commands[intention.command]
        if phrase.text in ("words", "place"):
            score -= sum(self._cost(word, intention.light) for word in rest if word not in content)
            return self._search(intention, command, phrase, content, others, score)
        if phrase.text == "title":
            named = self._name(phrase, content)
            if named is None:
                return None
            score += named[0]
            arguments[intention.takes["title"]] = named[1]
            rest = [word for word in rest if word not in content]
        score -= sum(self._cost(word, intention.light) for word in rest) + UNUSED_SLOT * len(others)
        fixed = {name: " ".join(filter(None, (arguments.get(name), text))) for name, text in intention.fixed.items()}
        arguments = _ordered(command, {**arguments, **fixed})
        if intention.command == "info" and (topic := self._untold_topic(arguments)):
            return Match(score, (Meaning("find", {"words": topic}),))
        meanings = [Meaning(intention.command, arguments)]
        # If two sessions are named, one of them may be meant, or both, one after the other.
        more = [slot for slot in others if "session" in slot.kinds] if "session" in used else []
        meanings += [Meaning(intention.command, {**arguments, intention.takes["session"]: slot.value}) for slot in more]
        return Match(score + UNUSED_SLOT * len(more), tuple(meanings))

    def _search(
        self,
        intention: Intention,
        command: Command,
        phrase: Phrase,
        content: Sequence[Word],
        others: Sequence[Slot],
        score: float,
    ) -> Match | None:
        """A search for the words that nothing else explains, together with the places and days."""
        text = self._text(content, others)
        is_search = intention.command == "find"
        if not text or not (content or is_search) or _has_not(content):
            return None
        if SEARCHING.isdisjoint(phrase.words) and content and not self._names_something(content):
            return None
        if phrase.words:
            score += KNOWN if self._is_in_one_session(content) else UNKNOWN
        elif self._is_topic(content):
            score += TOPIC
        else:
            return None
        score -= UNUSED_SLOT * sum(not NOT_SEARCHED.isdisjoint(slot.kinds) for slot in others)
        score -= UNEXPLAINED * sum(word.meaning in english().topics for word in content)
        if not is_search:
            return Match(score, (Meaning(intention.command, {intention.takes[phrase.text]: text}),))
        if text not in self._divided:
            self._divided[text] = split_arguments(text, command.params, self.context)
        return Match(score, (Meaning(intention.command, self._divided[text]),))

    def _name(self, phrase: Phrase, content: Sequence[Word]) -> tuple[float, str] | None:
        """The score and the text of a session that the rest of the words name; None if they cannot be a title."""
        if not content or _has_not(content) or not self._names_something(content):
            return None
        # One word alone may be anything: "coffee?"
        if not phrase.words and len(content) == 1 and not (self.asks and len(self.words) > 1):
            return None
        raw = tuple(word.raw for word in content)
        if raw not in self._talks:
            self._talks[raw] = talks_named(raw, self.context)
        talks = self._talks[raw]
        if not phrase.words and (not talks or (self._is_about_people(self._free) and not self.asks)):
            return None
        if len(talks) == 1:
            return ONE_TITLE + WORD_OF_TITLE * len(raw), talks[0].code
        return SEVERAL_TITLES if talks else -NO_TITLE * len(raw), " ".join(raw)

    def _untold_topic(self, arguments: Mapping[str, str]) -> str:
        """Return the topic if organizers wrote nothing about it and a session has this name, such as lunch; else ""."""
        topic = arguments.get("topic", "")
        is_session = words_of(self.context.schedule).has_word(topic.casefold())
        return topic if is_session and not self.context.schedule.topics else ""

    def _is_topic(self, content: Sequence[Word]) -> bool:
        """Whether the line is nothing but a topic, a kind of session, a track or a speaker of the schedule."""
        if not 0 < len(content) <= MOST_BARE_WORDS or self._is_about_people(self.words):
            return False
        return all(word.text not in english().sentiment for word in self._free) and self._is_in_one_session(content)

    def _names_something(self, content: Sequence[Word]) -> bool:
        """Whether one of the words can be part of a name; words of phrases alone are not."""
        language = english()
        kinds = language.session_kinds | KINDS_OF_TALK
        return any(
            word.text.split()[0] in kinds
            or not (word.text in language.phrase_words or word.meaning in language.phrase_words)
            for word in content
        )

    def _is_about_people(self, words: Sequence[Word]) -> bool:
        return any(word.meaning in english().people for word in words)

    def _is_in_one_session(self, content: Sequence[Word]) -> bool:
        """Whether one session has all of the words."""
        kinds = KINDS_OF_TALK | english().session_kinds
        wanted = tuple(word.text for word in content if word.text.split()[0] not in kinds)
        if wanted not in self._in_one_session:
            candidates = self.context.search.search(" ".join(wanted), CANDIDATES) if wanted else ()
            texts = [_searched_text(session) for session in candidates]
            is_found = any(all(word[:COMPARED_LETTERS] in text for word in wanted) for text in texts)
            self._in_one_session[wanted] = not wanted or is_found
        return self._in_one_session[wanted]

    def _text(self, content: Sequence[Word], others: Sequence[Slot]) -> str:
        """The words to search for as they were typed, then the slots, so that filters stand together at the end."""
        parts = [word.raw for word in content]
        for slot in others:
            is_place = not {"venue", "to", "from"}.isdisjoint(slot.kinds)
            parts += [slot.value] if is_place else [word.raw for word in self.words[slot.start : slot.stop]]
        return " ".join(filter(None, parts))

    def _cost(self, word: Word, light: frozenset[str]) -> float:
        """Return the penalty for a word that the phrase does not have."""
        language = english()
        if word.meaning == "not":
            return OPPOSITE
        if word.text in language.sentiment:
            return 0.0 if self.asks else OPPOSITE
        if word.text in language.past and not self.asks:
            return UNEXPLAINED
        if _is_free(word, light):
            return 0.0
        if word.text.split()[0] in language.session_kinds | KINDS_OF_TALK:
            return KIND_COST
        is_light = word.meaning in language.light or word.text in language.small_talk
        return LIGHT_COST if is_light else UNEXPLAINED


def _searched_text(session: Session) -> str:
    return " ".join((session.code, session.title, *session.speakers, session.track, session.kind)).casefold()


def _has_not(content: Sequence[Word]) -> bool:
    return any(word.meaning == "not" for word in content)


def _is_content(word: Word, light: frozenset[str]) -> bool:
    """Whether a word may be part of a title or of a search."""
    language = english()
    return not _is_free(word, light) and word.meaning not in language.light and word.text not in language.sentiment


def _is_free(word: Word, light: frozenset[str]) -> bool:
    """Whether no phrase has to explain the word."""
    both = {word.meaning, word.text}
    return not both.isdisjoint(light) or not both.isdisjoint(english().filler)


def _weight(word: Word) -> float:
    language = english()
    if word.meaning in language.light:
        return LIGHT_WEIGHT
    return FILLER_WEIGHT if word.meaning in language.filler else CONTENT


def _ordered(command: Command, arguments: Mapping[str, str]) -> dict[str, str]:
    """Put the arguments in order, and a keyword before those that need it: a button can be shown as a line to type."""
    complete = {}
    for param in command.params:
        if param.name in arguments:
            value, lead = arguments[param.name], f"{param.keyword} "
            needs_lead = param.keyword_required and not value.startswith(lead)
            complete[param.name] = f"{lead}{value}" if needs_lead else value
    return complete
