"""`/session code`: everything about one session, with the walk there."""

from bot.app.command_spec import SESSION, Call, Command, Context, Param
from bot.app.messages import Reply, Text
from bot.app.text import Reader, departure_text, s, session_buttons, session_card, session_line, t
from bot.domain.attendee.agenda import build_agenda
from bot.domain.attendee.attendee import Attendance, Choice
from bot.domain.schedule.session import Session

CODE = Param(
    "code",
    SESSION,
    "its code, part of its title, or a number from the last list",
    required=True,
    question=s("Which session?"),
)


async def handle(call: Call, context: Context) -> Reply:
    """The session in full: facts, the attendee's choice, the walk there, repeats."""
    session = call.need(CODE)
    reader = Reader.of(context.attendee, context.schedule)
    chosen = {each.session: each for each in await context.attendances()}
    mine = chosen.get(session.id)
    # Attendees who have not chosen it yet see the walk too: it helps them decide.
    as_going = {**chosen, session.id: mine or Attendance(session.id)}
    lines = [
        t("{speakers}", speakers=", ".join(session.speakers)),
        t("{abstract}", abstract=session.abstract),
        _choice_text(mine),
        _departure(session, list(as_going.values()), context, reader),
        *_again(session, context, reader),
    ]
    card = session_card(session, reader, *lines)
    buttons, links = session_buttons(session, going=mine is not None), context.session_links(session)
    return Reply(cards=(card,), buttons=buttons, links=links)


def _choice_text(mine: Attendance | None) -> Text:
    if mine is None:
        return ()
    if mine.choice is Choice.BACKUP:
        return t("This is one of your backups.")
    return t("You're going, with a reserved seat.") if mine.reserved else t("You're going.")


def _departure(session: Session, chosen: list[Attendance], context: Context, reader: Reader) -> Text:
    day = session.day(context.schedule.conference.tz)
    agenda = build_agenda(context.attendee, chosen, context.schedule, day)
    stops = [stop for stop in agenda.stops if stop.session.id == session.id]
    if not stops or session.starts_at <= context.now:
        return ()
    return departure_text(stops[0].departure, stops[0].attendance, session, reader)


def _again(session: Session, context: Context, reader: Reader) -> list[Text]:
    repeats = context.schedule.repeats(session)
    return [
        t("It's on again {day}: {session}.", day=reader.day(repeat.starts_at), session=session_line(repeat, reader))
        for repeat in repeats
    ]


COMMAND = Command(
    "session",
    "Everything about one session",
    handle,
    (CODE,),
    examples=("/session ARC301", "/session 2"),
)
