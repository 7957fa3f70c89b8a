"""An announcement, as one of its readers gets it: written when it is sent, so that a correction is in it."""

from bot.app.declare import NotYet, NudgeText, Occasion
from bot.app.messages import Reply
from bot.app.say import posted, told
from bot.domain.announcement import Stage
from bot.domain.nudge import NudgeKind


async def write(occasion: Occasion) -> Reply | None:
    """None where it was cancelled, or its reader has muted them meanwhile."""
    async with occasion.reading() as work:
        announcement = await work.announcements.get(int(occasion.nudge.subject))
        fresh = await work.people.by_id([occasion.attendee.id])
    if announcement is None or announcement.stage is Stage.CANCELLED:
        return None
    if announcement.stage is Stage.PAUSED:
        raise NotYet
    if occasion.nudge.place:
        return posted(announcement)
    reader = fresh.get(occasion.attendee.id)
    muted = reader is None or reader.announcements is None
    return None if muted else told(announcement, occasion.attendee.community, occasion.schedule)


NUDGE = NudgeText(NudgeKind.ANNOUNCEMENT, write)
