"""`/recap [day]`: a day in a few lines, and a Markdown draft to blog from."""

from bot.app.command_spec import DAY, Call, Command, Context, Param
from bot.app.messages import Button, Reply, Typed
from bot.app.text import AgendaWriter, Reader, RecapWriter, day_text, s, t

WHICH = Param("day", DAY, "today, tuesday, day 2, 2021-11-30")


async def handle(call: Call, context: Context) -> Reply:
    """Write the recap of the day, today's without one, as the attendee's answers make it now."""
    day = call.get(WHICH) or context.today
    reader = Reader.of(context.attendee, context.schedule)
    agenda = AgendaWriter(context.attendee, await context.attendances(), context.schedule, reader, context.now)
    reply = RecapWriter(agenda, day).reply()
    if reply is not None:
        return reply
    empty = t("Nothing was on your agenda on {day}. Find sessions with {find}.", day=day_text(day), find=Typed("/find"))
    return Reply((empty,), buttons=(Button(s("Agenda"), "agenda"),))


COMMAND = Command(
    "recap",
    "Your day in a few lines, and a draft to blog from",
    handle,
    (WHICH,),
    examples=("/recap", "/recap monday"),
)
