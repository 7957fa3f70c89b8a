"""`/timezone zone`: your own zone, shown beside the conference's."""

from dataclasses import replace

from bot.app.command_spec import ZONE, Call, Command, Context, Effect, Param, ParamType, StaticContext
from bot.app.messages import Reply
from bot.app.text import Reader, sentence

CONFERENCE = ""


def read_zone(text: str, context: StaticContext) -> str:
    """An IANA zone, or `conference` to see that one only."""
    return CONFERENCE if text.strip().casefold() == "conference" else ZONE.read(text, context)


OWN = Param("zone", ParamType(ZONE.name, read_zone, suggest=ZONE.suggest), "such as Europe/Berlin, or conference")


async def handle(call: Call, context: Context) -> Reply:
    """Show, set or take back the asker's own zone."""
    zone, schedule = call.get(OWN), context.schedule
    if zone is None:
        own = context.attendee.zone
        beside = f", and in {own}" if own else ""
        return Reply((sentence(f"You see times in {schedule.conference.zone}, the conference's zone{beside}."),))
    attendee = replace(context.attendee, zone=zone or None)
    await context.work.people.save(attendee)
    now = Reader.of(attendee, schedule).time(context.now)
    return Reply((sentence("It is ", now, ". That is how you see times from now on."),))


COMMAND = Command(
    "timezone",
    "See times in your own zone too",
    handle,
    (OWN,),
    effect=Effect.WRITE,
    examples=("/timezone Europe/Berlin", "/timezone conference"),
)
