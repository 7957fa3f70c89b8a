"""`/pace [slow|normal|fast] [stride] [prefer walking|fastest]`: speed, step length, and whether one likes to walk."""

from dataclasses import replace

from bot.app.command_spec import NUMBER, Call, Command, Context, Effect, Param, ParamType, StaticContext, choice
from bot.app.messages import Button, Reply, Text
from bot.app.text import lines, moved_text, s, t
from bot.domain.attendee.attendee import Attendee
from bot.domain.errors import BadInputError
from bot.domain.travel.preference import WORTH_WALKING
from bot.domain.travel.walker import Pace

SHORTEST, LONGEST = 0.3, 1.5


def read_stride(text: str, context: StaticContext) -> float:
    """Metres per step; 0.75 is usual."""
    stride = NUMBER.read(text, context)
    if not SHORTEST <= stride <= LONGEST:
        raise BadInputError(s("A step can't be {text} m long. Type the metres per step, such as 0.75.", text=text))
    return stride


PACE = Param("pace", choice("slow", "normal", "fast"), "how fast you walk")
WALKING = "walking"
PREFER = Param(
    "prefer", choice(WALKING, "fastest"), "walking if a ride is hardly quicker, or fastest", keyword="prefer"
)
STRIDE = Param("stride", ParamType(NUMBER.name, read_stride), "metres per step, such as 0.75")


async def handle(call: Call, context: Context) -> Reply:
    """Show or set them."""
    pace, stride, prefer = call.get(PACE), call.get(STRIDE), call.get(PREFER)
    attendee = context.attendee
    walker = replace(attendee.walker, pace=Pace[pace.upper()]) if pace else attendee.walker
    walker = replace(walker, likes_walking=prefer == WALKING) if prefer else walker
    attendee = replace(attendee, walker=walker, stride=stride or attendee.stride)
    if attendee != context.attendee:
        await context.work.people.save(attendee)
    moved = moved_text(context.attendee, attendee, await context.attendances(), context.schedule, context.now)
    return Reply(lines(_pace_text(attendee), _prefer_text(attendee), moved), buttons=tuple(_others(attendee)))


def _pace_text(attendee: Attendee) -> Text:
    return t(
        "You walk at {pace} pace: {metres} m a minute, {stride} m a step.",
        pace=_pace_name(attendee.pace).lower(),
        metres=attendee.pace.value,
        stride=f"{attendee.stride:g}",
    )


def _prefer_text(attendee: Attendee) -> Text:
    if not attendee.walker.likes_walking:
        return ()
    return t("You like to walk: I advise a ride only if it saves more than {minutes} min.", minutes=int(WORTH_WALKING))


def _pace_name(pace: Pace) -> str:
    return {Pace.SLOW: s("Slow"), Pace.NORMAL: s("Normal"), Pace.FAST: s("Fast")}[pace]


def _others(attendee: Attendee) -> list[Button]:
    others = [pace for pace in Pace if pace != attendee.pace]
    return [Button(_pace_name(pace), "pace", {"pace": pace.name.lower()}) for pace in others]


COMMAND = Command(
    "pace",
    "How fast you walk, and how long your steps are",
    handle,
    (PACE, STRIDE, PREFER),
    effect=Effect.WRITE_AND_REPLAN,
    examples=("/pace slow", "/pace fast 0.8", "/pace prefer walking"),
)
