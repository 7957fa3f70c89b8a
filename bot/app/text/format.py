"""Small words: plurals, lists, durations."""

from collections.abc import Sequence
from datetime import timedelta

from bot.app.messages import Part, Text
from bot.domain.attendee.attendee import Community

HOUR = 60


def sentence(*parts: Part | Text) -> Text:
    """One text of parts and texts, empty ones left out."""
    whole: list[Part] = []
    for part in parts:
        if isinstance(part, tuple):
            whole += filter(None, part)
        elif part:
            whole.append(part)
    return tuple(whole)


def count(number: int, noun: str, plural: str = "") -> str:
    """`1 session`, `2 sessions`, `12,345 steps`."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def either(words: Sequence[str]) -> str:
    """`a`, `a or b`, `a, b or c`."""
    return " or ".join((", ".join(words[:-1]), words[-1])) if len(words) > 1 else "".join(words)


def minutes_text(span: timedelta) -> str:
    """`45 min`, `2 h`, `2 h 5 min`; whole minutes, rounded down."""
    minutes = int(span.total_seconds() // 60)
    if minutes < HOUR:
        return f"{minutes} min"
    hours, rest = divmod(minutes, HOUR)
    return f"{hours} h {rest} min" if rest else f"{hours} h"


def community_text(community: Community) -> str:
    """`Cloud Club (Discord)`: what a community is called where others are spoken of beside it."""
    return f"{community.called} ({community.platform.capitalize()})"
