"""`/nudges`: what you are owed, and how you want it: how long before, when not, and whether at all."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import time, timedelta

from bot.app.command_spec import (
    DURATION,
    QUIET,
    Call,
    Command,
    Context,
    Effect,
    Param,
    ParamType,
    StaticContext,
    choice,
)
from bot.app.messages import Button, Card, Field, Reply, Text, Typed
from bot.app.ports import Delivery, DeliveryState, Lease
from bot.app.text import Reader, count, sentence
from bot.domain.attendee.attendee import Attendee
from bot.domain.errors import BadInputError
from bot.domain.nudges.nudge import Nudge, NudgeKind, plan_nudges
from bot.domain.schedule.zones import QuietHours

MOST_NOTICE = timedelta(hours=2)
NEVER = QuietHours(time(), time())
"""Quiet hours that begin as they end cover nothing."""
SHOWN = 5


def read_notice(text: str, context: StaticContext) -> timedelta:
    """A duration of at most two hours."""
    notice = DURATION.read(text, context)
    if notice > MOST_NOTICE:
        message = f"{text!r} is too long: at most 2h."
        raise BadInputError(message)
    return notice


def read_quiet(text: str, context: StaticContext) -> QuietHours:
    """Hours such as 22:00-07:00, or `none`."""
    return NEVER if text.strip().casefold() == "none" else QUIET.read(text, context)


NOTICE = Param("notice", ParamType(DURATION.name, read_notice), "how long before you have to leave, such as 15m")
HOURS = Param(
    "quiet", ParamType(QUIET.name, read_quiet), "hours without nudges, such as 22:00-07:00, or none", keyword="quiet"
)
SWITCH = Param("switch", choice("on", "off"), "on or off")
EARLY = Param(
    "early",
    ParamType(DURATION.name, read_notice),
    "how long before the start you want to be there",
    keyword="early",
    keyword_required=True,
)
THREADS = Param(
    "threads",
    choice("on", "off"),
    "whether I may use a private thread instead",
    keyword="threads",
    keyword_required=True,
)


async def handle(call: Call, context: Context) -> Reply:
    """Change what was given, then show the settings and the next nudges."""
    attendee = _changed(context.attendee, call, context)
    if attendee != context.attendee:
        await context.work.people.save(attendee)
    if attendee.reach != context.attendee.reach:
        await context.work.people.save_reach({attendee.id: attendee.reach})
    planned = plan_nudges(attendee, await context.attendances(), context.schedule, context.now)
    deliveries = await context.work.deliveries.of(attendee.id)
    refused = [each for each in deliveries if each.state is DeliveryState.REFUSED]
    switch = (
        Button("Off", "nudges", {"switch": "off"}) if _is_on(attendee) else Button("On", "nudges", {"switch": "on"})
    )
    change = Button("Change…", "nudges", asks=("notice", "quiet"))
    coming = _unsent(planned, deliveries)
    told = (*_told(attendee, coming, refused), *_held_up(await context.work.leases.all(), attendee))
    return Reply(told, (_settings(attendee), *_coming(coming, context)), (switch, change))


def _changed(attendee: Attendee, call: Call, context: Context) -> Attendee:
    notice, quiet, switch, early = call.get(NOTICE), call.get(HOURS), call.get(SWITCH), call.get(EARLY)
    if notice is not None:
        attendee = replace(attendee, notice=_minutes(notice))
    if early is not None:
        attendee = replace(attendee, arrive_early=_minutes(early))
    if quiet is not None:
        attendee = replace(attendee, quiet=None if quiet == NEVER else quiet)
    if switch is not None:
        agreed = context.now if switch == "on" and attendee.agreed_at is None else attendee.agreed_at
        reach = replace(attendee.reach, refused="", told=False) if switch == "on" else attendee.reach
        attendee = replace(attendee, nudges_on=switch == "on", agreed_at=agreed, reach=reach)
    threads = call.get(THREADS)
    return attendee if threads is None else replace(attendee, threads=threads == "on")


def _minutes(span: timedelta) -> int:
    return int(span.total_seconds() // 60)


def _is_on(attendee: Attendee) -> bool:
    return attendee.nudges_on and attendee.agreed_at is not None


def _unsent(planned: Sequence[Nudge], deliveries: Sequence[Delivery]) -> list[Nudge]:
    """What is planned and was neither sent nor given up."""
    over = {each.nudge.key for each in deliveries if each.state not in (DeliveryState.OWED, DeliveryState.CLAIMED)}
    return [nudge for nudge in planned if nudge.key not in over]


def _told(attendee: Attendee, coming: Sequence[Nudge], refused: Sequence[Delivery]) -> tuple[Text, ...]:
    lines = [sentence(f"You are owed {count(len(coming), 'nudge')}.")]
    if attendee.agreed_at is None:
        lines = [
            sentence("I have not nudged you so far: ", Typed("/attend"), " or ", Typed("/nudges on"), " starts it.")
        ]
    elif not attendee.nudges_on:
        lines = [sentence("Nudges are off: nothing is sent to you until ", Typed("/nudges on"), ".")]
    if refused:
        lines.append(sentence(f"{count(len(refused), 'nudge')} could not be delivered."))
    if attendee.reach.refused:
        allow = "Allow direct messages from this community, then "
        lines.append(sentence(f"Direct messages to you were refused: {attendee.reach.refused}."))
        lines.append(sentence(allow, Typed("/nudges on"), " tries again."))
    return tuple(lines)


def _held_up(leases: Sequence[Lease], attendee: Attendee) -> tuple[Text, ...]:
    """That nothing is sent at the moment, and why, where that is so."""
    platform, tenant = attendee.community.platform, attendee.community.tenant
    why = [lease.status for lease in leases if lease.name in (platform, f"{platform}:{tenant}") and lease.status]
    return (sentence(f"Messages wait at the moment: {why[0]}. They come as soon as they can."),) if why else ()


def _settings(attendee: Attendee) -> Card:
    quiet = str(attendee.quiet) if attendee.quiet else "none"
    early = f"{attendee.arrive_early} min" if attendee.arrive_early else "as the conference advises"
    return Card(
        "How you want them",
        fields=(
            Field("Nudges", ("on" if _is_on(attendee) else "off",)),
            Field("Notice", (f"{attendee.notice} min before you have to leave",)),
            Field("Quiet hours", (quiet,)),
            Field("Be there early", (early,)),
            *_instead(attendee),
        ),
    )


def _instead(attendee: Attendee) -> tuple[Field, ...]:
    """What stands in for a refused message, where that is a question at all."""
    channel = attendee.community.reminders
    if not attendee.threads and not channel:
        return ()
    thread = "a private thread" if channel else "nothing is sent: there is no reminders channel yet"
    return (Field("If a direct message is refused", (thread if attendee.threads else "nothing is sent",)),)


def _coming(coming: Sequence[Nudge], context: Context) -> tuple[Card, ...]:
    reader = Reader.of(context.attendee, context.schedule)
    lines = [sentence(reader.day_time(nudge.due_at), f" {_about(nudge, context)}") for nudge in coming[:SHOWN]]
    rest = len(coming) - SHOWN
    lines += [sentence(f"and {rest} more")] if rest > 0 else []
    return (Card("Coming", tuple(lines)),) if lines else ()


def _about(nudge: Nudge, context: Context) -> str:
    session = context.schedule.by_id.get(nudge.subject)
    if nudge.kind is NudgeKind.LEAVE_BY and session:
        return f"time to leave for {session.code} {session.title}"
    if nudge.kind is NudgeKind.SESSION_CHANGED:
        return f"what changed about {session.code} {session.title}" if session else "what changed in the schedule"
    return {NudgeKind.MORNING_BRIEF: "morning brief", NudgeKind.EVENING_RECAP: "evening recap"}.get(
        nudge.kind, nudge.kind
    )


COMMAND = Command(
    "nudges",
    "What you are owed, and how you want it",
    handle,
    (NOTICE, HOURS, SWITCH, EARLY, THREADS),
    effect=Effect.WRITE_AND_REPLAN,
    examples=("/nudges", "/nudges 15m 22:00-07:00", "/nudges early 25m", "/nudges off"),
)
