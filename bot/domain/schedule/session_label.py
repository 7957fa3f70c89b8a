"""The name of a session on a button or in a list to choose from."""

from datetime import tzinfo

from bot.domain.schedule.session import Session
from bot.domain.times.hour_format import HourFormat, clock_text

MAX_LABEL = 75
"""Characters: the limit of a button and of an option on Slack, the smallest of all platforms."""


def session_label(session: Session, zone: tzinfo, hours: HourFormat) -> str:
    """`Queues that never sleep (ARC301, Mon 13:00)`; a long title is cut, so that repeats of it can be told apart.

    An own entry has no code.
    """
    starts = session.starts_at.astimezone(zone)
    code = "" if session.is_block else f"{session.code}, "
    rest = f" ({code}{starts:%a} {clock_text(starts, hours)})"
    room = max(MAX_LABEL - len(rest), 1)
    title = session.title if len(session.title) <= room else f"{session.title[: room - 1].rstrip()}…"
    return title + rest
