"""`/onmyway [code]`: the attendee has left, so no leave-by nudge is needed."""

from dataclasses import replace

from bot.app.command_spec import CHOSEN_SESSION, Call, Command, Context, Effect, Param
from bot.app.messages import Button, Reply
from bot.app.text import Reader, s, session_choices, t
from bot.domain.attendee.attendee import Attendance, Choice

CODE = Param("code", CHOSEN_SESSION, "its code, part of its title, or a number from the last list")


async def handle(call: Call, context: Context) -> Reply:
    """Store the time of leaving, add the session to the agenda if needed, and withdraw the leave-by nudge.

    Without a session, offer those of the agenda that are still to come.
    """
    session = call.get(CODE)
    if session is None:
        return await _offered(context)
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


async def _offered(context: Context) -> Reply:
    going = [each for each in await context.attendances() if each.choice is Choice.GOING and not each.on_the_way]
    sessions = [found for each in going if (found := context.schedule.by_id.get(each.session))]
    coming = [one for one in sessions if one.takes_place and not one.online and one.ends_at > context.now]
    coming.sort(key=lambda one: (one.starts_at, one.code))
    if not coming:
        nothing = t("There is nothing left on your agenda to walk to.")
        return Reply((nothing,), buttons=(Button(s("Next session"), "nextsession"),))
    return Reply(
        (t("Where are you going?"),), buttons=session_choices(coming, "onmyway", context.schedule, context.hours)
    )


COMMAND = Command(
    "onmyway",
    "Tell me you have left, and I stop reminding you",
    handle,
    (CODE,),
    effect=Effect.WRITE_AND_REPLAN,
    examples=("/onmyway ARC301", "/onmyway"),
)
