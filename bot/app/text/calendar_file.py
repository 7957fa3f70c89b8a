"""An agenda as an iCalendar file, for any calendar program."""

from collections.abc import Iterable
from datetime import UTC, datetime

from icalendar import Calendar, Event

from bot.app.messages import File
from bot.app.text.sessions import place_text, session_name
from bot.domain.schedule.conference import Conference
from bot.domain.schedule.session import Session

PRODUCT = "-//Hallway//Agenda//EN"


def calendar_file(sessions: Iterable[Session], conference: Conference, now: datetime) -> File:
    """One event per session. Its UID is stable, so a second import updates events and adds no duplicates."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", conference.title)
    for session in sessions:
        calendar.add_component(_event(session, conference, now))
    return File(f"{conference.slug}-agenda.ics", "text/calendar", calendar.to_ical().decode())


def _event(session: Session, conference: Conference, now: datetime) -> Event:
    event = Event()
    event.add("uid", f"{session.id}@{conference.slug}.hallway")
    event.add("dtstamp", now.astimezone(UTC))
    event.add("dtstart", session.starts_at.astimezone(UTC))
    event.add("dtend", session.ends_at.astimezone(UTC))
    event.add("summary", session_name(session))
    if session.venue or not session.is_block:
        event.add("location", place_text(session))
    event.add("description", "\n".join(part for part in (", ".join(session.speakers), session.abstract) if part))
    event.add("sequence", session.revision)
    event.add("status", "CANCELLED" if not session.takes_place else "CONFIRMED")
    return event
