"""iCalendar, as Sched, Indico, pretalx and calendar programs write it."""

from bot.domain.imports.draft import Draft
from bot.sources.format import Format, Raw


def recognise(raw: Raw) -> bool:
    """Whether the data begins like a calendar."""
    return raw.head[:20].upper().startswith("BEGIN:VCALENDAR")


def parse(raw: Raw) -> Draft:
    """Parse all events of a calendar, with the sittings of repeated events on the days of the conference."""
    from bot.sources.ical.reader import read_calendar  # noqa: PLC0415 — 25 ms, and most files are no calendar

    return read_calendar(raw)


FORMAT = Format("ical", "iCalendar (.ics) of Sched, Indico, pretalx and calendar programs", recognise, parse)
