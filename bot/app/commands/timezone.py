"""`/timezone zone`: the attendee's own time zone, shown beside the conference's."""

from dataclasses import replace

from bot.app.command_spec import ZONE, Call, Command, Context, Effect, Param, ParamType, StaticContext
from bot.app.messages import Reply
from bot.app.text import Reader, t

CONFERENCE = ""
WAYS_BACK = ("conference", "off", "none")


def read_zone(text: str, context: StaticContext) -> str:
    """A city, a country or an IANA zone, or `off` for only the zone of the conference."""
    return CONFERENCE if text.strip().casefold() in WAYS_BACK else ZONE.read(text, context)


OWN = Param("zone", ParamType(ZONE.name, read_zone, is_text=True, suggest=ZONE.suggest), "your city, or off")


async def handle(call: Call, context: Context) -> Reply:
    """Show, set or remove the attendee's own zone."""
    zone, schedule = call.get(OWN), context.schedule
    if zone is None:
        own = context.attendee.zone
        conference = schedule.conference.zone
        if own:
            return Reply((t("You see times in {zone} (the conference) and in {own}.", zone=conference, own=own),))
        return Reply((t("You see times in {zone}, the conference's time zone.", zone=conference),))
    attendee = replace(context.attendee, zone=zone or None)
    await context.work.people.save(attendee)
    now = Reader.of(attendee, schedule).time(context.now)
    return Reply((t("It is {time}. I'll show all times like this.", time=now),))


COMMAND = Command(
    "timezone",
    "See times in your own time zone too",
    handle,
    (OWN,),
    effect=Effect.WRITE,
    examples=("/timezone Berlin", "/timezone off"),
)
