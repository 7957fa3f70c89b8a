"""`/onmyway code`: say that you have left, so that nobody tells you to leave."""

from dataclasses import replace

from bot.app.command_spec import SESSION, Call, Command, Context, Effect, Param
from bot.app.messages import Button, Reply
from bot.app.text import Reader, sentence
from bot.domain.attendee.attendee import Attendance

CODE = Param("code", SESSION, "its code, part of its title, or a number from the last list", required=True)


async def handle(call: Call, context: Context) -> Reply:
    """Remember the moment of leaving; the leave-by nudge is withdrawn. Leaving for it means going."""
    session = call.need(CODE)
    chosen = {each.session: each for each in await context.attendances()}
    attendance = replace(chosen.get(session.id, Attendance(session.id)), left_at=context.now)
    await context.work.attendances.put(context.attendee.id, context.schedule.conference.slug, attendance)
    starts = Reader.of(context.attendee, context.schedule).time(session.starts_at)
    told = sentence(f"Good walk! {session.code} {session.title} starts at ", starts, ". I won't call you for it.")
    here = (Button("I'm here", "here", {"venue": session.venue}),) if session.venue else ()
    return Reply((told,), buttons=here)


COMMAND = Command(
    "onmyway",
    "Say that you have left for a session",
    handle,
    (CODE,),
    effect=Effect.WRITE_AND_REPLAN,
    examples=("/onmyway ARC301",),
)
