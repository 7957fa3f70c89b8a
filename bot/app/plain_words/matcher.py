"""Compare a sentence with the tables: which commands it may mean, or whether it is small talk."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.app.command_spec import Access, Command, Param, StaticContext, find_command
from bot.app.command_spec.parser import split_arguments
from bot.app.plain_words.language import Intention, Phrase, english
from bot.app.plain_words.slots import Slot, find_slots, is_word_of_schedule, talks_named
from bot.app.plain_words.small_talk import asks_us, begins_casually, is_greeting, is_question, is_small_talk
from bot.app.plain_words.words import KINDS_OF_TALK, Clause, Word, clauses_of, corrected
from bot.domain.errors import BadInputError

MAX_MEANINGS = 3
LEAST, CLEAR = 1.4, 0.7
"""The least score of a meaning, and how much better than the second it has to be to need no question."""
SLOT, CONTENT, LIGHT_WEIGHT, FILLER_WEIGHT = 2.5, 2.0, 1.0, 0.5
"""What a phrase gains by each of its parts that is in the sentence."""
UNEXPLAINED, LIGHT_COST, UNUSED_SLOT, OPPOSITE = 1.0, 0.25, 1.5, 2.5
"""What it loses by each word and slot of the sentence that it has no place for; `not` turns the meaning around."""
KNOWN, UNKNOWN = 1.25, 1.0
"""What a search gains by its words, if a session has all of them and if none has."""
CASUAL = 2.9
"""The least score in a line that begins like small talk."""
MOST_BARE_WORDS = 5
"""A line of so many words, and nothing else, may be a topic to search for."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """A command with its arguments, by parameter."""

    command: str
    arguments: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Understood:
    """What a line may mean.

    Attributes:
        meanings: the best first; one if the line is clear, none if nothing fits.
        is_greeting: it only says hello.
        is_small_talk: it asks for nothing, so it needs no answer.
    """

    meanings: tuple[Meaning, ...] = ()
    is_greeting: bool = False
    is_small_talk: bool = False


@dataclass(frozen=True, slots=True)
class _Match:
    score: float
    meanings: tuple[Meaning, ...]


def understand(text: str, context: StaticContext) -> Understood:
    """Return what a line means. Pure: the same line, schedule and moment give the same result.

    Args:
        text: as typed, in NFC; what is behind `MAX_CHARACTERS` is left out.
        context: the schedule whose sessions, venues and days the line may name, and the last numbered list.
    """
    if typed := _command_typed(text, context):
        return Understood((typed,))
    clauses = clauses_of(text)
    if not clauses[0].words:
        return Understood(is_small_talk=True)
    if is_greeting(clauses[0]):
        return Understood(is_greeting=True)
    if is_small_talk(clauses[0]):
        return Understood(is_small_talk=True)
    matches: dict[tuple[str, tuple[tuple[str, str], ...]], _Match] = {}
    for clause in clauses:
        for match in _matches(clause, context):
            first = match.meanings[0]
            key = (first.command, tuple(sorted(first.arguments.items())))
            if key not in matches or matches[key].score < match.score:
                matches[key] = match
    best = sorted(matches.values(), key=lambda match: -match.score)
    if not best:
        names_session = any("session" in slot.kinds for each in clauses for slot in find_slots(each.words, context))
        return Understood(is_small_talk=not names_session and not asks_us(clauses))
    near = [match for match in best if match.score > best[0].score - CLEAR]
    meanings = dict.fromkeys(_key(meaning) for match in near for meaning in match.meanings)
    by_key = {_key(meaning): meaning for match in near for meaning in match.meanings}
    return Understood(tuple(by_key[key] for key in list(meanings)[:MAX_MEANINGS]))


def _key(meaning: Meaning) -> tuple[str, tuple[tuple[str, str], ...]]:
    return meaning.command, tuple(sorted(meaning.arguments.items()))


# A command that was typed without its slash.


def _command_typed(text: str, context: StaticContext) -> Meaning | None:
    """`walk Wynn to MGM Grand`: the name of a command, and arguments that it accepts."""
    name, _, rest = text.strip().partition(" ")
    command, line = find_command(name.casefold(), rest.strip(), context.commands)
    if command is None or (command.access is Access.ORGANIZERS and not line):
        return None
    arguments = split_arguments(line, command.params, context)
    by_name = {param.name: param for param in command.params}
    open_text = any(by_name[each].type.is_text and by_name[each].type.name != "session" for each in arguments)
    whole = {param.name for param in command.params if param.required} <= arguments.keys()
    fits = all(_accepts(by_name[each], value, context) for each, value in arguments.items())
    return Meaning(command.name, arguments) if whole and fits and not open_text else None


def _accepts(param: Param[Any], value: str, context: StaticContext) -> bool:
    """Whether the value is certain. A type of text says that it accepts any words, so it is read."""
    try:
        param.type.read(value.removeprefix(f"{param.keyword} ") if param.keyword_required else value, context)
    except BadInputError:
        return False
    return True


# Phrases.


def _matches(clause: Clause, context: StaticContext) -> Iterator[_Match]:
    words = corrected(clause.words, lambda word: is_word_of_schedule(word, context))
    slots = find_slots(words, context)
    sentence = _Sentence.of(words, slots, is_question(Clause(words, clause.asks)), context)
    least = CASUAL if begins_casually(clause) else LEAST
    for intention in english().intentions:
        if intention.command not in context.commands or not sentence.allows(intention):
            continue
        found = [match for phrase in intention.phrases if (match := sentence.compare(intention, phrase))]
        if found and (best := max(found, key=lambda match: match.score)).score >= least:
            yield best


@dataclass(frozen=True, slots=True)
class _Sentence:
    """One clause: its words outside of slots, and its slots."""

    words: tuple[Word, ...]
    slots: tuple[Slot, ...]
    all_words: tuple[Word, ...]
    asks: bool
    context: StaticContext
    _talks: dict[tuple[str, ...], list[object]] = field(default_factory=dict)

    @classmethod
    def of(cls, words: Sequence[Word], slots: Sequence[Slot], asks: bool, context: StaticContext) -> "_Sentence":  # noqa: FBT001
        taken = {index for slot in slots for index in range(slot.start, slot.stop)}
        free = tuple(word for index, word in enumerate(words) if index not in taken)
        return cls(free, tuple(slots), tuple(words), asks, context)

    def allows(self, intention: Intention) -> bool:
        """Whether no word of the sentence rules the intention out."""
        if intention.needs_question and not self.asks and len(self.all_words) > 2:  # noqa: PLR2004 — `wifi password`
            return False
        if intention.statement and self.asks:
            return False
        return not any(intention.without.intersection((word.meaning, word.text)) for word in self.words)

    def compare(self, intention: Intention, phrase: Phrase) -> _Match | None:
        """Return how well a phrase fits; None if one of its parts is missing."""
        rest = list(self.words)
        score = 0.0
        for wanted in phrase.words:
            found = next((word for word in rest if wanted in (word.meaning, word.text)), None)
            if found is None:
                return None
            rest.remove(found)
            score += _weight(found)
        used: dict[str, Slot] = {}
        for kind in phrase.slots:
            slot = next((each for each in self.slots if kind in each.kinds and each not in used.values()), None)
            if slot is None:
                return None
            used[kind] = slot
            score += SLOT
        for kind in intention.takes:
            slot = next((each for each in self.slots if kind in each.kinds and each not in used.values()), None)
            if slot is not None and kind not in used and kind not in ("other", "from", "to"):
                used[kind] = slot
                score += SLOT / 4
        return self._with_rest(intention, phrase, rest, used, score)

    def _with_rest(
        self, intention: Intention, phrase: Phrase, rest: Sequence[Word], used: Mapping[str, Slot], score: float
    ) -> _Match | None:
        light = intention.light
        content = [word for word in rest if self._is_content(word, light)]
        others = [slot for slot in self.slots if slot not in used.values() and slot.kinds[0] not in intention.ignores]
        arguments = {intention.takes[kind]: slot.value for kind, slot in used.items() if kind in intention.takes}
        if phrase.text == "words":
            return self._searching(intention, phrase, content, others, score)
        if phrase.text == "title":
            named = self._titled(phrase, content, score)
            if named is None:
                return None
            score, arguments[intention.takes["title"]] = named
            rest = [word for word in rest if word not in content]
        score -= sum(self._cost(word, light) for word in rest)
        score -= UNUSED_SLOT * len(others)
        arguments |= intention.fixed
        command = self.context.commands[intention.command]
        arguments = _with_keywords(command, arguments)
        meanings = [Meaning(intention.command, arguments)]
        if "session" in used and intention.takes.get("session"):
            param = intention.takes["session"]
            more = [slot for slot in others if "session" in slot.kinds]
            meanings += [Meaning(intention.command, {**arguments, param: slot.value}) for slot in more]
            score += UNUSED_SLOT * len(more)
        return _Match(score, tuple(meanings))

    def _searching(
        self, intention: Intention, phrase: Phrase, content: Sequence[Word], others: Sequence[Slot], score: float
    ) -> _Match | None:
        """A search for the words that nothing else explains, together with the places and days."""
        text = self._text(content, others)
        if not text or (not content and intention.command != "find"):
            return None
        if any(word.meaning == "not" for word in content):
            return None
        if not phrase.words:
            if not self._is_topic(content) or (others and not content):
                return None
            score += SLOT - 0.4
        else:
            score += KNOWN if self._is_known(content) else UNKNOWN
        score -= UNUSED_SLOT * sum(slot.kinds[0] in ("session", "topic") for slot in others)
        score -= sum(UNEXPLAINED for word in content if word.meaning in english().topics)
        command = self.context.commands[intention.command]
        if intention.command == "find":
            arguments = split_arguments(text, command.params, self.context)
        else:
            arguments = {intention.takes["words"]: text}
        return _Match(score, (Meaning(intention.command, arguments),))

    def _titled(self, phrase: Phrase, content: Sequence[Word], score: float) -> tuple[float, str] | None:
        """The score and the text of a session that the rest of the words name."""
        if not content or any(word.meaning == "not" for word in content):
            return None
        raw = [word.raw for word in content]
        talks = talks_named(raw, self.context)
        if not phrase.words and not talks:
            return None
        if not phrase.words and any(word.meaning in english().people for word in self.words) and not self.asks:
            return None
        if len(talks) == 1:
            return score + SLOT + 0.25 * len(raw), talks[0].code
        if talks:
            return score + SLOT * 0.75, " ".join(raw)
        return score - 0.5 * len(raw), " ".join(raw)

    def _is_topic(self, content: Sequence[Word]) -> bool:
        """Whether the line is nothing but a topic, a kind of session, a track or a speaker of the schedule."""
        if (
            not content
            or len(content) > MOST_BARE_WORDS
            or any(word.meaning in english().people for word in self.all_words)
        ):
            return False
        return all(word.text not in english().sentiment for word in self.words) and self._is_known(content)

    def _is_known(self, content: Sequence[Word]) -> bool:
        """Whether one session has all of the words."""
        wanted = [word.text for word in content if word.text.split()[0] not in KINDS_OF_TALK | english().session_kinds]
        if not wanted:
            return True
        found = self.context.search.search(" ".join(wanted), 3)
        for session in found:
            text = " ".join((session.code, session.title, *session.speakers, session.track, session.kind)).casefold()
            if all(word[:5] in text for word in wanted):
                return True
        return False

    def _text(self, content: Sequence[Word], others: Sequence[Slot]) -> str:
        """The words and slots to search for, as they were typed and in their order."""
        wanted = {id(word) for word in content}
        parts: list[str] = []
        for index, word in enumerate(self.all_words):
            slot = next((each for each in others if each.start <= index < each.stop), None)
            if slot is not None or id(word) in wanted:
                is_venue = slot is not None and ("venue" in slot.kinds or "to" in slot.kinds or "from" in slot.kinds)
                if slot is None or not is_venue:
                    parts.append(word.raw)
                elif index == slot.start:
                    parts.append(slot.value)
        return " ".join(filter(None, parts))

    def _is_content(self, word: Word, light: frozenset[str]) -> bool:
        language = english()
        return not _is_free(word, light) and word.meaning not in language.light and word.text not in language.sentiment

    def _cost(self, word: Word, light: frozenset[str]) -> float:
        language = english()
        if word.meaning == "not":
            return OPPOSITE
        if word.text in language.sentiment:
            return 0.0 if self.asks else OPPOSITE
        if word.text in language.past and not self.asks:
            return UNEXPLAINED
        if _is_free(word, light):
            return 0.0
        return LIGHT_COST if word.meaning in language.light else UNEXPLAINED


def _is_free(word: Word, light: frozenset[str]) -> bool:
    """Whether no phrase has to explain the word."""
    both = {word.meaning, word.text}
    return not both.isdisjoint(light) or not both.isdisjoint(english().filler)


def _weight(word: Word) -> float:
    if word.meaning in english().light:
        return LIGHT_WEIGHT
    return FILLER_WEIGHT if word.meaning in english().filler else CONTENT


def _with_keywords(command: Command, arguments: Mapping[str, str]) -> dict[str, str]:
    """Put the arguments in order, and a keyword before those that need it: a button can be shown as a line to type."""
    complete = {}
    for param in command.params:
        if param.name in arguments:
            value, lead = arguments[param.name], f"{param.keyword} "
            needs_lead = param.keyword_required and not value.startswith(lead)
            complete[param.name] = f"{lead}{value}" if needs_lead else value
    return complete
