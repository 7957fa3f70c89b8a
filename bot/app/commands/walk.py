"""`/walk from to`: the time between two venues, and its source."""

from bot.app.command_spec import VENUE, Call, Command, Context, Param
from bot.app.messages import Reply, Text
from bot.app.text import leg_text, lines, s, t
from bot.domain.attendee.attendee import Attendee
from bot.domain.schedule.travel import Leg
from bot.domain.schedule.venue import Place, Venue
from bot.domain.schedule.walker import Pace

FROM = Param("from", VENUE, "where you start", required=True, keyword="from", question=s("Where do you start?"))
TO = Param("to", VENUE, "where you go", required=True, keyword="to", question=s("Where do you want to go?"))


async def handle(call: Call, context: Context) -> Reply:
    """The leg at the attendee's pace, with its steps."""
    start, end, asker = call.need(FROM), call.need(TO), context.attendee
    leg = context.schedule.travel.leg(Place(start.name), Place(end.name), asker.pace)
    if leg is None:
        return Reply((_unknown_text(start, end),))
    return Reply(lines(t("{walk}.", walk=leg_text(leg)), _steps_text(leg, asker)))


def _unknown_text(start: Venue, end: Venue) -> Text:
    """Which of both is not on the map."""
    unknown = [venue.name for venue in (start, end) if venue.lat is None or venue.lon is None]
    if len(unknown) == 1:
        return t("I don't know where {place} is, so I can't tell you the walk.", place=unknown[0])
    return t("I don't know how far it is from {start} to {end} yet.", start=start.name, end=end.name)


def _steps_text(leg: Leg, attendee: Attendee) -> Text:
    steps = leg.steps(attendee.stride)
    if not steps:
        return ()
    metres = leg.metres or 0
    match attendee.pace:
        case Pace.SLOW:
            return t("{metres} m, about {steps} steps at your slow pace.", metres=metres, steps=steps)
        case Pace.FAST:
            return t("{metres} m, about {steps} steps at your fast pace.", metres=metres, steps=steps)
    return t("{metres} m, about {steps} steps at your normal pace.", metres=metres, steps=steps)


COMMAND = Command(
    "walk",
    "How long it takes from one venue to another",
    handle,
    (FROM, TO),
    examples=("/walk Wynn to MGM Grand",),
)
