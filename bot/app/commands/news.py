"""`/news [on|off]`: whether announcements of organizers come as direct messages."""

from dataclasses import replace

from bot.app.command_spec import Call, Command, Context, Effect, Param, Requirement, choice
from bot.app.messages import Button, Reply
from bot.app.text import s, t

SWITCH = Param("switch", choice("on", "off"), "on or off")


async def handle(call: Call, context: Context) -> Reply:
    """Turn direct messages on or off, or show the setting."""
    asker, switch = context.attendee, call.get(SWITCH)
    if switch is not None:
        asker = replace(asker, announcements=(asker.announcements or context.now) if switch == "on" else None)
        await context.work.people.save(asker)
    if switch == "on" and asker.reach.refused:
        # The attendee wants direct messages again, so the platform is tried again.
        await context.work.people.save_reach({asker.id: replace(asker.reach, refused="", informed=False)})
    community = asker.community.called
    if asker.announcements:
        text = t(
            "I'll send you announcements from {community} directly, outside your quiet hours.", community=community
        )
        return Reply((text,), buttons=(Button(s("Mute announcements"), "news", {"switch": "off"}),))
    text = t("I don't send you announcements from {community}. You'll find them in its channels.", community=community)
    return Reply((text,), buttons=(Button(s("Send them to me"), "news", {"switch": "on"}),))


COMMAND = Command(
    "news",
    "Get announcements directly, or mute them",
    handle,
    (SWITCH,),
    effect=Effect.WRITE,
    requires=Requirement.NOTHING,
    examples=("/news on", "/news off"),
)
