"""The days that are announced on the evening before, because no recap announces them, such as the first one."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from bot.domain.attendee.agenda import ONE_DAY, Agenda
from bot.domain.attendee.attendee import Attendee

AFTER_CHOOSING = timedelta(minutes=10)
"""After each choice that a person makes that evening, the message waits this long, because more choices may follow."""


def days_announced(agendas: Iterable[Agenda]) -> Sequence[Agenda]:
    """Return the days without a recap on the evening before, because nothing was on the agenda of the day before."""
    visited = {agenda.day: agenda for agenda in agendas if any(not stop.session.is_block for stop in agenda.path)}
    return [agenda for day, agenda in visited.items() if day - ONE_DAY not in visited]


def evening_before(attendee: Attendee, agenda: Agenda, evening: datetime) -> datetime:
    """Return when to announce a day.

    Args:
        evening: the usual moment. It is later for a person who joins, or chooses a session, after it.
    """
    choices = (stop.attendance.chosen_at for stop in agenda.stops)
    newest = max(filter(None, (*choices, attendee.agreed_at)), default=None)
    return evening if newest is None else max(evening, newest + AFTER_CHOOSING)
