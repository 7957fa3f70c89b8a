"""`/privacy [private|friends|community]`: who may see which sessions you go to."""

from dataclasses import replace

from bot.app.command_spec import Call, Command, Context, Effect, Param, choice
from bot.app.messages import Button, Reply
from bot.app.text import sentence
from bot.domain.attendee.attendee import Privacy

LEVEL = Param("level", choice(*Privacy), "who may see which sessions you go to")
MEANS = {
    Privacy.PRIVATE: "Private: nobody sees which sessions you go to; you are counted without your name.",
    Privacy.FRIENDS: "Friends: there are no friends' lists yet, so for now this means private.",
    Privacy.COMMUNITY: "Community: members of this community see your name in /whosgoing.",
}


async def handle(call: Call, context: Context) -> Reply:
    """Show or set the level. Nobody ever sees the hotel."""
    level = call.get(LEVEL)
    shown = Privacy(level) if level else context.attendee.privacy
    if level:
        await context.work.people.save(replace(context.attendee, privacy=shown))
    others = [other for other in Privacy if other is not shown]
    buttons = tuple(Button(other.capitalize(), "privacy", {"level": other.value}) for other in others)
    return Reply((sentence(MEANS[shown]), sentence("Nobody ever sees your hotel.")), buttons=buttons)


COMMAND = Command(
    "privacy",
    "Who may see which sessions you go to",
    handle,
    (LEVEL,),
    effect=Effect.WRITE,
    examples=("/privacy community",),
)
