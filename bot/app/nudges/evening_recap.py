"""The evening recap: the day in a few lines, and a Markdown draft to blog from."""

from bot.app.command_spec import NudgeTemplate, RenderContext
from bot.app.messages import Reply
from bot.app.schedules.feedback import rated_sessions
from bot.app.text import AgendaWriter, Reader, RecapWriter, lateness_text
from bot.domain.nudges.nudge import NudgeKind
from bot.domain.times.time_parsing import iso_day


async def write(occasion: RenderContext) -> Reply | None:
    """Write the recap of the day; None if nothing was on the attendee's agenda."""
    reader = Reader.of(occasion.attendee, occasion.schedule)
    agenda = AgendaWriter(occasion.attendee, await occasion.chosen(), occasion.schedule, reader, occasion.now)
    async with occasion.read_transaction() as work:
        rated = await rated_sessions(work, occasion.attendee, occasion.schedule)
    return RecapWriter(agenda, iso_day(occasion.nudge.subject), rated).reply(lateness_text(occasion.late))


NUDGE = NudgeTemplate(NudgeKind.EVENING_RECAP, write)
