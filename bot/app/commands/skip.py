"""`/skip code`: take a session off your agenda."""

from bot.app.command_spec import SESSION, Call, Command, Context, Effect, Param
from bot.app.messages import Button, Reply
from bot.app.text import s, t

CODE = Param(
    "code",
    SESSION,
    "its code, part of its title, or a number from the last list",
    required=True,
    question=s("Which session?"),
)


async def handle(call: Call, context: Context) -> Reply:
    """Remove the choice and withdraw its nudges."""
    session = call.need(CODE)
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
    examples=("/skip ARC301",),
)
