"""The leave-by nudge: leave now, this way, for this session."""

from bot.app.declare import NudgeText, Occasion
from bot.app.messages import Reply, Strong
from bot.app.say import Reader, departure_text, lateness_text, sentence, session_buttons, session_card
from bot.domain.agenda import Departure
from bot.domain.attendee import Attendance
from bot.domain.nudge import NudgeKind


async def write(occasion: Occasion) -> Reply | None:
    """The session and the way to it, from the facts that were planned; None if it no longer takes place."""
    nudge, schedule = occasion.nudge, occasion.schedule
    session = schedule.by_id.get(nudge.subject)
    if session is None or session.cancelled or session.revision != nudge.revision:
        return None
    reader = Reader.of(occasion.attendee, schedule)
    attendance = Attendance(session.id, reserved=bool(nudge.facts.get("reserved")))
    way = departure_text(Departure.of_facts(nudge.facts), attendance, session, reader)
    head = sentence(
        Strong("Time to leave"),
        f" for {session.code}, which starts ",
        reader.relative(session.starts_at),
        ".",
    )
    lines = tuple(line for line in (head, way, lateness_text(occasion.late)) if line)
    return Reply(lines, (session_card(session, reader, day=False),), session_buttons(session, going=True))


NUDGE = NudgeText(NudgeKind.LEAVE_BY, write)
