"""`/skip [code]`: take a session off your agenda."""

from bot.app.command_spec import SESSION, Call, Command, Context, Effect, Param
from bot.app.messages import Button, Reply
from bot.app.text import agenda_choices, s, t

CODE = Param(
    "code",
    SESSION,
    "its code, part of its title, or a number from the last list",
)


async def handle(call: Call, context: Context) -> Reply:
    """Remove the choice and withdraw its nudges; without a session, ask which one it is."""
    session = call.get(CODE)
    if session is None:
        question = t("Which session can't you make?")
        return agenda_choices("skip", question, await context.attendances(), context.schedule, context.now)
    dropped = await context.work.attendances.remove(context.attendee.id, context.schedule.conference.slug, session.id)
    if not dropped:
        text = t('"{title}" was not on your agenda.', title=session.title)
        return Reply((text,), buttons=(Button(s("Agenda"), "agenda"),))
    back = Button(s("Put it back"), "attend", {"code": session.code})
    text = t('I took "{title}" off your agenda.', title=session.title)
    return Reply((text,), buttons=(back, Button(s("Agenda"), "agenda")))


COMMAND = Command(
    "skip",
    "Take a session off your agenda",
    handle,
    (CODE,),
    effect=Effect.WRITE_AND_REPLAN,
    examples=("/skip", "/skip ARC301"),
)
