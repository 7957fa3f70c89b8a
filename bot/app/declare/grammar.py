"""From a typed line to arguments: `/walk Wynn to MGM Grand` gives from=Wynn, to=MGM Grand."""

import re
import shlex
from collections.abc import Mapping, Sequence
from typing import Any

from bot.app.declare.command import Context, Param

_NAMED = re.compile(r"^([a-z]+)[:=](.*)$", re.IGNORECASE | re.DOTALL)
MOST_WORDS = 40
"""A longer line is not tried in every way it could be divided: its words go to the first parameter."""


def words_of(line: str) -> list[str]:
    """The words of a line; quotes keep words together, and a quote that never closes is a plain character."""
    try:
        return shlex.split(line)
    except ValueError:
        return line.split()


def arguments_of(line: str, params: Sequence[Param[Any]], context: Context) -> dict[str, str]:
    """The text of each parameter in `line`, by name.

    `name:value` names a parameter; the other words are divided in the order of the declaration so that every
    parameter can read its share. Where no division works, each parameter gets a word and the last one the rest,
    and reading them will say what is wrong.
    """
    named, rest = _take_named(words_of(line), params)
    open_params = [param for param in params if param.name not in named]
    divided = _divide(rest, open_params, context) if len(rest) <= MOST_WORDS else None
    return {**named, **(_in_turn(rest, open_params) if divided is None else divided)}


def _take_named(words: Sequence[str], params: Sequence[Param[Any]]) -> tuple[dict[str, str], list[str]]:
    names = {param.name for param in params}
    named: dict[str, str] = {}
    rest: list[str] = []
    for word in words:
        match = _NAMED.match(word)
        if match and match[1].lower() in names:
            named[match[1].lower()] = match[2]
        else:
            rest.append(word)
    return named, rest


def _divide(words: Sequence[str], params: Sequence[Param[Any]], context: Context) -> dict[str, str] | None:
    if not params:
        return None if words else {}
    param, others = params[0], params[1:]
    for count in _shares(len(words), param):
        text = _without_lead(words[:count], param)
        if count and not (text and param.kind.fits(text, context)):
            continue
        divided = _divide(words[count:], others, context)
        if divided is not None:
            return {param.name: text, **divided} if count else divided
    return None


def _shares(available: int, param: Param[Any]) -> Sequence[int]:
    """How many words to try: few first for free text, many first for the rest; none only if it is optional."""
    least = range(0 if not param.required else 1, 1)
    some = range(1, available + 1)
    return [*some, *least] if param.kind.free else [*reversed(some), *least]


def _without_lead(words: Sequence[str], param: Param[Any]) -> str:
    led = bool(words) and bool(param.lead) and words[0].casefold() == param.lead
    return " ".join(words[1:] if led else words)


def _in_turn(words: Sequence[str], params: Sequence[Param[Any]]) -> Mapping[str, str]:
    if not params:
        return {}
    single = dict(zip((param.name for param in params[:-1]), words, strict=False))
    rest = " ".join(words[len(params) - 1 :])
    return {**single, params[-1].name: rest} if rest else single
