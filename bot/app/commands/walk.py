"""`/walk from to`: how long the way between two venues takes, and how we know."""

from bot.app.command_spec import VENUE, Call, Command, Context, Param
from bot.app.messages import Reply
from bot.app.text import count, leg_text, sentence
from bot.domain.schedule.venue import Place

FROM = Param("from", VENUE, "where you start", required=True, keyword="from")
TO = Param("to", VENUE, "where you go", required=True, keyword="to")


async def handle(call: Call, context: Context) -> Reply:
    """The leg at the asker's pace, with its steps."""
    start, end, asker = call.need(FROM), call.need(TO), context.attendee
    leg = context.schedule.travel.leg(Place(start.name), Place(end.name), asker.pace)
    if leg is None:
        unknown = f"Nobody knows the way from {start.name} to {end.name} yet: the coordinates of one are missing."
        return Reply((sentence(unknown),))
    steps = leg.steps(asker.stride)
    on_foot = f"{leg.metres:,} m, about {count(steps, 'step')} at your {asker.pace.name.lower()} pace." if steps else ""
    return Reply(tuple(line for line in (sentence(leg_text(leg), "."), sentence(on_foot)) if line))


COMMAND = Command(
    "walk",
    "How long it takes from one venue to another",
    handle,
    (FROM, TO),
    examples=("/walk Wynn to MGM Grand",),
)
