"""`/privacy [private|community]`: who can see the chosen sessions."""

from dataclasses import replace

from bot.app.command_spec import Call, Command, Context, Effect, Param, choice
from bot.app.messages import Button, Reply, Text, Typed
from bot.app.text import s, t
from bot.domain.attendee.attendee import Privacy

OFFERED = (Privacy.PRIVATE, Privacy.COMMUNITY)
"""There are no friend lists yet, so `Privacy.FRIENDS`, which some chose earlier, means private."""
LEVEL = Param("level", choice(*OFFERED), "who can see which sessions you go to")


async def handle(call: Call, context: Context) -> Reply:
    """Show or set the level. The hotel is never shown to others."""
    level = call.get(LEVEL)
    current = Privacy(level) if level else context.attendee.privacy
    if level:
        await context.work.people.save(replace(context.attendee, privacy=current))
    others = [other for other in OFFERED if other is not current]
    buttons = tuple(Button(_level_name(other), "privacy", {"level": other.value}) for other in others)
    return Reply((_meaning(current), t("Nobody ever sees your hotel.")), buttons=buttons)


def _meaning(level: Privacy) -> Text:
    if level is Privacy.COMMUNITY:
        return t("Community: members of this community see your name in {command}.", command=Typed("/whosgoing"))
    return t("Private: nobody sees which sessions you go to. You are counted, but not named.")


def _level_name(level: Privacy) -> str:
    return s("Community") if level is Privacy.COMMUNITY else s("Private")


COMMAND = Command(
    "privacy",
    "Who can see which sessions you go to",
    handle,
    (LEVEL,),
    effect=Effect.WRITE,
    examples=("/privacy community",),
)
