"""The small things that every format needs: plain text from HTML, names, yes and no."""

import re
from html import unescape

from bot.domain.schedule.session import Recorded

_BREAKS = re.compile(r"<\s*(?:br|/p|/li|/div|hr)\b[^>]*>", re.IGNORECASE)
_TAGS = re.compile(r"<[a-zA-Z/!][^>]*>")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_NOTHING = {"", "n/a", "na", "tbd", "tba", "none", "null", "-"}
_OFF = ("cancelled", "canceled", "abgesagt")
_OFF_BEHIND = tuple(f"{opening}{word}{closing}" for word in _OFF for opening, closing in (("[", "]"), ("(", ")")))
_YES, _NO = {"yes", "true", "1", "y"}, {"no", "false", "0", "n"}


def plain(text: object) -> str:
    """One line of text without control characters; "N/A" and the like are nothing."""
    words = " ".join(_CONTROL.sub("", str(text if text is not None else "")).split())
    return "" if words.casefold() in _NOTHING else words


def plain_html(text: object) -> str:
    """The words of a piece of HTML, paragraphs as lines."""
    marked = _BREAKS.sub("\n", str(text if text is not None else ""))
    lines = (plain(unescape(_TAGS.sub("", line))) for line in marked.splitlines())
    return "\n".join(line for line in lines if line)


def plain_title(text: object) -> str:
    """One line in which character references are read but nothing is taken for a tag: `Vec<T> &amp; Box`."""
    words = " ".join(_CONTROL.sub("", unescape(str(text if text is not None else ""))).split())
    # A talk called TBA takes place all the same.
    return "" if words.casefold() in _NOTHING - {"tba", "tbd"} else words


def title_says_cancelled(title: str) -> bool:
    """Organizers without a field for it write it before the title, or in brackets behind it."""
    words = title.casefold()
    return words.lstrip("[(* ").startswith(_OFF) or words.endswith(_OFF_BEHIND)


def read_names(text: str) -> tuple[str, ...]:
    """Names from one string: at semicolons and line ends, else at commas, which then must be between whole names."""
    parts = re.split(r"[;\n]", text)
    if len(parts) == 1:
        parts = re.split(r",(?!\s*(?:Jr|Sr|Ph\.?D|M\.?D|MBA|CISSP|I{2,3})\b)", text)
    return tuple(name for name in map(plain, parts) if name)


def read_recorded(text: object) -> Recorded:
    """Yes, no, or not said."""
    word = plain(text).casefold()
    return Recorded.YES if word in _YES else Recorded.NO if word in _NO else Recorded.UNKNOWN
