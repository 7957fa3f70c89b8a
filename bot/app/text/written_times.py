"""Times as text, for a terminal and for readers who chose a clock of their own."""

from zoneinfo import ZoneInfo

from bot.app.messages import TimeForm, When
from bot.domain.times.hour_format import clock_text


def written(when: When) -> str:
    """`13:05`, `Mon 29 Nov 1:05 pm`, `13:05 (22:05 in Europe/Berlin)`; a relative time is written as a time of day."""
    local = when.at.astimezone(ZoneInfo(when.zone))
    day, time = f"{local:%a} {local.day} {local:%b}", clock_text(local, when.hours)
    if when.form is TimeForm.DAY:
        return day
    here = f"{day} {time}" if when.form is TimeForm.DAY_TIME else time
    if when.own is None or when.own == when.zone:
        return here
    own = when.at.astimezone(ZoneInfo(when.own))
    return here if own.utcoffset() == local.utcoffset() else f"{here} ({clock_text(own, when.hours)} in {when.own})"
