"""The question to the author of an announcement whose session was cancelled, or whose time is over after a move."""

from bot.app.command_spec import NudgeTemplate, RenderContext
from bot.app.messages import Reply
from bot.app.text import held_announcement
from bot.domain.announcements.announcement import Stage
from bot.domain.nudges.nudge import NudgeKind


async def write(occasion: RenderContext) -> Reply | None:
    """Say why the announcement waits, and ask what to do; None if that was decided meanwhile."""
    async with occasion.read_transaction() as work:
        announcement = await work.announcements.get(int(occasion.nudge.subject))
    is_held = announcement is not None and announcement.stage is Stage.HELD
    if announcement is None or not is_held or announcement.version != occasion.nudge.revision:
        return None
    return held_announcement(announcement, occasion.schedule, occasion.attendee)


NUDGE = NudgeTemplate(NudgeKind.ANNOUNCEMENT_HELD, write)
