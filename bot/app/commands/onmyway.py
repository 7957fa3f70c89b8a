"""`/onmyway code`: the attendee has left, so no leave-by nudge is needed."""

from dataclasses import replace

from bot.app.command_spec import SESSION, Call, Command, Context, Effect, Param
from bot.app.messages import Button, Reply
from bot.app.text import Reader, s, t
from bot.domain.attendee.attendee import Attendance

CODE = Param(
    "code",
    SESSION,
    "its code, part of its title, or a number from the last list",
    required=True,
    question=s("Which session?"),
)


async def handle(call: Call, context: Context) -> Reply:
    """Store the time of leaving, add the session to the agenda if needed, and withdraw the leave-by nudge."""
    session = call.need(CODE)
    chosen = {each.session: each for each in await context.attendances()}
    attendance = replace(chosen.get(session.id, Attendance(session.id)), left_at=context.now)
    await context.work.attendances.put(context.attendee.id, context.schedule.conference.slug, attendance)
    starts = Reader.of(context.attendee, context.schedule).time(session.starts_at)
    text = t(
        'Have a good walk! "{title}" starts at {time}. No more reminders for this one.',
        title=session.title,
        time=starts,
    )
    here = (Button(s("I'm here"), "here", {"venue": session.venue}),) if session.venue else ()
    return Reply((text,), buttons=here)


COMMAND = Command(
    "onmyway",
    "Tell me you have left, and I stop reminding you",
    handle,
    (CODE,),
    effect=Effect.WRITE_AND_REPLAN,
    examples=("/onmyway ARC301",),
)
