"""The small things that every format needs: plain text from HTML, dates, times, lengths, yes and no."""

import re
from datetime import date, datetime, time, timedelta
from html import unescape

from bot.domain.session import Recorded

_BREAKS = re.compile(r"<\s*(?:br|/p|/li|/div|hr)\b[^>]*>", re.IGNORECASE)
_TAGS = re.compile(r"<[a-zA-Z/!][^>]*>")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_NOTHING = {"", "n/a", "na", "tbd", "tba", "none", "null", "-"}
_LENGTH = re.compile(r"(?:(\d{1,3}):)?(\d{1,4}):(\d{2})")
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


def read_date(text: str) -> date:
    """2021-11-29; raises ValueError."""
    return date.fromisoformat(text.strip()[:10])


def read_clock(text: str) -> time:
    """13:05, 13:05:00, 1:05 PM; raises ValueError."""
    typed = text.strip().upper()
    for form in ("%H:%M", "%H:%M:%S", "%I:%M %p", "%I:%M%p", "%I %p"):
        try:
            return datetime.strptime(typed, form).time()  # noqa: DTZ007 — a wall time has no zone
        except ValueError:
            continue
    message = f"{text!r} is not a time of day"
    raise ValueError(message)


def read_length(text: str) -> timedelta:
    """00:30, 1:05:00 (hours first where there are two parts), 45 (minutes); raises ValueError."""
    match = _LENGTH.fullmatch(text.strip())
    if not match:
        return timedelta(minutes=float(text))
    first, second, third = match.groups()
    if first is None:
        return timedelta(hours=int(second), minutes=int(third))
    return timedelta(hours=int(first), minutes=int(second), seconds=int(third))


def read_recorded(text: object) -> Recorded:
    """Yes, no, or not said."""
    word = plain(text).casefold()
    return Recorded.YES if word in _YES else Recorded.NO if word in _NO else Recorded.UNKNOWN
