"""Ask which session of the attendee's agenda a command is about."""

from collections.abc import Sequence
from datetime import datetime

from bot.app.messages import Button, Reply, Text, Typed
from bot.app.text.catalog import t
from bot.app.text.format import shortened
from bot.domain.attendee.attendee import Attendance
from bot.domain.schedule.conference import Schedule

MOST_CHOICES, LONGEST_TITLE = 5, 60


def agenda_choices(
    command: str, question: Text, chosen: Sequence[Attendance], schedule: Schedule, now: datetime
) -> Reply:
    """Return the question with a button for each of the next sessions on the agenda; a hint if there is none.

    Args:
        command: what a button runs, with the session as its `code`.
        question: asks for one of them.
        chosen: the attendee's choices.
        schedule: of the conference.
        now: sessions that are over at this moment are left out.
    """
    sessions = [schedule.by_id.get(attendance.session) for attendance in chosen]
    coming = [session for session in sessions if session and session.ends_at > now]
    if not coming:
        return Reply((t("Nothing is left on your agenda. Find sessions with {find}.", find=Typed("/find")),))
    coming.sort(key=lambda session: (session.starts_at, session.code))
    zone = schedule.conference.tz
    labels = [
        f"{shortened(each.title, LONGEST_TITLE)} ({each.starts_at.astimezone(zone):%a %H:%M})"
        for each in coming[:MOST_CHOICES]
    ]
    buttons = (
        Button(label, command, {"code": each.code}, seen=each.revision)
        for label, each in zip(labels, coming, strict=False)
    )
    return Reply((question,), buttons=tuple(buttons))
