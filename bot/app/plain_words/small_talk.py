"""Tell small talk, greetings and questions apart, by the tables alone."""

from collections.abc import Sequence

from bot.app.plain_words.language import english
from bot.app.plain_words.words import Clause


def is_greeting(clause: Clause) -> bool:
    """Whether a line only says hello to Hallway; a greeting to everybody needs no answer from it."""
    return _says_hello(clause) and english().everybody.isdisjoint(clause.texts)


def _says_hello(clause: Clause) -> bool:
    texts = [text for text in clause.texts if text not in english().names]
    greetings = english().greetings
    if texts[:1] == ["good"]:
        return len(texts) == 2 and texts[1] in greetings  # noqa: PLR2004 — `good morning`
    return bool(texts) and texts[0] in greetings and all(text in greetings or text in english().glue for text in texts)


def is_small_talk(clause: Clause) -> bool:
    """Whether a line has only words of small talk, or says thanks."""
    language, texts = english(), clause.texts
    if not any(character.isalnum() for text in texts for character in text):
        return True
    if " ".join(texts).startswith(language.thanks) or _says_hello(clause):
        return True
    casual = language.small_talk | language.sentiment
    only_casual = all(text in casual or text in language.glue for text in texts)
    return not clause.asks and only_casual and bool(casual.intersection(texts))


def begins_casually(clause: Clause) -> bool:
    """Whether a line begins like small talk: then only a phrase that fits very well means something."""
    line = " ".join(clause.texts) + " "
    starts = line.partition(" ")[0] in english().casual_starts
    return starts or any(line.startswith(f"{phrase} ") for phrase in english().small_talk_phrases)


def is_question(clause: Clause) -> bool:
    """Whether a clause asks or requests something."""
    language = english()
    openers = language.openers | language.greetings
    first = next((word.text for word in clause.words if word.text not in openers), "")
    asked = any(language.question_words.intersection((word.text, word.meaning)) for word in clause.words)
    return clause.asks or asked or first in language.auxiliaries or first in language.requests


def asks_us(clauses: Sequence[Clause]) -> bool:
    """Whether a line that fits no command still needs an answer from Hallway.

    "Who won?" and "is it raining?" are questions among people. A single word may be a question, so it gets an answer.
    """
    language, whole = english(), clauses[0]
    if all(map(begins_casually, clauses)) or not language.chatter.isdisjoint(whole.texts):
        return False
    if len(whole.words) == 1:
        return whole.words[0].text not in language.filler | language.glue
    return any(map(_is_request, clauses))


def _is_request(clause: Clause) -> bool:
    language, texts = english(), clause.texts
    meanings = [word.meaning for word in clause.words]
    if not language.requests.isdisjoint((*meanings[:1], *texts[:1])):
        return True
    if not is_question(clause) or not language.asked_of_people.isdisjoint(texts):
        return False
    if f"{' '.join(texts)} ".startswith(tuple(f"{start} " for start in language.open_questions)):
        return True
    is_for_fun = not language.bot_words.isdisjoint(texts) and language.own_words.isdisjoint(texts)
    return not is_for_fun and not language.asked_of_us.isdisjoint((*texts, *meanings))
