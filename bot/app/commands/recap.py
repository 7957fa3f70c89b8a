"""`/recap [day]`: a day in a few lines, and a Markdown draft to blog from."""

from collections.abc import Sequence
from datetime import date

from bot.app.command_spec import DAY, Call, Command, Context, Param
from bot.app.messages import Button, Reply, Typed
from bot.app.text import AgendaWriter, Reader, RecapWriter, day_text, is_over, lines, outside_text, s, t
from bot.domain.attendee.attendee import Attendance

WHICH = Param("day", DAY, "today, tuesday, day 2, 2021-11-30")


async def handle(call: Call, context: Context) -> Reply:
    """Write the recap of the day, today's without one, as the attendee's answers make it now."""
    chosen, schedule = await context.attendances(), context.schedule
    day = call.get(WHICH) or _last_day(chosen, context)
    reader = Reader.of(context.attendee, schedule)
    agenda = AgendaWriter(context.attendee, chosen, schedule, reader, context.now)
    reply = RecapWriter(agenda, day).reply()
    if reply is not None:
        return reply
    if is_over(schedule, context.now):
        empty = t("Nothing was on your agenda on {day}.", day=day_text(day))
    else:
        find = Typed("/find")
        empty = t("Nothing was on your agenda on {day}. Find sessions with {find}.", day=day_text(day), find=find)
    return Reply(lines(outside_text(schedule, context.now), empty), buttons=(Button(s("Agenda"), "agenda"),))


def _last_day(chosen: Sequence[Attendance], context: Context) -> date:
    """Today, or the attendee's last day of a conference that is over."""
    if not is_over(context.schedule, context.now):
        return context.today
    by_id = context.schedule.day_by_id
    days = [by_id[each.session] for each in chosen if each.is_decided and each.session in by_id]
    return max(days, default=context.today)


COMMAND = Command(
    "recap",
    "Your day in a few lines, and a draft to blog from",
    handle,
    (WHICH,),
    examples=("/recap", "/recap monday"),
)
