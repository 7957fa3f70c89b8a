"""Find the commands that a line may mean, or that it is small talk."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bot.app.command_spec import DAY, Access, Param, StaticContext, find_command
from bot.app.command_spec.parser import UNCLAIMED, split_arguments
from bot.app.plain_words.blocks import block_typed
from bot.app.plain_words.language import english
from bot.app.plain_words.meaning import Meaning
from bot.app.plain_words.schedule_words import words_of
from bot.app.plain_words.sentence import Match, Sentence
from bot.app.plain_words.slots import find_slots
from bot.app.plain_words.small_talk import asks_us, begins_casually, is_greeting, is_question, is_small_talk
from bot.app.plain_words.words import Clause, clauses_of, corrected
from bot.domain.errors import BadInputError

MAX_MEANINGS = 3
LEAST, CLEAR = 1.4, 0.7
"""The least score of a meaning, and how much better than the second it has to be to need no question."""
CASUAL = 2.9
"""The least score in a line that begins like small talk."""


@dataclass(frozen=True, slots=True)
class Understood:
    """The possible meanings of a line.

    Attributes:
        meanings: the best first; one if the line is clear, none if nothing fits.
        is_greeting: it only says hello.
        is_small_talk: it asks for nothing, so it needs no answer.
    """

    meanings: tuple[Meaning, ...] = ()
    is_greeting: bool = False
    is_small_talk: bool = False


def understand(text: str, context: StaticContext) -> Understood:
    """Return what a line means. Pure: the same line, schedule and moment give the same result.

    Args:
        text: as typed, in NFC; only the first `MAX_CHARACTERS` are read.
        context: the schedule whose sessions, venues and days the line may name, and the last numbered list.
    """
    if typed := _command_typed(text, context) or block_typed(text, context) or _plan_typed(text, context):
        return Understood((typed,))
    clauses = clauses_of(text)
    whole = clauses[0]
    if is_greeting(whole):
        return Understood(is_greeting=True)
    if not whole.words or is_small_talk(whole):
        return Understood(is_small_talk=True)
    sentences = [_sentence(clause, context) for clause in clauses]
    matches = [match for pair in zip(clauses, sentences, strict=True) for match in _matches(*pair)]
    if matches:
        return Understood(_best(matches))
    names_session = any("session" in slot.kinds for sentence in sentences for slot in sentence.slots)
    return Understood(is_small_talk=not names_session and not asks_us(clauses))


def _best(matches: list[Match]) -> tuple[Meaning, ...]:
    """The meanings of the best match, and of those that fit nearly as well."""
    best = sorted(matches, key=lambda match: -match.score)
    near = [match for match in best if match.score > best[0].score - CLEAR]
    meanings = {meaning.key: meaning for match in near for meaning in match.meanings}
    return tuple(meanings.values())[:MAX_MEANINGS]


def _sentence(clause: Clause, context: StaticContext) -> Sentence:
    words = corrected(clause.words, words_of(context.schedule).has_word)
    asks = is_question(Clause(words, clause.asks))
    return Sentence(words, tuple(find_slots(words, context)), asks, context)


def _matches(clause: Clause, sentence: Sentence) -> Iterator[Match]:
    """The best match of each intention."""
    least = CASUAL if begins_casually(clause) else LEAST
    for intention in english().intentions:
        if intention.command in sentence.context.commands and sentence.allows(intention):
            matches = [match for phrase in intention.phrases if (match := sentence.compare(intention, phrase))]
            best = max(matches, key=lambda match: match.score, default=None)
            if best is not None and best.score >= least:
                yield best


def _command_typed(text: str, context: StaticContext) -> Meaning | None:
    """`walk Wynn to MGM Grand`: the name of a command, and arguments that it accepts. "Sure" alone is no command."""
    name, _, rest = text.strip().partition(" ")
    if not rest and is_small_talk(clauses_of(name)[0]):
        return None
    command, line = find_command(name.casefold(), rest.strip(), context.commands)
    if command is None or (command.access is Access.ORGANIZERS and not line):
        return None
    arguments = split_arguments(line, command.params, context)
    if line.partition(" ")[0].casefold() in command.writing:
        return Meaning(command.name, arguments)
    if UNCLAIMED in arguments:
        return None
    by_name = {param.name: param for param in command.params}
    types = [by_name[name].type for name in arguments]
    is_open = any(param_type.is_text and param_type.name != "session" for param_type in types)
    is_whole = {param.name for param in command.params if param.required} <= arguments.keys()
    are_accepted = all(_accepts(by_name[name], value, context) for name, value in arguments.items())
    return Meaning(command.name, arguments) if is_whole and are_accepted and not is_open else None


def _plan_typed(text: str, context: StaticContext) -> Meaning | None:
    """`plan wednesday for me` asks for a plan; `plan for wednesday` is a look at the agenda."""
    line = text.casefold().strip().rstrip(".!? ").removesuffix(" please").removesuffix(" for me")
    verb, _, days = line.partition(" ")
    if verb != "plan" or not days or not DAY.accepts(days, context):
        return None
    return Meaning("plan", {"words": days})


def _accepts(param: Param[Any], value: str, context: StaticContext) -> bool:
    """Whether the value is certain. Text parameters accept any words, so their value is read instead."""
    try:
        param.type.read(value.removeprefix(f"{param.keyword} ") if param.keyword_required else value, context)
    except BadInputError:
        return False
    return True
