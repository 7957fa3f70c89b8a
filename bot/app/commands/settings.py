"""`/settings [reminders]`: how Hallway works in this community, for its organizers."""

from dataclasses import replace

from bot.app.declare import CHANNEL, Call, Command, Context, Param
from bot.app.messages import Card, Channel, Field, Reply
from bot.app.say import sentence

REMINDERS = Param(
    "reminders", CHANNEL, "the channel in which private threads stand in for refused direct messages, or none"
)


async def handle(call: Call, context: Context) -> Reply:
    """Change what was given, then show the settings."""
    community, channel = context.attendee.community, call.get(REMINDERS)
    if channel is not None:
        community = replace(community, reminders="" if channel == "none" else channel)
        await context.work.communities.save(community)
    place = (Channel(community.reminders),) if community.reminders else ("none: who refuses direct messages gets none",)
    fields = (
        Field("Conference", (context.schedule.conference.title,)),
        Field("Reminders channel", place),
    )
    head = "Kept." if channel is not None else "How I work in this community:"
    return Reply((sentence(head),), (Card("Settings", fields=fields),))


COMMAND = Command(
    "settings",
    "How I work in this community",
    handle,
    (REMINDERS,),
    writes=True,
    organizers=True,
    anywhere=True,
    examples=("/settings", "/settings reminders:none"),
    together=True,
)
