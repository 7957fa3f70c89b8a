"""`/pace [slow|normal|fast] [stride]`: walking speed and step length."""

from dataclasses import replace

from bot.app.command_spec import NUMBER, Call, Command, Context, Effect, Param, ParamType, StaticContext, choice
from bot.app.messages import Button, Reply, Text
from bot.app.text import s, t
from bot.domain.attendee.attendee import Attendee
from bot.domain.errors import BadInputError
from bot.domain.schedule.walker import Pace

SHORTEST, LONGEST = 0.3, 1.5


def read_stride(text: str, context: StaticContext) -> float:
    """Metres per step; 0.75 is usual."""
    stride = NUMBER.read(text, context)
    if not SHORTEST <= stride <= LONGEST:
        raise BadInputError(s("A step can't be {text} m long. Type the metres per step, such as 0.75.", text=text))
    return stride


PACE = Param("pace", choice("slow", "normal", "fast"), "how fast you walk")
STRIDE = Param("stride", ParamType(NUMBER.name, read_stride), "metres per step, such as 0.75")


async def handle(call: Call, context: Context) -> Reply:
    """Show or set both."""
    pace, stride = call.get(PACE), call.get(STRIDE)
    attendee = context.attendee
    walker = replace(attendee.walker, pace=Pace[pace.upper()]) if pace else attendee.walker
    attendee = replace(attendee, walker=walker, stride=stride or attendee.stride)
    if attendee != context.attendee:
        await context.work.people.save(attendee)
    return Reply((_pace_text(attendee),), buttons=tuple(_others(attendee)))


def _pace_text(attendee: Attendee) -> Text:
    return t(
        "You walk at {pace} pace: {metres} m a minute, {stride} m a step.",
        pace=_pace_name(attendee.pace).lower(),
        metres=attendee.pace.value,
        stride=f"{attendee.stride:g}",
    )


def _pace_name(pace: Pace) -> str:
    return {Pace.SLOW: s("Slow"), Pace.NORMAL: s("Normal"), Pace.FAST: s("Fast")}[pace]


def _others(attendee: Attendee) -> list[Button]:
    others = [pace for pace in Pace if pace != attendee.pace]
    return [Button(_pace_name(pace), "pace", {"pace": pace.name.lower()}) for pace in others]


COMMAND = Command(
    "pace",
    "How fast you walk, and how long your steps are",
    handle,
    (PACE, STRIDE),
    effect=Effect.WRITE_AND_REPLAN,
    examples=("/pace slow", "/pace fast 0.8"),
)
