"""`/timezone [zone] [clock]`: the attendee's own time zone, beside the conference's, and a clock of 12 or 24 hours."""

from collections.abc import Mapping
from dataclasses import replace

from bot.app.command_spec import ZONE, Call, Command, Context, Effect, Param, ParamType, StaticContext, choice
from bot.app.messages import Button, Reply, Text
from bot.app.text import Reader, s, t
from bot.domain.attendee.attendee import Attendee
from bot.domain.times.hour_format import HourFormat

CONFERENCE = ""
WAYS_BACK = ("conference", "off", "none")


def read_zone(text: str, context: StaticContext) -> str:
    """A city, a country or an IANA zone, or `off` for only the zone of the conference."""
    return CONFERENCE if text.strip().casefold() in WAYS_BACK else ZONE.read(text, context)


OWN = Param("zone", ParamType(ZONE.name, read_zone, is_text=True, suggest=ZONE.suggest), "your city, or off")
AUTO = "auto"
CLOCKS: Mapping[str, HourFormat | None] = {"12h": HourFormat.H12, "24h": HourFormat.H24, AUTO: None}
CLOCK = Param("clock", choice(*CLOCKS), "12h for 1:05 pm, 24h for 13:05, auto for the clock of your device")


async def handle(call: Call, context: Context) -> Reply:
    """Show or set the attendee's own zone and clock."""
    zone, clock, attendee = call.get(OWN), call.get(CLOCK), context.attendee
    if zone is None and clock is None:
        return _shown(context)
    if zone is not None:
        attendee = replace(attendee, zone=zone or None)
    if clock is not None:
        attendee = replace(attendee, hours=CLOCKS[clock])
    await context.work.people.save(attendee)
    now = Reader.of(attendee, context.schedule).time(context.now)
    return Reply((t("It is {time}. I'll show all times like this.", time=now),))


def _shown(context: Context) -> Reply:
    own, conference = context.attendee.zone, context.schedule.conference.zone
    if own:
        zones = t("You see times in {zone} (the conference) and in {own}.", zone=conference, own=own)
    else:
        zones = t("You see times in {zone}, the conference's time zone.", zone=conference)
    return Reply((zones, _clock_text(context.attendee)), buttons=_clock_buttons(context.attendee))


def _clock_text(attendee: Attendee) -> Text:
    if attendee.hours is None:
        return t("The clock is that of your device, where I know it.")
    return t("You chose a clock of {hours} hours.", hours=attendee.hours.value)


def _clock_buttons(attendee: Attendee) -> tuple[Button, ...]:
    labels = {"12h": s("12-hour clock"), "24h": s("24-hour clock"), AUTO: s("Clock of my device")}
    return tuple(
        Button(label, "timezone", {"clock": clock})
        for clock, label in labels.items()
        if CLOCKS[clock] is not attendee.hours
    )


COMMAND = Command(
    "timezone",
    "Times in your own time zone too, and the clock",
    handle,
    (OWN, CLOCK),
    effect=Effect.WRITE,
    examples=("/timezone Berlin", "/timezone 12h", "/timezone off"),
)
