"""Makes foreign text safe and legible: escapes Slack's markup, removes hidden characters, and truncates. Pure.

Slack can escape only `&`, `<` and `>`. A character that would still start bold, strikethrough or code is replaced by
one that looks the same and has no meaning in Slack.
"""

import re
from functools import lru_cache

from bot.app.text.visible import visible

ELLIPSIS = "…"
CACHE_SIZE = 8_192
"""Escaped texts that are cached: the same titles and places are shown to everybody."""
ZERO_WIDTH = "\u200b"
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_LOOKALIKES = {"*": "\u2217", "_": "\u02cd", "~": "\u223c", "`": "\u02cb"}
_MARKUP = re.compile(r"`|(?<![^\W_])[*_~]|[*_~](?![^\W_])")
"""Characters that start markup. `*`, `_` and `~` have no meaning inside a word, as in `snake_case`."""
_EMOJI = re.compile(r":(?=[\w+'-]+:)")
_QUOTE = re.compile(r"^(?=\s*&gt;)")
_OPEN_END = re.compile(r"(?:<[^<>]*|&[a-z]{0,3})$")
"""A mention, time or entity that a cut left incomplete."""


def escape_entities(text: str) -> str:
    """Return the text without mentions, links and times."""
    return text.translate(_ENTITIES)


@lru_cache(maxsize=CACHE_SIZE)
def escape_text(text: str) -> str:
    """Return text that Slack shows literally: no markup, mention, link, time or emoji. Keeps outer spaces."""
    before = " " if text[:1].isspace() else ""
    after = " " if text[-1:].isspace() and text.strip() else ""
    plain = _MARKUP.sub(lambda match: _LOOKALIKES[match[0]], visible(text))
    return before + _EMOJI.sub(f":{ZERO_WIDTH}", escape_entities(plain)) + after


def escape_line_start(line: str) -> str:
    """Return a line of markup that does not start a quote."""
    return _QUOTE.sub(ZERO_WIDTH, line)


def truncate(text: str, limit: int) -> str:
    """Return at most `limit` characters of the text, cut at a space and ended by an ellipsis.

    A mention, time or entity is never cut in two. A word that takes up half of the limit is cut.
    """
    if len(text) <= limit:
        return text
    head = _OPEN_END.sub("", text[: limit - len(ELLIPSIS)])
    space = head.rfind(" ")
    head = head[:space] if space > limit // 2 else head
    return _OPEN_END.sub("", head).rstrip() + ELLIPSIS


def plain(text: str, limit: int) -> str:
    """Return text for a `plain_text` object, which has no markup; never empty."""
    return truncate(escape_entities(visible(text)), limit) or ELLIPSIS
