"""`/session code`: everything about one session, and how you would get there."""

from bot.app.command_spec import SESSION, Call, Command, Context, Param
from bot.app.messages import Reply, Text
from bot.app.text import Reader, departure_text, line_of, sentence, session_buttons, session_card
from bot.domain.attendee.agenda import build_agenda
from bot.domain.attendee.attendee import Attendance, Choice
from bot.domain.schedule.session import Session

CODE = Param("code", SESSION, "its code, part of its title, or a number from the last list", required=True)


async def handle(call: Call, context: Context) -> Reply:
    """The session in full: what it is, whether the asker goes, the way there, its repeats."""
    session = call.need(CODE)
    reader = Reader.of(context.attendee, context.schedule)
    chosen = {each.session: each for each in await context.attendances()}
    mine = chosen.get(session.id)
    # Who does not go yet is told the way as if they went: that is what they decide on.
    as_going = {**chosen, session.id: mine or Attendance(session.id)}
    lines = [
        sentence(", ".join(session.speakers)),
        sentence(session.abstract),
        sentence(_state(mine)),
        _way(session, list(as_going.values()), context, reader),
        *_again(session, context, reader),
    ]
    card = session_card(session, reader, *lines)
    return Reply(cards=(card,), buttons=session_buttons(session, going=mine is not None))


def _state(mine: Attendance | None) -> str:
    if mine is None:
        return ""
    if mine.choice is Choice.BACKUP:
        return "This is one of your backups."
    return "You are going, with a reserved seat." if mine.reserved else "You are going."


def _way(session: Session, chosen: list[Attendance], context: Context, reader: Reader) -> Text:
    day = session.day(context.schedule.conference.tz)
    agenda = build_agenda(context.attendee, chosen, context.schedule, day)
    stops = [stop for stop in agenda.stops if stop.session.id == session.id]
    if not stops or session.starts_at <= context.now:
        return ()
    return departure_text(stops[0].departure, stops[0].attendance, session, reader)


def _again(session: Session, context: Context, reader: Reader) -> list[Text]:
    repeats = context.schedule.repeats(session)
    return [sentence("Again ", reader.day(other.starts_at), ": ", line_of(other, reader)) for other in repeats]


COMMAND = Command(
    "session",
    "Everything about one session",
    handle,
    (CODE,),
    examples=("/session ARC301", "/session 2"),
)
