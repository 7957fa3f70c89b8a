"""`/news [on|off]`: whether what the organizers announce comes to you directly."""

from dataclasses import replace

from bot.app.command_spec import Call, Command, Context, Effect, Param, Requirement, choice
from bot.app.messages import Button, Reply
from bot.app.text import sentence

SWITCH = Param("switch", choice("on", "off"), "on or off")


async def handle(call: Call, context: Context) -> Reply:
    """Agree to it, mute it, or see how it is."""
    asker, switch = context.attendee, call.get(SWITCH)
    if switch is not None:
        asker = replace(asker, announcements=(asker.announcements or context.now) if switch == "on" else None)
        await context.work.people.save(asker)
    if switch == "on" and asker.reach.refused:
        # They ask for it: one more try.
        await context.work.people.save_reach({asker.id: replace(asker.reach, refused="", told=False)})
    community = asker.community.called
    if asker.announcements:
        told = f"What the organizers of {community} announce comes to you directly, outside your quiet hours."
        return Reply((sentence(told),), buttons=(Button("Mute announcements", "news", {"switch": "off"}),))
    told = f"What the organizers of {community} announce does not come to you directly: it is in the channels only."
    return Reply((sentence(told),), buttons=(Button("Get them directly", "news", {"switch": "on"}),))


COMMAND = Command(
    "news",
    "Whether you get announcements directly",
    handle,
    (SWITCH,),
    effect=Effect.WRITE,
    requires=Requirement.NOTHING,
    examples=("/news on", "/news off"),
)
