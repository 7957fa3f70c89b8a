"""The evening before a day that no recap names: its figures, its first walk, its short breaks."""

from bot.app.command_spec import NudgeTemplate, RenderContext
from bot.app.messages import Reply
from bot.app.text import AgendaWriter, Reader, RecapWriter, lateness_text
from bot.domain.nudges.nudge import NudgeKind
from bot.domain.times.time_parsing import iso_day


async def write(occasion: RenderContext) -> Reply | None:
    """Announce the day; None if nothing is on the attendee's agenda."""
    reader = Reader.of(occasion.attendee, occasion.schedule)
    agenda = AgendaWriter(occasion.attendee, await occasion.chosen(), occasion.schedule, reader, occasion.now)
    return RecapWriter(agenda, iso_day(occasion.nudge.subject)).announcement(lateness_text(occasion.late))


NUDGE = NudgeTemplate(NudgeKind.EVENING_BEFORE, write)
