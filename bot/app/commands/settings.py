"""`/settings [reminders] [digest] [announcements]`: how Hallway works in this community, for its organizers."""

from dataclasses import replace

from bot.app.declare import CHANNEL, Call, Command, Context, Param
from bot.app.messages import Card, Channel, Field, Reply, Text
from bot.app.ports import DeliveryState
from bot.app.say import sentence
from bot.domain.attendee import Community
from bot.domain.nudge import NudgeKind, Place

REMINDERS = Param(
    "reminders", CHANNEL, "the channel in which private threads stand in for refused direct messages, or none"
)
DIGEST = Param(
    "digest", CHANNEL, "the channel in which changes of the schedule are told, or none", lead="digest", led=True
)
NOTICES = Param(
    "announcements", CHANNEL, "the channel in which announcements are posted, or none", lead="announcements", led=True
)
CHANNELS = (REMINDERS, DIGEST, NOTICES)
FAILED = (DeliveryState.REFUSED, DeliveryState.DEAD)


async def handle(call: Call, context: Context) -> Reply:
    """Change what was given, then show the settings."""
    before = context.attendee.community
    reminders, digest = _chosen(call, REMINDERS, before.reminders), _chosen(call, DIGEST, before.digest)
    community = replace(before, reminders=reminders, digest=digest, notices=_chosen(call, NOTICES, before.notices))
    changes = any(call.get(each) is not None for each in CHANNELS)
    if changes:
        await context.work.communities.save(community)
    if before.digest not in ("", digest):
        await context.work.deliveries.take_back(NudgeKind.SCHEDULE_DIGEST, Place(before.id, before.digest))
    fields = (
        Field("Conference", (context.schedule.conference.title,)),
        Field("Reminders channel", _place(reminders, "none: who refuses direct messages gets none")),
        Field("Digest channel", await _digest(community, context)),
        Field("Announcements channel", _place(community.notices, "none: each says where it is posted")),
    )
    head = "Kept." if changes else "How I work in this community:"
    return Reply((sentence(head),), (Card("Settings", fields=fields),))


def _place(channel: str, none: str) -> Text:
    return (Channel(channel),) if channel else (none,)


def _chosen(call: Call, param: Param[str], now_is: str) -> str:
    channel = call.get(param)
    return now_is if channel is None else "" if channel == "none" else channel


async def _digest(community: Community, context: Context) -> Text:
    """Where changes are told, and why the last one is not there."""
    if not community.digest:
        return ("none: changes are told only to those concerned",)
    posted = await context.work.deliveries.at(Place(community.id, community.digest))
    last = posted[-1] if posted else None
    failed = f", but the last message could not be posted: {last.error}" if last and last.state in FAILED else ""
    return sentence(Channel(community.digest), failed)


COMMAND = Command(
    "settings",
    "How I work in this community",
    handle,
    CHANNELS,
    writes=True,
    organizers=True,
    anywhere=True,
    examples=("/settings", "/settings digest #news", "/settings reminders:none"),
    together=True,
)
