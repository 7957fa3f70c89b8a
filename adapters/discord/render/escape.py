"""Makes text from schedules and people harmless: escaped for markdown, no hidden characters, cut to a limit."""

import re

from bot.app.text.visible import visible

ELLIPSIS = "…"
ZERO_WIDTH = "\u200b"
_MARKUP = re.compile(r"([\\*_~`|\[\]<])")
_SCHEME = re.compile(r"(?<=\w)://")
_LINE_START = re.compile(r"^(\s*\d*)(?=[#>+-]|(?<=\d)[.)]\s)")


def escaped(text: str) -> str:
    """Text that Discord shows unchanged: no markup, mention, link or time. One space at each end stays."""
    before = " " if text[:1].isspace() else ""
    after = " " if text[-1:].isspace() and text.strip() else ""
    plain = _MARKUP.sub(r"\\\1", visible(text)).replace("@", f"@{ZERO_WIDTH}")
    return before + _SCHEME.sub(r"\\://", plain) + after


def line_escaped(line: str) -> str:
    """The line, escaped so that it starts no heading, quote or list."""
    return _LINE_START.sub(r"\1\\", line)


def cut(text: str, limit: int) -> str:
    """Shorten `text` to at most `limit` characters, at a space if possible, and end it with an ellipsis."""
    if len(text) <= limit:
        return text
    head = text[: limit - len(ELLIPSIS)]
    space = head.rfind(" ")
    # A word longer than half of the limit is cut in the middle.
    head = head[:space] if space > limit // 2 else head
    return head.rstrip().rstrip("\\") + ELLIPSIS
