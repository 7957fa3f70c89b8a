"""Foreign text made harmless and legible: escaped for Slack, without what hides, cut to a limit.

Slack's markup has no escape character but for `&`, `<` and `>`: what would still begin something bold, struck out or
code is shown by characters that look the same and mean nothing.
"""

import re
import unicodedata
from functools import lru_cache

ELLIPSIS = "…"
MOST_KEPT = 8_192
"""Titles and places that are ready: everybody is told of the same ones."""
ZERO_WIDTH = "\u200b"
_HIDDEN = {"Cc", "Cf", "Cs", "Co"}
"""Controls, bidirectional overrides, halves of surrogates, private use: none of them can be read."""
_JOINERS = "\u200d\u200c\ufe0f"
"""Emoji and some scripts are written with these."""
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_LOOKALIKES = {"*": "\u2217", "_": "\u02cd", "~": "\u223c", "`": "\u02cb"}
_MARKUP = re.compile(r"`|(?<![^\W_])[*_~]|[*_~](?![^\W_])")
"""Inside a word, as in `snake_case`, they mean nothing."""
_EMOJI = re.compile(r":(?=[\w+'-]+:)")
_QUOTE = re.compile(r"^(?=\s*&gt;)")
_OPEN_END = re.compile(r"(?:<[^<>]*|&[a-z]{0,3})$")


def inert(text: str) -> str:
    """Text on one line, without characters that hide or turn round what follows."""
    line = " ".join(text.split())
    if line.isprintable():
        return line
    return "".join(char for char in line if char in _JOINERS or _is_seen(char)).strip()


def _is_seen(char: str) -> bool:
    return unicodedata.category(char) not in _HIDDEN


def entities(text: str) -> str:
    """Text in which nothing is a mention, a link or a time."""
    return text.translate(_ENTITIES)


@lru_cache(maxsize=MOST_KEPT)
def escaped(text: str) -> str:
    """Text that Slack shows as it is: no markup, mention, link, time or emoji; spaces at its ends are kept."""
    before = " " if text[:1].isspace() else ""
    after = " " if text[-1:].isspace() and text.strip() else ""
    plain = _MARKUP.sub(lambda found: _LOOKALIKES[found[0]], inert(text))
    return before + _EMOJI.sub(f":{ZERO_WIDTH}", entities(plain)) + after


def line_escaped(line: str) -> str:
    """A line that begins no quote."""
    return _QUOTE.sub(ZERO_WIDTH, line)


def cut(text: str, limit: int) -> str:
    """`text` of at most `limit` characters: the rest is left out at a space, and an ellipsis says so.

    No mention, time or entity is cut in two.
    """
    if len(text) <= limit:
        return text
    head = _OPEN_END.sub("", text[: limit - len(ELLIPSIS)])
    space = head.rfind(" ")
    # A word that takes up half of the room is cut all the same.
    head = head[:space] if space > limit // 2 else head
    return _OPEN_END.sub("", head).rstrip() + ELLIPSIS


def plain(text: str, limit: int) -> str:
    """Text for an object that knows no markup, never empty."""
    return cut(entities(inert(text)), limit) or ELLIPSIS
