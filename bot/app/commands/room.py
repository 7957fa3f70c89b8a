"""`/room code full|in`: what somebody sees at the door, for those on their way."""

from bot.app.command_spec import CHOSEN_SESSION, Call, Command, Context, Effect, Param, choice
from bot.app.messages import Button, Reply
from bot.app.text import Reader, lines, room_buttons, s, session_line, t
from bot.domain.attendee.fallbacks import repeat_for
from bot.domain.attendee.feedback import DOORS_BEFORE, RoomTap
from bot.domain.errors import BadInputError
from bot.domain.schedule.session import Session

CODE = Param(
    "code",
    CHOSEN_SESSION,
    "its code, part of its title, or a number from the last list",
    required=True,
    question=s("Which session?"),
)
STATE = Param("state", choice("full", "in"), "full, or in if you got in")


async def handle(call: Call, context: Context) -> Reply:
    """Store what was seen instead of what was said before; who stands before a full room hears what is left."""
    session, state = call.need(CODE), call.get(STATE)
    if not context.attendee.community.feedback:
        return Reply((t("The organizers here do not ask whether rooms are full."),))
    if session.online or session.is_block:
        raise BadInputError(s('"{title}" has no room that could be full.', title=session.title))
    if not session.starts_at - DOORS_BEFORE <= context.now < session.ends_at:
        minutes = int(DOORS_BEFORE.total_seconds() / 60)
        return Reply((t("Tell me that from {count} minutes before its start until its end.", count=minutes),))
    if state is None:
        return Reply((t('How is it at "{title}"?', title=session.title),), buttons=room_buttons(session))
    tap = RoomTap(state)
    await context.work.feedback.tap(context.attendee.id, context.schedule.conference.slug, session.id, tap)
    thanks = t("Thank you. People on their way see it, without your name.")
    if tap is RoomTap.IN:
        return Reply((thanks,), buttons=(Button(s("Agenda"), "agenda"),))
    return await _left(session, context)


async def _left(session: Session, context: Context) -> Reply:
    """The repeat that fits, and what else does."""
    chosen, reader = await context.attendances(), Reader.of(context.attendee, context.schedule)
    repeat = repeat_for(context.attendee, chosen, context.schedule, session, context.now)
    thanks = t("Thank you. People on their way see it, without your name.")
    gap = Button(s("What fits now"), "gap")
    if repeat is None:
        return Reply((thanks,), buttons=(gap,))
    again = t(
        "It's on again {day}, and that fits your plan: {session}.",
        day=reader.day(repeat.starts_at),
        session=session_line(repeat, reader),
    )
    go = Button(s("Go to the repeat"), "attend", {"code": repeat.code}, seen=repeat.revision)
    return Reply(lines(thanks, again), buttons=(go, gap))


COMMAND = Command(
    "room",
    "Say that a room is full, or that you got in",
    handle,
    (CODE, STATE),
    effect=Effect.WRITE,
    examples=("/room ARC301 full", "/room ARC301 in"),
)
