"""From a typed line to arguments: `/walk Wynn to MGM Grand` gives from=Wynn, to=MGM Grand."""

import re
import shlex
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.app.command_spec.command import Context, Param

_NAMED = re.compile(r"^([a-z]+)[:=](.*)$", re.IGNORECASE | re.DOTALL)
MOST_WORDS = 40
"""A longer line is not tried in every way it could be divided: its words go to the first parameter."""


LONGEST_NAME = 8
"""Words in the longest name of a venue, a day, a title that stands for a session."""


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
    leads = {param.lead for param in open_params if param.led}
    divided = _Divider(rest, context, leads).divide(0, open_params) if len(rest) <= MOST_WORDS else None
    if divided is None:
        by_lead = any(param.kind.lines for param in open_params)
        divided = _by_lead(rest, open_params, context) if by_lead else dict(_in_turn(rest, open_params))
    return {**named, **divided}


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


@dataclass(slots=True)
class _Divider:
    """Divides the words of one line; whether some words can be a parameter is asked only once."""

    words: Sequence[str]
    context: Context
    leads: Collection[str] = ()
    _hopeless: set[tuple[int, tuple[str, ...]]] = field(default_factory=set)
    _known: dict[tuple[str, int, int], str | None] = field(default_factory=dict)

    def divide(self, start: int, params: Sequence[Param[Any]]) -> dict[str, str] | None:
        """The words from `start` on as values of `params`, in their order; closed optional ones in any order."""
        if not params:
            return None if start < len(self.words) else {}
        state = (start, tuple(param.name for param in params))
        if state in self._hopeless:
            return None
        for param, count in _turns(params, len(self.words) - start):
            text = self._text(param, start, count)
            others = [other for other in params if other is not param]
            divided = self.divide(start + count, others) if text is not None else None
            if divided is not None:
                return {param.name: text, **divided} if text else divided
        self._hopeless.add(state)
        return None

    def _text(self, param: Param[Any], start: int, count: int) -> str | None:
        """What so many words say for `param`: "" for no words, None if they cannot be one."""
        key = (param.name, start, count)
        if key not in self._known:
            words = self.words[start : start + count]
            # Prose is one quoted word, or ends where another parameter begins: a typing error must not become text.
            broken = (
                param.kind.lines and count > 1 and any(" " in each or each.casefold() in self.leads for each in words)
            )
            self._known[key] = None if broken else _read(param, words, self.context)
        return self._known[key]


def _read(param: Param[Any], words: Sequence[str], context: Context) -> str | None:
    if not words:
        return ""
    if param.led and words[0].casefold() != param.lead:
        return None
    text = _without_lead(words, param)
    return text if text and param.kind.fits(text, context) else None


def _turns(params: Sequence[Param[Any]], available: int) -> Iterator[tuple[Param[Any], int]]:
    """Which parameter may be next, and how many words of it.

    Words of closed ones can be told from all others, so they may stand in any order; those of free ones only where a
    word leads to them. Only the first is ever passed over.
    """
    first = params[0]
    if first.required:
        yield from ((first, count) for count in _shares(available, first))
        return
    closed = [param for param in params if not param.required and not param.kind.free]
    yield from ((param, count) for param in closed for count in _shares(available, param) if count)
    if not first.kind.free:
        yield first, 0
    led = [param for param in params if not param.required and param.kind.free and param.led]
    others = [first] if first.kind.free and not first.led else []
    yield from ((param, count) for param in (*led, *others) for count in _shares(available, param) if count)
    if first.kind.free:
        yield first, 0


def _shares(available: int, param: Param[Any]) -> Sequence[int]:
    """How many words to try: few first for free text, many first for the rest; none only if it is optional."""
    least = range(0 if not param.required else 1, 1)
    some = range(1, (available if param.kind.free else min(available, LONGEST_NAME)) + 1)
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


def _by_lead(words: Sequence[str], params: Sequence[Param[Any]], context: Context) -> dict[str, str]:
    """Each word that leads to a parameter has what follows it; what stands before them is divided in turn."""
    led = {param.lead: param.name for param in params if param.led}
    told: dict[str, list[str]] = {"": []}
    name = ""
    for word in words:
        if word.casefold() in led and led[word.casefold()] not in told:
            name = led[word.casefold()]
            told[name] = []
        else:
            told[name].append(word)
    before = told.pop("")
    for param in (each for each in params if not each.led):
        if before and not param.kind.free and param.kind.fits(before[0], context):
            told[param.name] = [before.pop(0)]
        elif before and param.kind.free:
            told[param.name], before = before, []
    return {name: " ".join(those) for name, those in told.items()}
