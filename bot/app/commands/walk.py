"""`/walk from to`: the ways between two venues, how sure their minutes are, and a link to a map."""

from bot.app.command_spec import VENUE, Call, Command, Context, Param
from bot.app.messages import Reply, Text
from bot.app.text import (
    Reader,
    hours_text,
    leg_text,
    lines,
    map_links,
    other_way_text,
    s,
    shown_minutes,
    step_free_text,
    t,
)
from bot.domain.attendee.attendee import Attendee
from bot.domain.travel.leg import Leg
from bot.domain.travel.venue import Place, Venue
from bot.domain.travel.walker import Pace
from bot.domain.travel.way import LegSource

FROM = Param("from", VENUE, "where you start", required=True, keyword="from", question=s("Where do you start?"))
TO = Param("to", VENUE, "where you go", required=True, keyword="to", question=s("Where do you want to go?"))

MANY = 1_000
"""From this many steps on they are rounded to hundreds, below it to tens."""


async def handle(call: Call, context: Context) -> Reply:
    """The best way for the attendee now, with its steps, and the next best."""
    start, end, asker = call.need(FROM), call.need(TO), context.attendee
    leg = context.schedule.travel.best(Place(start.name), Place(end.name), asker.walker, context.now)
    if leg is None:
        return Reply((_unknown_text(start, end),))
    usual = t("{walk}. Usually it takes {minutes}.", walk=leg_text(leg), minutes=shown_minutes(leg.median - leg.wait))
    hours = hours_text(leg, Reader.of(asker, context.schedule))
    text = lines(usual, hours, _steps_text(leg, asker), other_way_text(leg), step_free_text(leg), _licence_text(leg))
    return Reply(text, links=map_links(leg, asker, context.schedule))


def _unknown_text(start: Venue, end: Venue) -> Text:
    """Which of both is not on the map."""
    unknown = [venue.name for venue in (start, end) if venue.lat is None or venue.lon is None]
    if len(unknown) == 1:
        return t("I don't know where {place} is, so I can't tell you the walk.", place=unknown[0])
    return t("I don't know how far it is from {start} to {end} yet.", start=start.name, end=end.name)


def _licence_text(leg: Leg) -> Text:
    """The licence of the map asks to name its authors."""
    return t("Map data: © OpenStreetMap contributors, ODbL.") if leg.source is LegSource.ROUTED else ()


def _steps_text(leg: Leg, attendee: Attendee) -> Text:
    counted = leg.steps(attendee.stride)
    steps = round(counted, -2 if counted >= MANY else -1)
    if not steps:
        return ()
    metres = leg.metres or 0
    if not leg.mode.is_walked:
        return t("{metres} m of it on foot, about {steps} steps.", metres=metres, steps=steps)
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
