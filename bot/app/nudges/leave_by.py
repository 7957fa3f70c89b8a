"""The leave-by nudge: leave now, this way, for this session."""

from functools import lru_cache

from bot.app.command_spec import NudgeTemplate, RenderContext
from bot.app.messages import Reply, Strong, Text
from bot.app.text import Reader, departure_text, lateness_text, sentence, session_buttons, session_card
from bot.domain.attendee.agenda import Departure
from bot.domain.attendee.attendee import Attendance
from bot.domain.nudges.nudge import NudgeKind
from bot.domain.schedule.session import Session

KEPT = 4_096
"""How many texts: a peak has thousands of readers and few that differ, by their session, way and zone."""


async def write(occasion: RenderContext) -> Reply | None:
    """The session and the way to it, from the facts that were planned; None if it no longer takes place."""
    nudge, schedule = occasion.nudge, occasion.schedule
    session = schedule.by_id.get(nudge.subject)
    if session is None or not session.takes_place or session.revision != nudge.revision:
        return None
    reader = Reader.of(occasion.attendee, schedule)
    return _text(session, reader, tuple(nudge.facts.items()), lateness_text(occasion.late))


@lru_cache(KEPT)
def _text(session: Session, reader: Reader, told: tuple[tuple[str, str | int], ...], lateness: Text) -> Reply:
    facts = dict(told)
    attendance = Attendance(session.id, reserved=bool(facts.get("reserved")))
    departure = Departure.of_facts(facts)
    way = departure_text(departure, attendance, session, reader)
    head = _head(departure, session, reader)
    lines = tuple(line for line in (head, way, lateness) if line)
    return Reply(lines, (session_card(session, reader, day=False),), session_buttons(session, going=True))


def _head(departure: Departure, session: Session, reader: Reader) -> Text:
    starts = reader.relative(session.starts_at)
    if departure.stays:
        return sentence(Strong("Stay where you are"), f": {session.code} starts here ", starts, ".")
    return sentence(Strong("Time to leave"), f" for {session.code}, which starts ", starts, ".")


NUDGE = NudgeTemplate(NudgeKind.LEAVE_BY, write)
