"""Foreign text made harmless and legible: escaped for Discord's markdown, without what hides, cut to a limit."""

import re
import unicodedata

ELLIPSIS = "…"
ZERO_WIDTH = "\u200b"
_MARKUP = re.compile(r"([\\*_~`|\[\]<])")
_SCHEME = re.compile(r"(?<=\w)://")
_LINE_START = re.compile(r"^(\s*\d*)(?=[#>+-]|(?<=\d)[.)]\s)")
_HIDDEN = {"Cc", "Cf", "Cs", "Co"}
"""Controls, bidirectional overrides, halves of surrogates, private use: none of them can be read."""
_JOINERS = "\u200d\u200c\ufe0f"
"""Emoji and some scripts are written with these."""


def inert(text: str) -> str:
    """Text on one line, without characters that hide or turn round what follows."""
    seen = "".join(char for char in " ".join(text.split()) if char in _JOINERS or _is_seen(char))
    return seen.strip()


def _is_seen(char: str) -> bool:
    return unicodedata.category(char) not in _HIDDEN


def escaped(text: str) -> str:
    """Text that Discord shows as it is: no markup, no mention, no link, no time; spaces at its ends are kept."""
    before = " " if text[:1].isspace() else ""
    after = " " if text[-1:].isspace() and text.strip() else ""
    plain = _MARKUP.sub(r"\\\1", inert(text)).replace("@", f"@{ZERO_WIDTH}")
    return before + _SCHEME.sub(r"\\://", plain) + after


def line_escaped(line: str) -> str:
    """A line that begins no heading, quote or list."""
    return _LINE_START.sub(r"\1\\", line)


def cut(text: str, limit: int) -> str:
    """`text` of at most `limit` characters: the rest is left out at a space, and an ellipsis says so."""
    if len(text) <= limit:
        return text
    head = text[: limit - len(ELLIPSIS)]
    space = head.rfind(" ")
    # A word that takes up half of the room is cut all the same.
    head = head[:space] if space > limit // 2 else head
    return head.rstrip().rstrip("\\") + ELLIPSIS
