"""`/forgetme`: remove all data about the attendee at once."""

from bot.app.command_spec import Call, Command, Context, Effect, Param, choice
from bot.app.messages import Button, Reply, Typed
from bot.app.text import n, s, t

SURE = Param("sure", choice("yes"), "yes, if you mean it")


async def handle(call: Call, context: Context) -> Reply:
    """Ask once, then remove the attendee, the agenda and every nudge."""
    if not call.get(SURE):
        chosen = await context.attendances()
        text = [
            n(
                "This removes your agenda ({count} session), your hotel, your settings and your reminders.",
                "This removes your agenda ({count} sessions), your hotel, your settings and your reminders.",
                len(chosen),
            )
        ]
        here, user = context.attendee.community.id, context.attendee.user
        if any(organizer.user == user for organizer in await context.work.organizers.of_community(here)):
            text.append(t("You won't be an organizer any more."))
        if await context.work.audit.by_user(here, user):
            text.append(t("What you did as an organizer stays in the log, without your name and your words."))
        text.append(t("You can't undo this. To get a copy first: {copy}", copy=Typed("/mydata")))
        buttons = (Button(s("Forget me"), "forgetme", {"sure": "yes"}), Button(s("My data"), "mydata"))
        return Reply(tuple(text), buttons=buttons)
    await context.work.people.forget(context.attendee)
    return Reply((t("Done. I know nothing about you any more. Your next command is a fresh start."),))


COMMAND = Command(
    "forgetme",
    "Remove everything I know about you",
    handle,
    (SURE,),
    effect=Effect.WRITE,
    examples=("/forgetme yes",),
)
