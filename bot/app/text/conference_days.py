"""That a conference is over, or has not begun."""

from datetime import datetime

from bot.app.messages import Text
from bot.app.text.catalog import n, t
from bot.app.text.format import day_text
from bot.domain.schedule.conference import Schedule
from bot.domain.times.zones import day_of


def is_over(schedule: Schedule, now: datetime) -> bool:
    """Whether the last session has ended."""
    return schedule.span is not None and schedule.span[1] <= now


def outside_text(schedule: Schedule, now: datetime) -> Text:
    """`Cloud 21 ended on Fri 3 Dec.`, or on an earlier day `Cloud 21 begins in 11 days, on Mon 29 Nov.`; else empty."""
    if schedule.span is None:
        return ()
    first, last = (day_of(moment, schedule.conference.tz) for moment in schedule.span)
    title, days = schedule.conference.title, (first - day_of(now, schedule.conference.tz)).days
    if is_over(schedule, now):
        return t("{conference} ended on {day}.", conference=title, day=day_text(last))
    if days <= 0:
        return ()
    if days == 1:
        return t("{conference} begins tomorrow, on {day}.", conference=title, day=day_text(first))
    return n(
        "{conference} begins in {count} day, on {day}.",
        "{conference} begins in {count} days, on {day}.",
        days,
        conference=title,
        day=day_text(first),
    )
