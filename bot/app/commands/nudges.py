"""`/nudges`: the reminders that are coming, and their settings: notice, quiet hours, on or off."""

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
from bot.app.schedules.replanning import sent_leave_bys
from bot.app.text import Reader, n, nudge_text, s, silenced_text, t
from bot.domain.attendee.attendee import Attendee
from bot.domain.attendee.departure import SPARE
from bot.domain.errors import BadInputError
from bot.domain.nudges.leave_by import NONE_SENT
from bot.domain.nudges.nudge import Nudge, plan_nudges, silenced_nudges
from bot.domain.times.zones import QuietHours

MOST_NOTICE = timedelta(hours=2)
NEVER = QuietHours(time(), time())
"""Quiet hours that end when they begin: no quiet hours at all."""
SHOWN = 5


def read_notice(text: str, context: StaticContext) -> timedelta:
    """A duration of at most two hours."""
    notice = DURATION.read(text, context)
    if notice > MOST_NOTICE:
        raise BadInputError(s('"{text}" is too long: at most 2h.', text=text))
    return notice


def read_quiet(text: str, context: StaticContext) -> QuietHours:
    """Hours such as 22:00-07:00, or `none`."""
    return NEVER if text.strip().casefold() == "none" else QUIET.read(text, context)


NOTICE = Param("notice", ParamType(DURATION.name, read_notice), "how long before it's time to leave, such as 15m")
HOURS = Param(
    "quiet", ParamType(QUIET.name, read_quiet), "hours without reminders, such as 22:00-07:00, or none", keyword="quiet"
)
SWITCH = Param("switch", choice("on", "off"), "on or off")
EARLY = Param(
    "early",
    ParamType(DURATION.name, read_notice),
    "how early you want to be at the door, such as 15m",
    keyword="early",
    keyword_required=True,
)
ALARMS = Param(
    "alarms",
    choice("on", "off"),
    "on: a reminder to leave also comes in quiet hours",
    keyword="alarms",
    keyword_required=True,
)
THREADS = Param(
    "threads",
    choice("on", "off"),
    "on: if I can't message you directly, use a private thread",
    keyword="threads",
    keyword_required=True,
)


async def handle(call: Call, context: Context) -> Reply:
    """Store the given settings, then show all of them and the next nudges."""
    attendee = _changed(context.attendee, call, context)
    if attendee != context.attendee:
        await context.work.people.save(attendee)
    if attendee.reach != context.attendee.reach:
        await context.work.people.save_reach({attendee.id: attendee.reach})
    chosen = await context.attendances()
    sent = await sent_leave_bys(context.work, [attendee.id], context.now)
    planned = plan_nudges(attendee, chosen, context.schedule, context.now, sent.get(attendee.id, NONE_SENT))
    deliveries = await context.work.deliveries.of(attendee.id)
    refused = [each for each in deliveries if each.state is DeliveryState.REFUSED]
    switch = (
        Button(s("Turn off"), "nudges", {"switch": "off"})
        if _is_on(attendee)
        else Button(s("Turn on"), "nudges", {"switch": "on"})
    )
    change = Button(s("Change…"), "nudges", asks=("notice", "quiet"))
    coming = _unsent(planned, deliveries)
    silenced = silenced_nudges(attendee, chosen, context.schedule, context.now) if _is_on(attendee) else []
    text = (
        *_status(attendee, len(coming), len(refused)),
        *_early_text(call, context),
        *_silenced(silenced, context),
        *_paused(await context.work.leases.all(), attendee),
    )
    wake = (Button(s("Wake me"), "nudges", {"alarms": "alarms on"}),) if silenced else ()
    return Reply(text, (_settings(attendee), *_coming(coming, context)), (*wake, switch, change))


def _early_text(call: Call, context: Context) -> tuple[Text, ...]:
    """That a wish to come later than the conference advises changes nothing."""
    schedule, early = context.schedule, call.get(EARLY)
    everywhere = schedule.conference.line_of("", is_drop_in=False).walk_up
    advised = everywhere if everywhere is not None else schedule.conference.walk_up if schedule.has_seats else SPARE
    if early is None or _minutes(early) >= advised:
        return ()
    if not schedule.has_seats and everywhere is None:
        return (t("I plan {minutes} min to find a chair, and that stays.", minutes=advised),)
    return (t("Where there's a line, the conference advises {minutes} min, and that stays.", minutes=advised),)


def _silenced(silenced: Sequence[Nudge], context: Context) -> list[Text]:
    reader = Reader.of(context.attendee, context.schedule)
    return [silenced_text(nudge, context.schedule, reader) for nudge in silenced[:SHOWN]]


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
        reach = replace(attendee.reach, refused="", informed=False) if switch == "on" else attendee.reach
        attendee = replace(attendee, nudges_on=switch == "on", agreed_at=agreed, reach=reach)
    if alarms := call.get(ALARMS):
        attendee = replace(attendee, alarms=alarms == "on")
    threads = call.get(THREADS)
    return attendee if threads is None else replace(attendee, threads=threads == "on")


def _minutes(duration: timedelta) -> int:
    return int(duration.total_seconds() // 60)


def _is_on(attendee: Attendee) -> bool:
    return attendee.nudges_on and attendee.agreed_at is not None


def _unsent(planned: Sequence[Nudge], deliveries: Sequence[Delivery]) -> list[Nudge]:
    """Planned nudges that are not finished yet."""
    over = {each.nudge.key for each in deliveries if each.state not in (DeliveryState.OWED, DeliveryState.CLAIMED)}
    return [nudge for nudge in planned if nudge.key not in over]


def _status(attendee: Attendee, coming: int, refused: int) -> tuple[Text, ...]:
    turn_on = Typed("/nudges on")
    if attendee.agreed_at is None:
        attend = Typed("/attend")
        text = [t("Reminders are off. They start with your first {attend}, or with {on}.", attend=attend, on=turn_on)]
    elif not attendee.nudges_on:
        text = [t("Reminders are off. To turn them on: {on}", on=turn_on)]
    elif not coming:
        text = [t("No reminders are coming up.")]
    else:
        text = [n("{count} reminder is coming up.", "{count} reminders are coming up.", coming)]
    if refused:
        text.append(n("{count} reminder could not be delivered.", "{count} reminders could not be delivered.", refused))
    if attendee.reach.refused:
        text.append(t("I couldn't message you directly: {reason}.", reason=attendee.reach.refused))
        text.append(t("Allow direct messages from this community, then type {on}.", on=turn_on))
    return tuple(text)


def _paused(leases: Sequence[Lease], attendee: Attendee) -> tuple[Text, ...]:
    """A notice if messages on this platform are paused, with the reason."""
    platform, tenant = attendee.community.platform, attendee.community.tenant
    reasons = [lease.status for lease in leases if lease.name in (platform, f"{platform}:{tenant}") and lease.status]
    if not reasons:
        return ()
    return (t("Messages are delayed right now: {reason}. I'll send them as soon as I can.", reason=reasons[0]),)


def _settings(attendee: Attendee) -> Card:
    if attendee.arrive_early:
        early = t("{minutes} min before the start", minutes=attendee.arrive_early)
    else:
        early = t("as early as the conference recommends")
    return Card(
        s("Your settings"),
        fields=(
            Field(s("Reminders"), t("on") if _is_on(attendee) else t("off")),
            Field(s("Notice"), t("{minutes} min before it's time to leave", minutes=attendee.notice)),
            Field(s("Quiet hours"), _quiet_text(attendee)),
            Field(s("Be at the door"), early),
            *_fallback(attendee),
        ),
    )


def _quiet_text(attendee: Attendee) -> Text:
    if attendee.quiet is None:
        return t("none")
    if attendee.alarms:
        return t("{hours}; reminders to leave still come", hours=attendee.quiet.written(attendee.clock))
    return t("{hours}, without any exception", hours=attendee.quiet.written(attendee.clock))


def _fallback(attendee: Attendee) -> tuple[Field, ...]:
    """What replaces a refused direct message, if the community or the attendee has chosen something."""
    channel = attendee.community.reminders
    if not attendee.threads and not channel:
        return ()
    if not attendee.threads:
        instead = t("I send nothing")
    elif channel:
        instead = t("I use a private thread")
    else:
        instead = t("I send nothing: this community has no reminders channel yet")
    return (Field(s("If I can't message you directly"), instead),)


def _coming(coming: Sequence[Nudge], context: Context) -> tuple[Card, ...]:
    reader = Reader.of(context.attendee, context.schedule)
    items = [
        t("{time}: {about}", time=reader.day_time(nudge.due_at), about=nudge_text(nudge, context.schedule))
        for nudge in coming[:SHOWN]
    ]
    rest = len(coming) - SHOWN
    items += [t("and {count} more", count=rest)] if rest > 0 else []
    return (Card(s("Coming up"), tuple(items)),) if items else ()


COMMAND = Command(
    "nudges",
    "Your reminders and quiet hours",
    handle,
    (NOTICE, HOURS, SWITCH, EARLY, ALARMS, THREADS),
    effect=Effect.WRITE_AND_REPLAN,
    examples=("/nudges", "/nudges 15m 22:00-07:00", "/nudges alarms off", "/nudges early 25m", "/nudges off"),
)
