"""`/pace [slow|normal|fast] [stride]`: how fast you walk, and how long your steps are."""

from dataclasses import replace

from bot.app.command_spec import NUMBER, Call, Command, Context, Effect, Param, ParamType, StaticContext, choice
from bot.app.messages import Button, Reply
from bot.app.text import sentence
from bot.domain.attendee.attendee import Attendee
from bot.domain.errors import BadInputError
from bot.domain.schedule.travel import Pace

SHORTEST, LONGEST = 0.3, 1.5


def read_stride(text: str, context: StaticContext) -> float:
    """Metres a step; 0.75 is usual."""
    stride = NUMBER.read(text, context)
    if not SHORTEST <= stride <= LONGEST:
        message = f"{text!r} m is no stride: type metres a step, such as 0.75."
        raise BadInputError(message)
    return stride


PACE = Param("pace", choice("slow", "normal", "fast"), "how fast you walk")
STRIDE = Param("stride", ParamType(NUMBER.name, read_stride), "metres a step, such as 0.75")


async def handle(call: Call, context: Context) -> Reply:
    """Show or set both."""
    pace, stride = call.get(PACE), call.get(STRIDE)
    attendee = context.attendee
    attendee = replace(attendee, pace=Pace[pace.upper()] if pace else attendee.pace, stride=stride or attendee.stride)
    if attendee != context.attendee:
        await context.work.people.save(attendee)
    return Reply((sentence(_said(attendee)),), buttons=tuple(_others(attendee)))


def _said(attendee: Attendee) -> str:
    name = attendee.pace.name.lower()
    return f"You walk at {name} pace, {attendee.pace.value} m a minute, {attendee.stride:g} m a step."


def _others(attendee: Attendee) -> list[Button]:
    return [
        Button(pace.name.capitalize(), "pace", {"pace": pace.name.lower()}) for pace in Pace if pace != attendee.pace
    ]


COMMAND = Command(
    "pace",
    "How fast you walk, and how long your steps are",
    handle,
    (PACE, STRIDE),
    effect=Effect.WRITE_AND_REPLAN,
    examples=("/pace slow", "/pace fast 0.8"),
)
