"""`/sure [75|90|97]`: for how many of a hundred walks the advised minutes have to be enough."""

from dataclasses import replace

from bot.app.command_spec import Call, Command, Context, Effect, Param, choice
from bot.app.messages import Button, Reply
from bot.app.text import s, share_text, t
from bot.domain.travel.walker import SHARES

SHARE = Param("share", choice(*map(str, SHARES)), "walks of a hundred for which my minutes are enough")


async def handle(call: Call, context: Context) -> Reply:
    """Show or set how sure a person wants to be to arrive in time."""
    share, attendee = call.get(SHARE), context.attendee
    if share is not None:
        attendee = replace(attendee, walker=replace(attendee.walker, sure=int(share)))
        await context.work.people.save(attendee)
    sure = attendee.walker.sure
    text = t("The minutes I tell you for a walk are enough for {share}.", share=share_text(sure / 100))
    trade = t("The surer you want to be, the earlier you leave, and the more often you wait.")
    others = tuple(
        Button(s("{share} in 100", share=other), "sure", {"share": str(other)}) for other in SHARES if other != sure
    )
    return Reply((text, trade), buttons=others)


COMMAND = Command(
    "sure",
    "How sure you want to be to arrive in time",
    handle,
    (SHARE,),
    effect=Effect.WRITE_AND_REPLAN,
    examples=("/sure 97",),
)
