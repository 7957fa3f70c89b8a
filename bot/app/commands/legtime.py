"""`/legtime FROM to TO [mode] minutes [p90]`: how long a way takes, as organizers know it."""

from collections.abc import Sequence
from dataclasses import replace

from bot.app.command_spec import VENUE, Access, Call, Command, Context, Effect, Param, Requirement, choice
from bot.app.command_spec.way_param_types import DAYS, HOURS, METRES, MINUTES
from bot.app.editing.facts import change_fact, locked_schedule
from bot.app.messages import Button, Card, Reply
from bot.app.text import s, t, way_text
from bot.domain.errors import BadInputError
from bot.domain.imports.way_facts import way_name
from bot.domain.schedule.organizer_changes import CREATES, ChangeKind
from bot.domain.travel.way import LegSource, Mode, Way

FROM = Param("from", VENUE, "where the way starts", required=True, keyword="from", question=s("Where does it start?"))
TO = Param("to", VENUE, "where it ends", required=True, keyword="to", question=s("Where does it end?"))
MODE = Param("mode", choice(*(mode.value for mode in Mode)), "how one gets there; without it, on foot")
USUAL = Param("minutes", MINUTES, "the usual minutes from room to room, without the wait")
SURE = Param("p90", replace(MINUTES, name="minutes for 9 in 10"), "the minutes that are enough for 9 in 10 people")
WAIT = Param("wait", MINUTES, "the average wait in minutes", keyword="wait", keyword_required=True)
ON_DAYS = Param("days", DAYS, "the days on which it runs, such as mon-fri", keyword="days", keyword_required=True)
AT_HOURS = Param("hours", HOURS, "when it runs, such as 07:00-19:00", keyword="hours", keyword_required=True)
ON_FOOT = Param("metres", METRES, "the metres on foot", keyword="metres", keyword_required=True)
OUTSIDE = Param("outside", METRES, "the metres outside, for rain and heat", keyword="outside", keyword_required=True)
STEPS = Param("steps", choice("stepfree", "stairs"), "whether it has no steps")
DIRECTION = Param("direction", choice("oneway", "bothways"), "whether the way back is the same; without it, it is")
REMOVE = Param("remove", choice("remove"), "forget what organizers set for it")
PARAMS = (FROM, TO, MODE, USUAL, SURE, WAIT, ON_DAYS, AT_HOURS, ON_FOOT, OUTSIDE, STEPS, DIRECTION, REMOVE)


async def handle(call: Call, context: Context) -> Reply:
    """Set or remove one way; without minutes, show what is known."""
    origin, target = call.need(FROM).name, call.need(TO).name
    if origin == target:
        raise BadInputError(s("Both are {venue}. To set its minutes inside: /venue inside.", venue=origin))
    mode = Mode(call.get(MODE) or Mode.WALK)
    name = way_name(Way(origin, target, 0, LegSource.ORGANIZER, mode=mode))
    stored = (await locked_schedule(context)).ways
    known = next((way for way in stored if way.source is LegSource.ORGANIZER and way_name(way) == name), None)
    if call.get(REMOVE):
        if known is None:
            raise BadInputError(s("No organizer has set {way}.", way=name))
        change = await change_fact(context, ChangeKind.WAY, name, None)
        return Reply((t("Removed: {way}.", way=way_text(known)),), buttons=(change.undo, _walk(origin, target)))
    given = _given(call, context)
    if call.get(USUAL) is None and (known is None or not given):
        return _shown(origin, target, stored)
    usual, sure = call.get(USUAL) or (known.minutes if known else 0), call.get(SURE)
    if sure is not None and sure < usual:
        raise BadInputError(
            s("9 in 10 people need at least the usual minutes: give {least} or more.", least=f"{usual:g}")
        )
    patch = {CREATES: True, "from": origin, "to": target, "mode": mode.value, **given}
    # A new usual time makes the old spread wrong.
    patch |= {"minutes": usual, "p90": sure} if call.get(USUAL) is not None else {}
    change = await change_fact(context, ChangeKind.WAY, name, patch)
    way = next(way for way in change.after.ways if way.source is LegSource.ORGANIZER and way_name(way) == name)
    text = t("Saved: {way}. I've updated the plans of everyone affected.", way=way_text(way))
    return Reply((text,), buttons=(change.undo, _walk(origin, target)))


def _given(call: Call, context: Context) -> dict[str, object]:
    """The other facts that the call sets, as plain values."""
    days, hours, steps, direction = call.get(ON_DAYS), call.get(AT_HOURS), call.get(STEPS), call.get(DIRECTION)
    wait, metres, outside = call.get(WAIT), call.get(ON_FOOT), call.get(OUTSIDE)
    facts: dict[str, object] = {
        "wait": wait,
        "metres": metres,
        "outdoor": outside,
        "days": sorted(days) if days else None,
        "hours": [each.isoformat() for each in hours] if hours else None,
        "step_free": None if steps is None else steps == "stepfree",
        "both_ways": None if direction is None else direction == "bothways",
    }
    given = {name: value for name, value in facts.items() if value is not None}
    is_set = given or call.get(USUAL) is not None
    return {**given, "as_of": context.today.isoformat()} if is_set else given


def _shown(origin: str, target: str, stored: Sequence[Way]) -> Reply:
    """What is known of both directions."""
    pair = {origin, target}
    ways = [way_text(way) for way in stored if {way.origin, way.target} == pair]
    example = s("/legtime {origin} to {target} 12 18", origin=origin, target=target)
    usage = t("To set the minutes, and those that are enough for 9 in 10: {example}", example=example)
    if not ways:
        return Reply(
            (t("Nothing is set, so I estimate it from the distance."), usage), buttons=(_walk(origin, target),)
        )
    title = s("From {origin} to {target}", origin=origin, target=target)
    return Reply((usage,), (Card(title, tuple(ways)),), (_walk(origin, target),))


def _walk(origin: str, target: str) -> Button:
    return Button(s("Show the walk"), "walk", {"from": origin, "to": target})


COMMAND = Command(
    "legtime",
    "How long a way takes: set it, or see what is set",
    handle,
    PARAMS,
    access=Access.ORGANIZERS,
    effect=Effect.WRITE_AND_DELIVER,
    requires=Requirement.CONFERENCE | Requirement.COMMUNITY,
    form=("from", "to", "mode", "minutes", "p90"),
    examples=(
        "/legtime Wynn to MGM Grand 38 50",
        "/legtime MGM Grand to Venetian monorail 30 wait 4 hours 07:00-02:00",
        "/legtime Wynn to MGM Grand remove",
    ),
)
