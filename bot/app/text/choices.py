"""Sessions to choose from, each as a button that names it."""

from collections.abc import Iterable
from itertools import islice

from bot.app.messages import Button
from bot.domain.schedule.conference import Schedule
from bot.domain.schedule.session import Session
from bot.domain.schedule.session_label import session_label
from bot.domain.times.hour_format import HourFormat

MOST_CHOICES = 8
"""Buttons in one message: more are hard to read on a phone."""


def session_choices(
    sessions: Iterable[Session], command: str, schedule: Schedule, hours: HourFormat
) -> tuple[Button, ...]:
    """A button for each of the first sessions, which runs `command` with it."""
    return tuple(
        Button(
            session_label(session, schedule.conference.tz, hours),
            command,
            {"code": session.code},
            seen=session.revision,
            choice=True,
        )
        for session in islice(sessions, MOST_CHOICES)
    )
