"""An announcement for one recipient: rendered when it is sent, so that corrections are included."""

from dataclasses import replace

from bot.app.announcements.links import origin_of
from bot.app.command_spec import NotYetError, NudgeTemplate, RenderContext
from bot.app.messages import Reply
from bot.app.text import channel_message, direct_message
from bot.app.text.page_links import announcement_links
from bot.domain.announcements.announcement import Stage
from bot.domain.nudges.nudge import NudgeKind

UNSENT = (Stage.CANCELLED, Stage.RECALLED)


async def write(occasion: RenderContext) -> Reply | None:
    """Write the announcement.

    None if the announcement was cancelled or recalled, its session has begun earlier or is off, the recipient has
    muted announcements, or the community that made it is no longer linked with the recipient's.
    """
    here = occasion.community
    async with occasion.read_transaction() as work:
        announcement = await work.announcements.get(int(occasion.nudge.subject))
        fresh = await work.people.by_id([occasion.nudge.attendee])
        foreign = announcement is not None and announcement.community != here.id
        origin = await origin_of(work, announcement, here) if announcement and foreign else None
    if announcement is None or announcement.stage in UNSENT or (foreign and origin is None):
        return None
    if announcement.is_outdated(occasion.schedule, occasion.now):
        return None
    if announcement.stage is Stage.PAUSED:
        raise NotYetError
    links = announcement_links(occasion.web, here, announcement, occasion.schedule)
    if occasion.nudge.place:
        return replace(channel_message(announcement, origin), links=links)
    reader = fresh.get(occasion.nudge.attendee)
    if reader is None or reader.announcements is None:
        return None
    return replace(direct_message(announcement, here, occasion.schedule, origin), links=links)


NUDGE = NudgeTemplate(NudgeKind.ANNOUNCEMENT, write)
