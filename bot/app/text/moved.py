"""How a new fact about the attendee moves the moment to leave for their next session."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.app.messages import Text
from bot.app.text.catalog import t
from bot.app.text.format import minutes_text
from bot.app.text.local_times import Reader
from bot.domain.attendee.agenda import Stop, next_stop
from bot.domain.attendee.attendee import Attendance, Attendee
from bot.domain.attendee.departure import Origin
from bot.domain.schedule.conference import Schedule
from bot.domain.times.zones import day_of

A_MINUTE = timedelta(minutes=1)


def moved_text(
    before: Attendee, after: Attendee, chosen: Sequence[Attendance], schedule: Schedule, now: datetime
) -> Text:
    """Return the new moment to leave for the attendee's next session, and by how much it moved; empty if it did not.

    Args:
        before: the attendee without the new fact.
        after: the same attendee with it.
        chosen: the attendee's choices.
    """
    new = next_stop(after, chosen, schedule, now)
    if new is None or not new.assumed or new.departure.leg is None or new.departure.origin is Origin.UNKNOWN:
        return ()
    old = next_stop(before, chosen, schedule, now)
    reader, leave_by = Reader.of(after, schedule), new.departure.leave_by
    today = day_of(leave_by, schedule.conference.tz) == day_of(now, schedule.conference.tz)
    time, title = reader.time(leave_by) if today else reader.day_time(leave_by), new.session.title
    moved = _moved(old, new)
    if leave_by <= now and moved != timedelta():
        return t('Leave now for "{title}": the moment to leave was {time}.', time=time, title=title)
    if moved is None:
        return t('Leave by {time} for "{title}".', time=time, title=title)
    if abs(moved) < A_MINUTE:
        return ()
    by = minutes_text(abs(moved))
    if moved > timedelta():
        return t('Now you leave by {time} for "{title}", {by} later than before.', time=time, title=title, by=by)
    return t('Now you leave by {time} for "{title}", {by} earlier than before.', time=time, title=title, by=by)


def _moved(old: Stop | None, new: Stop) -> timedelta | None:
    """By how much the moment to leave has moved; None if there was none for this session that could be followed."""
    same = old is not None and old.session.id == new.session.id and old.assumed
    if old is None or not same or old.departure.leg is None or old.departure.origin is Origin.UNKNOWN:
        return None
    return new.departure.leave_by - old.departure.leave_by
