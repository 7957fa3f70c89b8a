"""`/settings [reminders] [announcements]`: how Hallway works in this community, for its organizers."""

from dataclasses import replace

from bot.app.declare import CHANNEL, Call, Command, Context, Param
from bot.app.messages import Card, Channel, Field, Reply, Text
from bot.app.say import sentence

REMINDERS = Param(
    "reminders", CHANNEL, "the channel in which private threads stand in for refused direct messages, or none"
)


ANNOUNCEMENTS = Param(
    "announcements", CHANNEL, "the channel in which announcements are posted, or none", lead="announcements", led=True
)


async def handle(call: Call, context: Context) -> Reply:
    """Change what was given, then show the settings."""
    community, given = context.attendee.community, (call.get(REMINDERS), call.get(ANNOUNCEMENTS))
    reminders, notices = ("" if each == "none" else each for each in given)
    if given != (None, None):
        community = replace(
            community,
            reminders=community.reminders if reminders is None else reminders,
            notices=community.notices if notices is None else notices,
        )
        await context.work.communities.save(community)
    fields = (
        Field("Conference", (context.schedule.conference.title,)),
        Field("Reminders channel", _place(community.reminders, "none: who refuses direct messages gets none")),
        Field("Announcements channel", _place(community.notices, "none: each says where it is posted")),
    )
    head = "How I work in this community:" if given == (None, None) else "Kept."
    return Reply((sentence(head),), (Card("Settings", fields=fields),))


def _place(channel: str, none: str) -> Text:
    return (Channel(channel),) if channel else (none,)


COMMAND = Command(
    "settings",
    "How I work in this community",
    handle,
    (REMINDERS, ANNOUNCEMENTS),
    writes=True,
    organizers=True,
    anywhere=True,
    examples=("/settings", "/settings reminders:none", "/settings announcements:#news"),
    together=True,
)
