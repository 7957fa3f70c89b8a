"""Text helpers of all formats: plain text from HTML, names, yes and no."""

import re
import unicodedata
from html import unescape

from bot.domain.imports.cancel_marks import is_cancelled
from bot.domain.schedule.session import Recorded

# The `>` is optional, so that a tag without end is one match up to the end of the text. Otherwise the search would
# start again at each `<` in it, which takes a minute for a hundred thousand of them.
_BREAKS = re.compile(r"<\s*+(?:br|/p|/li|/div|hr)\b[^>]*+>?", re.IGNORECASE)
_TAGS = re.compile(r"<[a-zA-Z/!][^>]*+>?")
_ASIDE = re.compile(r"\([^)]*+\)?")
_BRACKET = re.compile(r"[()]")
_LINES = re.compile(r"[;\n]")
_COMMAS = re.compile(r",(?!\s*+(?:Jr|Sr|Ph\.?D|M\.?D|MBA|CISSP|I{2,3})\b)")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_NOTHING = {"", "n/a", "na", "tbd", "tba", "none", "null", "-"}
_LONGEST_NOTHING = max(map(len, _NOTHING))
_YES, _NO = {"yes", "true", "1", "y"}, {"no", "false", "0", "n"}


def _one_line(text: str) -> str:
    """Return the text on one line, composed (NFC): equal text must compare equal."""
    if text.isascii() and text.isprintable() and "  " not in text:
        # Nearly all fields: there is nothing to compose, and the only blank is the space.
        return text.strip()
    visible = text if text.isprintable() else _CONTROL.sub("", text)
    return unicodedata.normalize("NFC", " ".join(visible.split()))


def plain(text: object) -> str:
    """Return one line of text without control characters; "" for "N/A" and similar."""
    if text is None or text == "":
        # Most fields of a row are empty.
        return ""
    words = _one_line(str(text))
    return "" if len(words) <= _LONGEST_NOTHING and words.casefold() in _NOTHING else words


def plain_html(text: object) -> str:
    """Return the text of an HTML fragment, one line per paragraph."""
    fragment = str(text if text is not None else "")
    if fragment.isprintable() and "<" not in fragment and "&" not in fragment:
        # Most fragments are one line of plain text.
        return plain(fragment)
    marked = _replaced(_BREAKS, ">", "\n", fragment)
    lines = (plain(unescaped(_replaced(_TAGS, ">", "", line))) for line in marked.splitlines())
    return "\n".join(line for line in lines if line)


def without_asides(text: str) -> str:
    """Return the text without parts in brackets: `Description` for `Description (optional)`."""
    return _replaced(_ASIDE, ")", "", text)


def unescaped(text: str) -> str:
    """Decode character references; a text with a number too long for a character is returned unchanged."""
    try:
        return unescape(text)
    except ValueError:
        return text


def _replaced(pattern: re.Pattern[str], end: str, by: str, text: str) -> str:
    """Replace the matches that have their `end`, which is optional in `pattern`."""
    return pattern.sub(lambda match: by if match[0].endswith(end) else match[0], text)


def plain_title(text: object) -> str:
    """Return one line with character references decoded and tags kept as text: `Vec<T> &amp; Box`."""
    words = _one_line(unescaped(str(text if text is not None else "")))
    # A talk titled TBA is a real session.
    nothing = len(words) <= _LONGEST_NOTHING and words.casefold() in _NOTHING - {"tba", "tbd"}
    return "" if nothing else words


def title_says_cancelled(title: str) -> bool:
    """Whether the title has a mark such as `CANCELLED:`; a word inside the title is not a mark."""
    return is_cancelled(title)


def read_names(text: str) -> tuple[str, ...]:
    """Split names at semicolons and line ends, otherwise at commas (not before suffixes such as Jr)."""
    parts = _LINES.split(text)
    if len(parts) == 1:
        parts = _COMMAS.split(text)
    return tuple(name for name in map(plain, filter(str.strip, parts)) if name)


def read_affiliated_names(text: str) -> tuple[str, ...]:
    """Read `Ada (Ltd, London), Bob (Uni)` as Ada and Bob."""
    names: list[str] = []
    pieces: list[str] = []
    inside = False
    # From the end: a comma is in brackets if the next bracket behind it closes.
    for piece in reversed(text.split(",")):
        pieces.append(piece)
        if bracket := _BRACKET.search(piece):
            inside = bracket[0] == ")"
        if not inside:
            names.append(",".join(reversed(pieces)))
            pieces = []
    names.append(",".join(reversed(pieces)))
    return tuple(name for affiliated in reversed(names) if (name := _without_affiliation(plain(affiliated))))


def _without_affiliation(name: str) -> str:
    if not name.endswith(")"):
        return name
    opens = name.find("(", name.rfind(")", 0, -1) + 1)
    return name[:opens].rstrip() if opens >= 0 else name


def read_recorded(text: object) -> Recorded:
    """Read yes or no; anything else is unknown."""
    word = plain(text).casefold()
    return Recorded.YES if word in _YES else Recorded.NO if word in _NO else Recorded.UNKNOWN
