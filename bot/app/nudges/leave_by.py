"""The leave-by nudge: when to leave, from which place, for which session."""

from dataclasses import replace
from functools import lru_cache

from bot.app.command_spec import NudgeTemplate, RenderContext
from bot.app.messages import Reply, Text
from bot.app.text import (
    AgendaWriter,
    Reader,
    late_for_line_text,
    lateness_text,
    lines,
    place_name,
    route_text,
    session_buttons,
    session_card,
    slip_out_text,
    t,
)
from bot.domain.attendee.agenda import Departure, Origin, build_agenda
from bot.domain.attendee.attendee import Attendance
from bot.domain.nudges.nudge import BEFORE, UNDECIDED, NudgeKind
from bot.domain.schedule.session import Session
from bot.domain.schedule.travel import LegSource

CACHED = 4_096
"""Maximum number of cached texts: at a peak thousands of readers share a text per session, route and time zone."""


async def write(occasion: RenderContext) -> Reply | None:
    """Write the session and the route to it, as stored when the nudge was planned.

    None if the session has changed since, or does not take place.
    """
    nudge, schedule = occasion.nudge, occasion.schedule
    session = schedule.by_id.get(nudge.subject)
    if session is None or not session.takes_place or session.revision != nudge.revision:
        return None
    reader = Reader.of(occasion.attendee, schedule)
    before = schedule.by_id.get(str(nudge.facts.get(BEFORE, "")))
    reply = _text(session, before, reader, tuple(nudge.facts.items()), lateness_text(occasion.late))
    return await _with_question(reply, occasion, reader) if UNDECIDED in nudge.facts else reply


async def _with_question(reply: Reply, occasion: RenderContext, reader: Reader) -> Reply:
    """Add the question about sessions that will be out of reach after this moment, if it is still open."""
    schedule, undecided = occasion.schedule, str(occasion.nudge.facts[UNDECIDED]).split("\n")
    chosen = await occasion.chosen()
    agenda = build_agenda(occasion.attendee, chosen, schedule, schedule.day_by_id[occasion.nudge.subject])
    writer = AgendaWriter(occasion.attendee, chosen, schedule, reader, occasion.now)
    asked, buttons = writer.questions(agenda, undecided)
    return replace(reply, lines=(*reply.lines, *asked), buttons=(*reply.buttons, *buttons))


@lru_cache(CACHED)
def _text(
    session: Session,
    before: Session | None,
    reader: Reader,
    planned: tuple[tuple[str, str | int], ...],
    lateness: Text,
) -> Reply:
    facts = dict(planned)
    attendance = Attendance(session.id, reserved=bool(facts.get("reserved")))
    departure = Departure.of_facts(facts)
    route = route_text(departure, attendance, session, reader)
    if before:
        tight = slip_out_text(before, departure, attendance, session, reader)
    else:
        tight = late_for_line_text(departure, attendance, reader)
    text = lines(headline(departure, session, reader), route, tight, lateness)
    return Reply(text, (session_card(session, reader, day=False),), session_buttons(session, going=True))


def headline(departure: Departure, session: Session, reader: Reader) -> Text:
    """Return the first line, which a lock screen shows: the time to leave and the session."""
    title, time, leg = session.title, reader.time(departure.leave_by), departure.leg
    if session.online:
        return t('Join "{title}" at {time}.', title=title, time=reader.time(session.starts_at))
    if departure.stays:
        return t('Stay where you are for "{title}": it\'s in the same room.', title=title)
    if leg is None:
        return t('Be at "{title}" by {time}.', title=title, time=time)
    if departure.origin is Origin.UNKNOWN or leg.source is LegSource.INSIDE:
        return t('Leave by {time} for "{title}" at {venue}.', time=time, title=title, venue=leg.target)
    return t(
        'Leave {place} by {time} for "{title}" at {venue}.',
        place=place_name(leg.origin),
        time=time,
        title=title,
        venue=leg.target,
    )


NUDGE = NudgeTemplate(NudgeKind.LEAVE_BY, write)
