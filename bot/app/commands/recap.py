"""`/recap [day|week|group] [picture]`: a day in a few lines, a Markdown draft to blog from, and a picture to post."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.app.command_spec import Call, Command, Context, Option, Param, ParamType, StaticContext, suggestions
from bot.app.messages import Button, Reply, Text, Typed
from bot.app.ports import Look
from bot.app.schedules.feedback import rated_sessions
from bot.app.text import (
    AgendaWriter,
    Reader,
    RecapWriter,
    day_picture,
    day_text,
    group_recap_text,
    is_over,
    lines,
    outside_text,
    picture_file,
    s,
    t,
    week_picture,
)
from bot.domain.attendee.attendee import Attendance, Attendee, Privacy
from bot.domain.attendee.recap import recap_of
from bot.domain.attendee.week_recap import GroupRecap, WeekRecap, week_recap_of
from bot.domain.errors import BadInputError
from bot.domain.schedule.conference import Schedule
from bot.domain.times.time_parsing import read_day

WEEK, GROUP = "week", "group"
PICTURES = {
    "picture": Look.LIGHT,
    "light": Look.LIGHT,
    "dark": Look.DARK,
    "light picture": Look.LIGHT,
    "dark picture": Look.DARK,
    "picture light": Look.LIGHT,
    "picture dark": Look.DARK,
}
SHARED_FROM = 5
"""A group of fewer people is not summed up: its numbers would say too much about each of them."""


@dataclass(frozen=True, slots=True)
class RecapSpan:
    """A day, or the word for several days."""

    day: date | None = None
    word: str = ""


def read_span(text: str, context: StaticContext) -> RecapSpan:
    """A day, `week`, or `group`."""
    typed = text.strip().casefold()
    if typed in (WEEK, "all", "all days", "the week", "my week"):
        return RecapSpan(word=WEEK)
    if typed in (GROUP, "us", "together"):
        return RecapSpan(word=GROUP)
    return RecapSpan(read_day(text, context.today, context.schedule.days))


def suggested(typed: str, context: StaticContext) -> Sequence[Option]:
    """The days of the conference, and both words."""
    words = (Option(s("the whole conference"), WEEK), Option(s("all of us, in numbers"), GROUP))
    return [*suggestions.days(typed, context), *(word for word in words if word.value.startswith(typed.casefold()))]


def read_picture(text: str, _: StaticContext) -> Look:
    """`picture`, or `dark picture`."""
    look = PICTURES.get(" ".join(text.casefold().split()))
    if look is None:
        raise BadInputError(s("{text} is not a kind of picture: type picture, or dark picture.", text=repr(text)))
    return look


WHICH = Param("day", ParamType("day", read_span, suggest=suggested), "today, tuesday, day 2, week, group")
PICTURE = Param(
    "picture",
    ParamType("picture", read_picture, options=("picture", "dark")),
    "a picture to post, light or dark",
)


async def handle(call: Call, context: Context) -> Reply:
    """Write the recap, as the attendee's answers make it now, or draw it."""
    span = call.get(WHICH) or RecapSpan()
    if span.word == GROUP:
        return await _group(context)
    chosen, schedule = await context.attendances(), context.schedule
    day = span.day or _last_day(chosen, context)
    if look := call.get(PICTURE):
        return await _drawn(chosen, None if span.word else day, look, context)
    agenda = AgendaWriter(context.attendee, chosen, schedule, Reader.of(context.attendee, schedule), context.now)
    writer = RecapWriter(agenda, day, await rated_sessions(context.work, context.attendee, schedule))
    reply = writer.week() if span.word else writer.reply()
    return reply or _nothing(None if span.word else day, context)


async def _drawn(chosen: Sequence[Attendance], day: date | None, look: Look, context: Context) -> Reply:
    """The picture of a day; without one, that of the whole conference."""
    attendee, schedule = context.attendee, context.schedule
    if context.painter is None:
        raise BadInputError(s("Pictures are not drawn here: ask where `hallway run` or `hallway chat` runs."))
    recap = week_recap_of(attendee, chosen, schedule) if day is None else recap_of(attendee, chosen, schedule, day)
    if not recap.sessions:
        return _nothing(day, context)
    if isinstance(recap, WeekRecap):
        picture, name = week_picture(recap, schedule, look), WEEK
    else:
        picture, name = day_picture(recap, schedule, context.hours, look), recap.day.isoformat()
    file = picture_file(picture, await context.painter(picture), f"{name}-{schedule.conference.slug}", recap)
    other, kind = (s("Dark picture"), "dark") if look is Look.LIGHT else (s("Light picture"), "picture")
    text = t("Here is your picture to post. Your hotel is not on it.")
    return Reply((text,), buttons=(Button(other, "recap", {"day": name, "picture": kind}),), files=(file,))


async def _group(context: Context) -> Reply:
    """The conference of all who let the community see their sessions, in numbers, for everybody to read."""
    schedule, group = context.schedule, GroupRecap()
    everyone = context.work.attendances.everyone(schedule.conference.slug, community=context.attendee.community.id)
    async for chunk in everyone:
        open_ones = [pair for pair in chunk if pair[0].privacy is Privacy.COMMUNITY]
        await asyncio.to_thread(_count, group, open_ones, schedule)
    if group.people < SHARED_FROM:
        few = t(
            "Fewer than {count} people here share their sessions, so there is no recap of all of us. To share yours: "
            "{share}",
            count=SHARED_FROM,
            share=Typed("/privacy community"),
        )
        return Reply((few,))
    return group_recap_text(group, schedule)


def _count(group: GroupRecap, people: Sequence[tuple[Attendee, Sequence[Attendance]]], schedule: Schedule) -> None:
    for attendee, chosen in people:
        group.add(week_recap_of(attendee, chosen, schedule).days)


def _nothing(day: date | None, context: Context) -> Reply:
    if day is None:
        empty = t("Nothing was on your agenda.")
    else:
        empty = t("Nothing was on your agenda on {day}.", day=day_text(day))
    find: Text = ()
    if not is_over(context.schedule, context.now):
        find = t("Find sessions with {find}.", find=Typed("/find"))
    both = t("{empty} {find}", empty=empty, find=find) if find else empty
    return Reply(lines(outside_text(context.schedule, context.now), both), buttons=(Button(s("Agenda"), "agenda"),))


def _last_day(chosen: Sequence[Attendance], context: Context) -> date:
    """Today, or the attendee's last day of a conference that is over."""
    if not is_over(context.schedule, context.now):
        return context.today
    by_id = context.schedule.day_by_id
    days = [by_id[each.session] for each in chosen if each.is_decided and each.session in by_id]
    return max(days, default=context.today)


COMMAND = Command(
    "recap",
    "Your day in a few lines, a draft to blog from, and a picture",
    handle,
    (WHICH, PICTURE),
    examples=("/recap", "/recap monday", "/recap week", "/recap tuesday picture", "/recap group"),
)
