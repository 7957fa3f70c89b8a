"""`/forgetme`: everything Hallway knows about you is gone, at once."""

from bot.app.command_spec import Call, Command, Context, Effect, Param, choice
from bot.app.messages import Button, Reply, Typed
from bot.app.text import count, sentence

SURE = Param("sure", choice("yes"), "yes, if you mean it")


async def handle(call: Call, context: Context) -> Reply:
    """Ask once, then remove the attendee, the agenda and every nudge, sent or owed."""
    if not call.get(SURE):
        chosen = await context.attendances()
        what = f"This removes your agenda ({count(len(chosen), 'session')}), your hotel, your settings and your nudges."
        here, user = context.attendee.community.id, context.attendee.user
        if any(each.user == user for each in await context.work.organizers.of_community(here)):
            what += " You are an organizer no more."
        if await context.work.audit.by_user(here, user):
            what += " What you did with organizers' commands stays in their log, without your name."
        keep = sentence("It cannot be undone; ", Typed("/mydata"), " hands you everything first.")
        buttons = (Button("Forget me", "forgetme", {"sure": "yes"}), Button("My data", "mydata"))
        return Reply((sentence(what), keep), buttons=buttons)
    await context.work.people.forget(context.attendee)
    return Reply((sentence("Forgotten. If you type a command again, you start as a stranger."),))


COMMAND = Command(
    "forgetme",
    "Remove everything Hallway knows about you",
    handle,
    (SURE,),
    effect=Effect.WRITE,
    examples=("/forgetme yes",),
)
