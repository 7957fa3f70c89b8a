"""`/later [code]`: the list of recorded sessions to watch after the conference."""

from collections.abc import Sequence
from dataclasses import replace

from bot.app.command_spec import SESSION, Call, Command, Context, Effect, Param
from bot.app.messages import Button, Reply, Text, Typed
from bot.app.text import Reader, lines, n, numbered, recording_link, s, session_card, t, watch_buttons
from bot.domain.attendee.attendee import Attendance, Choice
from bot.domain.errors import BadInputError
from bot.domain.schedule.session import Recorded, Session

CODE = Param("code", SESSION, "a session to watch later; without one, the list")
AGENDA = Button(s("Agenda"), "agenda")


async def handle(call: Call, context: Context) -> Reply:
    """Put a session on the list, in place of the agenda; without one, show the list."""
    session = call.get(CODE)
    if session is None:
        return _list(await context.attendances(), context)
    if session.is_block:
        raise BadInputError(s("That is your own entry: there is nothing to watch."))
    later = Attendance(session.id, Choice.LATER, chosen_at=context.now)
    await context.work.attendances.put(context.attendee.id, context.schedule.conference.slug, later)
    reader = Reader.of(context.attendee, context.schedule)
    text = lines(t("It is on your list to watch later, and not on your agenda."), _warning(session))
    buttons = (Button(s("My list"), "later"), Button(s("Going after all"), "attend", {"code": session.code}))
    links = watch_buttons((session,), context.now)
    return Reply(text, (session_card(session, reader),), (*buttons, AGENDA), links=links)


def _warning(session: Session) -> Text:
    """Say that a recording is uncertain or missing, as the schedule states it; None if the session is recorded."""
    if session.recording_url:
        return ()
    return {
        Recorded.YES: (),
        Recorded.NO: t("The schedule says that it is not recorded."),
        Recorded.UNKNOWN: t("The schedule does not say whether it is recorded."),
    }[session.recorded]


def _list(chosen: Sequence[Attendance], context: Context) -> Reply:
    later = [attendance.session for attendance in chosen if attendance.choice is Choice.LATER]
    sessions = [session for id_ in later if (session := context.schedule.by_id.get(id_))]
    if not sessions:
        example = Typed("/later ARC301")
        return Reply((t("Nothing to watch later yet. To put a session on this list: {example}", example=example),))
    sessions.sort(key=lambda session: (session.starts_at, session.code))
    reader = Reader.of(context.attendee, context.schedule)
    head = n(
        "{count} session to watch later. To take it off the list: {skip}",
        "{count} sessions to watch later. To take the first off the list: {skip}",
        len(sessions),
        skip=Typed("/skip 1"),
    )
    links_by_id = {session.id: recording_link(session, context.now) for session in sessions}
    cards = numbered(sessions, reader, map(_warning, sessions))
    linked = tuple(replace(card, link=links_by_id[session.id]) for card, session in zip(cards, sessions, strict=True))
    links = watch_buttons((session for session in sessions if not links_by_id[session.id]), context.now)
    return Reply((head,), linked, (AGENDA,), listed=tuple(session.id for session in sessions), links=links)


COMMAND = Command(
    "later",
    "Recorded sessions to watch after the conference",
    handle,
    (CODE,),
    effect=Effect.WRITE_AND_REPLAN,
    examples=("/later", "/later SEC203"),
)
