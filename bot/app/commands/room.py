"""`/room code full|in`: whether the room is full, for people on their way; and the overflow room."""

from bot.app.command_spec import CHOSEN_SESSION, TEXT, Call, Command, Context, Effect, Param, choice
from bot.app.editing.edit import LONGEST_ROOM, NONE, edited_fact
from bot.app.editing.facts import locked_schedule
from bot.app.messages import Button, Reply, Text, Typed
from bot.app.schedules.editor import edit_session
from bot.app.schedules.feedback import planned_sessions
from bot.app.text import Reader, lines, room_buttons, s, session_line, t
from bot.domain.attendee.fallbacks import repeat_for
from bot.domain.attendee.feedback import DOORS_BEFORE, RoomTap, at_the_door
from bot.domain.errors import BadInputError
from bot.domain.imports.edits import SessionEdit, SessionFacts
from bot.domain.schedule.session import Session

CODE = Param(
    "code",
    CHOSEN_SESSION,
    "its code, part of its title, or a number from the last list; without it, the one you go to now",
)
STATE = Param("state", choice("full", "in"), "full, or in if you got in")
OVERFLOW = Param(
    "overflow",
    TEXT,
    "for organizers: the room for people who do not get in, or none",
    keyword="overflow",
    keyword_required=True,
)


async def handle(call: Call, context: Context) -> Reply:
    """Store whether the room is full, in place of the person's earlier answer; if it is, say where else to go."""
    session, state = call.get(CODE) or await _near(context), call.get(STATE)
    if session is None:
        return Reply((t("Which session? {example}", example=Typed("/room ARC301 full")),), is_error=True)
    if overflow := call.get(OVERFLOW):
        return await _open(session, overflow, context)
    if refused := _refused(session, context):
        return Reply((refused,))
    if state is None:
        return Reply((t('How is it at "{title}"?', title=session.title),), buttons=room_buttons(session))
    tap = RoomTap(state)
    await context.work.feedback.tap(context.attendee.id, context.schedule.conference.slug, session.id, tap)
    if tap is RoomTap.IN:
        return Reply((_thanks(session, tap, call),), buttons=(Button(s("Agenda"), "agenda"),))
    return await _alternatives(session, _thanks(session, tap, call), context)


def _refused(session: Session, context: Context) -> Text:
    """Why nobody can say anything about the room now; empty if they can."""
    if not context.attendee.community.feedback:
        return t("The organizers here do not ask whether rooms are full.")
    if session.online or session.is_block:
        raise BadInputError(s('"{title}" has no room that could be full.', title=session.title))
    if session.starts_at - DOORS_BEFORE <= context.now < session.ends_at:
        return ()
    return t(
        "You can tell me that from {count} minutes before its start until its end.",
        count=int(DOORS_BEFORE.total_seconds() / 60),
    )


def _thanks(session: Session, tap: RoomTap, call: Call) -> Text:
    """Thanks; they name the session if the attendee did not."""
    if call.get(CODE):
        return t("Thank you. People on their way see it, without your name.")
    title = session.title
    if tap is RoomTap.FULL:
        return t('Thank you. People on their way to "{title}" see that it is full, without your name.', title=title)
    return t('Thank you. People on their way to "{title}" see that you got in, without your name.', title=title)


async def _near(context: Context) -> Session | None:
    """The session at whose door the attendee stands, as far as the agenda tells."""
    going = planned_sessions(context.attendee, await context.attendances(), context.schedule, context.today)
    return at_the_door(going, context.now)


async def _open(session: Session, room: str, context: Context) -> Reply:
    """Set the room for people who do not get in; later imports keep it."""
    if session.online or session.is_block:
        raise BadInputError(s('"{title}" has no room that could be full.', title=session.title))
    if len(room) > LONGEST_ROOM:
        raise BadInputError(s("That room is too long: use at most {most} characters.", most=LONGEST_ROOM))
    await locked_schedule(context)
    edit = SessionEdit(
        session.id,
        SessionFacts.of(session),
        context.now,
        context.attendee.id,
        overflow=edited_fact(" ".join(room.split())),
    )
    after = (await edit_session(context.work, context.schedule.conference.slug, edit, context.now)).after
    back = {"code": session.code, "overflow": f"overflow {session.overflow or NONE}"}
    undo = Button(s("Undo"), "room", back)
    if not after.overflow:
        return Reply((t('"{title}" has no overflow room now.', title=session.title),), buttons=(undo,))
    text = t('If "{title}" is full, I send people on their way to {room}.', title=session.title, room=after.overflow)
    off = t("They see that it is full only if feedback is on: {feedback}", feedback=Typed("/settings feedback:on"))
    return Reply(lines(text, () if context.attendee.community.feedback else off), buttons=(undo,))


async def _alternatives(session: Session, thanks: Text, context: Context) -> Reply:
    """Return the ways to still see the session: the repeat that fits, and the others."""
    chosen, reader = await context.attendances(), Reader.of(context.attendee, context.schedule)
    repeat = repeat_for(context.attendee, chosen, context.schedule, session, context.now)
    other = t("Try the overflow room: {room}.", room=session.overflow) if session.overflow else ()
    gap = Button(s("What fits now"), "gap")
    if repeat is None:
        return Reply(lines(thanks, other), buttons=(gap,))
    again = t(
        "It's on again {day}, and that fits your plan: {session}.",
        day=reader.day(repeat.starts_at),
        session=session_line(repeat, reader),
    )
    go = Button(s("Go to the repeat"), "attend", {"code": repeat.code}, seen=repeat.revision)
    return Reply(lines(thanks, other, again), buttons=(go, gap))


COMMAND = Command(
    "room",
    "Say that a room is full, or that you got in",
    handle,
    (CODE, STATE, OVERFLOW),
    effect=Effect.WRITE,
    examples=("/room full", "/room ARC301 in", "/room ARC301 overflow Hall 2"),
    reserved=frozenset({OVERFLOW.name}),
)
