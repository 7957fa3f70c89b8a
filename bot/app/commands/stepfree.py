"""`/stepfree [on|off]`: only ways without steps."""

from dataclasses import replace

from bot.app.command_spec import Call, Command, Context, Effect, Param, choice
from bot.app.messages import Button, Reply
from bot.app.text import lines, s, t

STATE = Param("state", choice("on", "off"), "whether you need ways without steps")


async def handle(call: Call, context: Context) -> Reply:
    """Show or set whether only ways without steps are advised."""
    state, attendee = call.get(STATE), context.attendee
    if state is not None:
        attendee = replace(attendee, walker=replace(attendee.walker, step_free=state == "on"))
        await context.work.people.save(attendee)
    if not attendee.walker.step_free:
        text = t("I advise every way, also with steps.")
        return Reply((text,), buttons=(Button(s("Only step-free ways"), "stepfree", {"state": "on"}),))
    text = t("I advise only step-free ways. Where I don't know one, I say so.")
    rests = not any(way.step_free for way in context.schedule.ways)
    unknown = t("Nobody has entered yet which ways of this conference are step-free.") if rests else ()
    return Reply(lines(text, unknown), buttons=(Button(s("Every way"), "stepfree", {"state": "off"}),))


COMMAND = Command(
    "stepfree",
    "Only ways without steps: for wheels, a pram or a bad knee",
    handle,
    (STATE,),
    effect=Effect.WRITE_AND_REPLAN,
    examples=("/stepfree on",),
)
