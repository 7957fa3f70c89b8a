"""Small words: plurals, lists, durations, days."""

from collections.abc import Sequence
from datetime import date, timedelta

from bot.app.messages import Part, Text
from bot.app.text.catalog import s
from bot.domain.attendee.attendee import Community

HOUR = 60


def sentence(*parts: Part | Text) -> Text:
    """Join parts and texts into one text; empty ones are left out."""
    whole: list[Part] = []
    for part in parts:
        if isinstance(part, tuple):
            whole += filter(None, part)
        elif part:
            whole.append(part)
    return tuple(whole)


def spaced(*texts: Text) -> Text:
    """The sentences that are not empty, one after the other in a line."""
    return listed([text for text in texts if text], " ")


def lines(*texts: Text) -> tuple[Text, ...]:
    """The texts that are not empty, each a line."""
    return tuple(text for text in texts if text)


def listed(items: Sequence[Text], separator: str = ", ") -> Text:
    """`a, b, c`, where each item may have neutral parts."""
    whole: list[Part | Text] = []
    for item in items:
        whole += [separator, item] if whole else [item]
    return sentence(*whole)


def either(words: Sequence[str]) -> str:
    """`a`, `a or b`, `a, b or c`."""
    return s("{words} or {last}", words=", ".join(words[:-1]), last=words[-1]) if len(words) > 1 else "".join(words)


def minutes_text(duration: timedelta) -> str:
    """`45 min`, `2 h`, `2 h 5 min`; whole minutes, rounded down."""
    minutes = int(duration.total_seconds() // 60)
    if minutes < HOUR:
        return s("{minutes} min", minutes=minutes)
    hours, rest = divmod(minutes, HOUR)
    return s("{hours} h {minutes} min", hours=hours, minutes=rest) if rest else s("{hours} h", hours=hours)


def shortened(text: str, most: int) -> str:
    """The text, cut to at most `most` characters with an ellipsis at the end."""
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def day_text(day: date) -> str:
    """`Mon 29 Nov`."""
    return f"{day:%a} {day.day} {day:%b}"


def community_text(community: Community) -> str:
    """`Cloud Club (Discord)`: the name of a community where several are listed."""
    return f"{community.called} ({community.platform.capitalize()})"
