"""`/skip code`: take a session off your agenda."""

from bot.app.command_spec import SESSION, Call, Command, Context, Effect, Param
from bot.app.messages import Button, Reply
from bot.app.text import sentence

CODE = Param("code", SESSION, "its code, part of its title, or a number from the last list", required=True)


async def handle(call: Call, context: Context) -> Reply:
    """Drop the choice; its nudges are withdrawn with it."""
    session = call.need(CODE)
    name = f"{session.code} {session.title}"
    dropped = await context.work.attendances.remove(context.attendee.id, context.schedule.conference.slug, session.id)
    if not dropped:
        return Reply((sentence(f"{name} was not on your agenda."),), buttons=(Button("Agenda", "agenda"),))
    back = Button("Put it back", "attend", {"code": session.code})
    return Reply((sentence(f"Off your agenda: {name}."),), buttons=(back, Button("Agenda", "agenda")))


COMMAND = Command(
    "skip",
    "Take a session off your agenda",
    handle,
    (CODE,),
    effect=Effect.WRITE_AND_REPLAN,
    examples=("/skip ARC301",),
)
