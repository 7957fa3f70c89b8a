"""`/session code`: everything about one session, and how you would get there."""

from bot.app.declare import SESSION, Call, Command, Context, Param
from bot.app.messages import Button, Reply, Text
from bot.app.say import Reader, departure_text, line_of, sentence, session_card
from bot.domain.agenda import build_agenda, departure_for
from bot.domain.attendee import Attendance, Choice
from bot.domain.session import Session

CODE = Param("code", SESSION, "its code, part of its title, or a number from the last list", required=True)


async def handle(call: Call, context: Context) -> Reply:
    """The session in full, with its repeats and whether the asker goes."""
    session, schedule = call.need(CODE), context.schedule
    reader = Reader.of(context.attendee, schedule)
    mine = {each.session: each for each in await context.attendances()}
    more = [sentence(", ".join(session.speakers)), sentence(session.abstract), _yours(mine.get(session.id))]
    more.append(_way(session, mine, context, reader))
    repeats = [session_card(other, reader) for other in schedule.repeats(session)]
    card = session_card(session, reader, *[line for line in more if line])
    lines = (sentence("The same talk again:"),) if repeats else ()
    again = tuple(sentence("Again: ", reader.day(other.starts_at), " ", line_of(other, reader)) for other in schedule.repeats(session))
    card = session_card(session, reader, *[line for line in (*more, *again) if line])
    return Reply(cards=(card,), buttons=_buttons(session, mine.get(session.id)), listed=(session.id,))


COMMAND = Command("session", "Everything about one session", handle, (CODE,), examples=("/session ARC301",))
