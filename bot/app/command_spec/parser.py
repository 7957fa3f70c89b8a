"""Split a typed line into the text of each parameter: `/walk Wynn to MGM Grand` gives from=Wynn, to=MGM Grand."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any, NamedTuple

from bot.app.command_spec.command import Param, StaticContext
from bot.domain.schedule.session import Session
from bot.domain.search_query.names import NO_NAMES, Names

_WORD = re.compile(
    r"""(?P<name>[A-Za-z]+[:=])?
    (?:"(?P<straight>(?:[^"\\]|\\.)*)"|[\u201c\u201e](?P<curly>[^\u201c\u201d\u201e\s]+\s[^\u201c\u201d\u201e]*)[\u201c\u201d])
    (?=\s|$)|(?:[A-Za-z]+[:=])?<[@\#][^<>"\s][^<>]{0,200}>(?=\s|$)|\S+""",
    re.DOTALL | re.VERBOSE,
)
"""A quoted part, perhaps after a parameter's name, a mention, whose name may have spaces, or a word without quotes."""
_NAMED = re.compile(r"^([a-z]+)[:=](.+)$", re.IGNORECASE | re.DOTALL)
"""A parameter by its name. Nothing after the colon is a word such as those of "Breaking the code: a history"."""
UNCLAIMED = ""
"""The name under which `split_arguments` returns words that are for no parameter."""
MAX_WORDS = 30
"""The parser does not search for a division of a longer line: its time would grow too fast."""
MAX_WORDS_OF_NAME = 8
"""Words in the longest name of a venue or day, or in the longest title typed to select a session."""


class TypedWord(NamedTuple):
    """One word of a line, or several in quotes: `text` is without them, `typed` with them."""

    text: str
    typed: str


def split_words(line: str) -> list[TypedWord]:
    """Split a line at spaces. Double quotes keep words together, and so do curly ones, which phones insert.

    Every other character stays: apostrophes, backslashes, quotes that are not closed, and curly quotes around one
    word. A shell would remove them, but they are part of titles.
    """
    return [_word(match) for match in _WORD.finditer(line)]


def _word(match: re.Match[str]) -> TypedWord:
    text = match["straight"].replace('\\"', '"') if match["straight"] is not None else match["curly"]
    return TypedWord(match[0] if text is None else f"{match['name'] or ''}{text}", match[0])


def joined(words: Sequence[TypedWord]) -> str:
    """The text of several words. Quotes around all of it are left out; around a part of it, they belong to the text."""
    return words[0].text if len(words) == 1 else " ".join(word.typed for word in words)


def split_arguments(line: str, params: Sequence[Param[Any]], context: StaticContext) -> dict[str, str]:
    """Return the text of each parameter in `line`, by name.

    `name:value` sets a parameter by name. The other words are divided among the remaining parameters so that each
    parameter accepts its part. If no division works, the words are assigned without a check, and reading the
    parameters reports what is wrong. Words that are for no parameter are returned as `UNCLAIMED`.
    """
    words = split_words(line)
    if verbatim := next((param for param in params if param.type.verbatim), None):
        named, rest = _extract_named(words, params)
        return {verbatim.name: " ".join(word.typed for word in rest), **named} if rest else named
    if params and params[0].type.is_name(joined(words), context):
        return {params[0].name: joined(words)}
    named, words = _extract_named(words, params)
    unnamed = [param for param in params if param.name not in named]
    return {**named, **_divide(words, unnamed, context)}


def _extract_named(words: Sequence[TypedWord], params: Sequence[Param[Any]]) -> tuple[dict[str, str], list[TypedWord]]:
    names = {param.name for param in params}
    named: dict[str, str] = {}
    rest: list[TypedWord] = []
    for word in words:
        match = _NAMED.match(word.text)
        if match and match[1].lower() in names:
            named[match[1].lower()] = match[2]
        else:
            rest.append(word)
    return named, rest


def _divide(words: Sequence[TypedWord], params: Sequence[Param[Any]], context: StaticContext) -> Mapping[str, str]:
    if len(words) <= MAX_WORDS:
        keywords = {param.keyword for param in params if param.keyword_required}
        divided = _Divider(words, replace(context, search=_NoSearch()), keywords).divide(0, params)
        if divided is not None:
            return divided
    keywords = {param.keyword for param in params if param.keyword_required}
    if any(param.type.multiline for param in params) or any(word.text.casefold() in keywords for word in words):
        return _assign_by_keyword(words, params, context)
    positional = [param for param in params if not param.keyword_required]
    # Words that a closed choice does not know may be for a parameter whose keyword was left out.
    fits_keyword = any(param.keyword_required and param.type.accepts(joined(words), context) for param in params)
    if params and (not positional or (fits_keyword and all(param.type.options for param in positional))):
        return {UNCLAIMED: joined(words)}
    return _assign_in_order(words, positional)


class _NoSearch:
    """A search index that finds nothing: the parser only asks whether a word is wrong, not for the nearest one."""

    @property
    def names(self) -> Names:
        """Return the names of an empty schedule."""
        return NO_NAMES

    def correction(self, word: str) -> str | None:
        """Correct nothing."""
        del word
        return None

    def about(self, words: Sequence[str], *, every: bool = True) -> list[int]:
        """Return no sessions."""
        del words, every
        return []

    def search(self, words: str, limit: int) -> list[Session]:
        """Return no sessions."""
        del words, limit
        return []

    def nearest(self, text: str, limit: int) -> list[Session]:
        """Return no sessions."""
        del text, limit
        return []


@dataclass(slots=True)
class _Divider:
    """A backtracking search for a division of one line.

    Results are remembered: each part of the line is read at most once for each parameter.
    """

    words: Sequence[TypedWord]
    context: StaticContext
    keywords: Collection[str] = ()
    _failed: set[tuple[int, tuple[str, ...]]] = field(default_factory=set)
    _texts: dict[tuple[str, int, int], str | None] = field(default_factory=dict)

    def divide(self, start: int, params: Sequence[Param[Any]]) -> dict[str, str] | None:
        """Divide the words from `start` on among `params`; None if that is impossible."""
        if not params:
            return None if start < len(self.words) else {}
        state = (start, tuple(param.name for param in params))
        if state in self._failed:
            return None
        for param, count in (*self._named(params, start), *_candidates(params, len(self.words) - start)):
            text = self._text(param, start, count)
            if text is None:
                continue
            divided = self.divide(start + count, [other for other in params if other is not param])
            if divided is not None:
                return {param.name: text, **divided} if text else divided
        self._failed.add(state)
        return None

    def _named(self, params: Sequence[Param[Any]], start: int) -> Iterator[tuple[Param[Any], int]]:
        """The longest name of something at `start`, such as a whole title, with the parameter that it is for."""
        for param in (*params[:1], *(param for param in params[1:] if param.keyword_required)):
            counts = range(len(self.words) - start, 0, -1) if param.type.names else ()
            yield from islice(((param, count) for count in counts if self._is_name(param, start, count)), 1)

    def _is_name(self, param: Param[Any], start: int, count: int) -> bool:
        words = self.words[start : start + count]
        if param.keyword_required and words[0].text.casefold() != param.keyword:
            return False
        return param.type.is_name(_without_keyword(words, param), self.context)

    def _text(self, param: Param[Any], start: int, count: int) -> str | None:
        """The text that `count` words from `start` give to `param`: "" for 0 words, None if it does not accept them."""
        key = (param.name, start, count)
        if key not in self._texts:
            words = self.words[start : start + count]
            is_broken = self._is_broken_text(param, words)
            self._texts[key] = None if is_broken else _accepted_text(param, words, self.context)
        return self._texts[key]

    def _is_broken_text(self, param: Param[Any], words: Sequence[TypedWord]) -> bool:
        """Whether a multiline text includes a quoted word or another keyword.

        Such a line has a typing error in a later parameter, and the error must not become part of the text.
        """
        if not param.type.multiline or len(words) < 2:  # noqa: PLR2004 — one word is always whole
            return False
        return any(_is_in_straight_quotes(word) or word.text.casefold() in self.keywords for word in words)


def _is_in_straight_quotes(word: TypedWord) -> bool:
    return " " in word.text and word.typed.endswith('"')


def _accepted_text(param: Param[Any], words: Sequence[TypedWord], context: StaticContext) -> str | None:
    if not words:
        return ""
    if param.keyword_required and words[0].text.casefold() != param.keyword:
        return None
    text = _without_keyword(words, param)
    return text if text and param.type.accepts(text, context) else None


def _candidates(params: Sequence[Param[Any]], available: int) -> Iterator[tuple[Param[Any], int]]:
    """The parameters that may come next, each with a number of words, the most likely first.

    Closed optional parameters may come in any order, because their words differ from all others. Optional text
    parameters need their keyword for that. Only the first parameter may be left out.
    """
    first = params[0]
    if first.required:
        yield from ((first, count) for count in _word_counts(available, first))
        return
    closed = [param for param in params if not param.required and not param.type.is_text]
    yield from _with_words(closed, available)
    if not first.type.is_text:
        yield first, 0
    texts = [param for param in params if not param.required and param.type.is_text and param.keyword_required]
    if first.type.is_text and not first.keyword_required:
        texts.append(first)
    yield from _with_words(texts, available)
    if first.type.is_text:
        yield first, 0


def _with_words(params: Sequence[Param[Any]], available: int) -> Iterator[tuple[Param[Any], int]]:
    return ((param, count) for param in params for count in _word_counts(available, param) if count)


def _word_counts(available: int, param: Param[Any]) -> Sequence[int]:
    """How many words to try: few first for text, many first for other types; 0 only if the parameter is optional."""
    without = [] if param.required else [0]
    if param.type.is_text:
        return [*range(1, available + 1), *without]
    return [*range(min(available, MAX_WORDS_OF_NAME), 0, -1), *without]


def _without_keyword(words: Sequence[TypedWord], param: Param[Any]) -> str:
    has_keyword = bool(words) and bool(param.keyword) and words[0].text.casefold() == param.keyword
    return joined(words[1:] if has_keyword else words)


def _assign_in_order(words: Sequence[TypedWord], params: Sequence[Param[Any]]) -> Mapping[str, str]:
    """Give each parameter one word, and the last parameter the rest. No parameter takes words without its keyword.

    A keyword before a wrong word is left out, so that the error names the word.
    """
    assigned: dict[str, str] = {}
    rest = list(words)
    for param in params:
        if len(rest) > 1 and param.keyword and rest[0].text.casefold() == param.keyword:
            rest.pop(0)
        claimed, rest = (rest, []) if param is params[-1] else (rest[:1], rest[1:])
        if claimed:
            assigned[param.name] = joined(claimed)
    return assigned


def _assign_by_keyword(
    words: Sequence[TypedWord], params: Sequence[Param[Any]], context: StaticContext
) -> Mapping[str, str]:
    """Give each parameter the words after its keyword, and assign the words before the first keyword in order."""
    names = {param.keyword: param.name for param in params if param.keyword_required}
    unclaimed: list[TypedWord] = []
    assigned: dict[str, list[TypedWord]] = {}
    keywords: dict[str, TypedWord] = {}
    current = unclaimed
    for word in words:
        name = names.get(word.text.casefold())
        if name and name not in assigned:
            current = assigned[name] = []
            keywords[name] = word
        else:
            current.append(word)
    for param in params:
        if not unclaimed or param.keyword_required:
            continue
        if param.type.is_text:
            assigned[param.name], unclaimed = unclaimed, []
        elif param.type.accepts(unclaimed[0].text, context):
            assigned[param.name] = [unclaimed.pop(0)]
    if not any(param.type.multiline for param in params):
        unclaimed += [keywords[name] for name, part in assigned.items() if name in keywords and not part]
    if unclaimed:
        assigned[UNCLAIMED] = unclaimed
    return {name: joined(part) for name, part in assigned.items()}
