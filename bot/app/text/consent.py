"""The text that an attendee reads when their first entry on the agenda makes them agree to messages."""

from datetime import datetime

from bot.app.messages import Text, Typed
from bot.app.text.catalog import n, t
from bot.domain.attendee.agenda import Stop
from bot.domain.attendee.attendee import Attendee
from bot.domain.nudges.leave_by import is_due_soon

OFF = Typed("/nudges off")


def first_time_text(attendee: Attendee, stop: Stop | None, now: datetime) -> tuple[Text, ...]:
    """Say that reminders come from now on; empty if the attendee agreed before."""
    if attendee.agreed_at is not None:
        return ()
    if stop and is_due_soon(stop.departure, now, attendee.notice_time):
        return (t("From the next session on, I'll message you before it's time to leave. To stop: {off}", off=OFF),)
    return (
        n(
            "I'll message you {count} minute before it's time to leave. To stop: {off}",
            "I'll message you {count} minutes before it's time to leave. To stop: {off}",
            attendee.notice,
            off=OFF,
        ),
    )
