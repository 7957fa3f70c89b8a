"""Every sentence that a person reads is one template with named placeholders, so that it can be translated.

A call of `t`, `s` or `n` has its templates as literals, so that Babel extracts them (`-k t -k s -k n:1,2`). When
there is a message catalogue, it replaces the templates here and nowhere else.
"""

from collections.abc import Sequence
from functools import lru_cache
from string import Formatter

from bot.app.messages import Part, Text
from bot.domain.errors import BadInputError, HallwayError

Value = Part | Text | int
"""What a placeholder stands for: text from elsewhere, a number, a neutral part such as a time, or a whole text."""


def t(template: str, **values: Value) -> Text:
    """Return the sentence with `values` in its placeholders.

    Values are never read as templates: braces in a session's title stay braces. Numbers get separators (`1,121`).

    Args:
        template: the sentence, such as `"Leave {place} by {time}."`; a literal.
        **values: one for each placeholder.

    Raises:
        KeyError: a placeholder has no value.
    """
    return _joined([values[piece] if is_name else piece for is_name, piece in _pieces(template)])


def s(template: str, **values: str | int) -> str:
    """Like `t`, but return a plain string: for a title, a label, a button or an error."""
    return plain(t(template, **values))


def n(singular: str, plural: str, count: int, **values: Value) -> Text:
    """Return the sentence that agrees with `count`, which is also the placeholder `{count}`."""
    return t(singular if count == 1 else plural, count=count, **values)


def error_text(error: HallwayError) -> Text:
    """Return the sentence of an error. The domain's errors bring a template with its values."""
    if isinstance(error, BadInputError) and error.values:
        return t(error.template, **error.values)
    return (str(error),)


def plain(text: Text) -> str:
    """Return a text as a plain string.

    Raises:
        TypeError: the text has a part that each platform renders differently, such as a time.
    """
    return "".join(text)  # type: ignore[arg-type]  # join refuses the others


@lru_cache(1_024)
def _pieces(template: str) -> Sequence[tuple[bool, str]]:
    """The literal pieces and the names of a template in their order; True for a name."""
    pieces: list[tuple[bool, str]] = []
    for literal, name, _, _ in Formatter().parse(template):
        pieces += [(False, literal)] if literal else []
        pieces += [(True, name)] if name is not None else []
    return tuple(pieces)


def _joined(values: Sequence[Value]) -> Text:
    """One text, its neighbouring strings made one and the empty ones left out."""
    parts: list[Part] = []
    for value in values:
        for part in value if isinstance(value, tuple) else (value,):
            text = f"{part:,}" if isinstance(part, int) else part
            if isinstance(text, str) and parts and isinstance(parts[-1], str):
                parts[-1] += text
            elif text != "":
                parts.append(text)
    return tuple(parts)
