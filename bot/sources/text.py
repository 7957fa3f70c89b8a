"""Text helpers of all formats: plain text from HTML, names, yes and no."""

import re
import unicodedata
from html import unescape

from bot.domain.imports.cancel_marks import is_cancelled
from bot.domain.schedule.session import Recorded

_BREAKS = re.compile(r"<\s*(?:br|/p|/li|/div|hr)\b[^>]*>", re.IGNORECASE)
_TAGS = re.compile(r"<[a-zA-Z/!][^>]*>")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_NOTHING = {"", "n/a", "na", "tbd", "tba", "none", "null", "-"}
_YES, _NO = {"yes", "true", "1", "y"}, {"no", "false", "0", "n"}


def _one_line(text: str) -> str:
    """Return the text on one line, composed (NFC): equal text must compare equal."""
    return unicodedata.normalize("NFC", " ".join(_CONTROL.sub("", text).split()))


def plain(text: object) -> str:
    """Return one line of text without control characters; "" for "N/A" and similar."""
    words = _one_line(str(text if text is not None else ""))
    return "" if words.casefold() in _NOTHING else words


def plain_html(text: object) -> str:
    """Return the text of an HTML fragment, one line per paragraph."""
    marked = _BREAKS.sub("\n", str(text if text is not None else ""))
    lines = (plain(unescape(_TAGS.sub("", line))) for line in marked.splitlines())
    return "\n".join(line for line in lines if line)


def plain_title(text: object) -> str:
    """Return one line with character references decoded and tags kept as text: `Vec<T> &amp; Box`."""
    words = _one_line(unescape(str(text if text is not None else "")))
    # A talk titled TBA is a real session.
    return "" if words.casefold() in _NOTHING - {"tba", "tbd"} else words


def title_says_cancelled(title: str) -> bool:
    """Whether the title has a mark such as `CANCELLED:`; a word inside the title is none."""
    return is_cancelled(title)


def read_names(text: str) -> tuple[str, ...]:
    """Split names at semicolons and line ends, otherwise at commas (not before suffixes such as Jr)."""
    parts = re.split(r"[;\n]", text)
    if len(parts) == 1:
        parts = re.split(r",(?!\s*(?:Jr|Sr|Ph\.?D|M\.?D|MBA|CISSP|I{2,3})\b)", text)
    return tuple(name for name in map(plain, parts) if name)


def read_recorded(text: object) -> Recorded:
    """Read yes or no; anything else is unknown."""
    word = plain(text).casefold()
    return Recorded.YES if word in _YES else Recorded.NO if word in _NO else Recorded.UNKNOWN
