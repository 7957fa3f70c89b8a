"""Shows the author the progress of an announcement, in one message that is edited."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import structlog

from bot.app.announcements.recipients import AnnouncementContext, left_in, report_of
from bot.app.messages import Reply
from bot.app.ports import InvalidMessageError, Messenger, RecipientUnreachableError, Store
from bot.app.text import progress, report_card
from bot.domain.nudges.nudge import delivery_key

NOWHERE = "-"
"""Sentinel message id: the author's DMs are closed, so there is no progress message."""

log = structlog.get_logger("hallway.announcements")


@dataclass(slots=True)
class ProgressReporter:
    """Remembers what is shown, and sends no update that changes nothing."""

    store: Store
    messengers: Mapping[str, Messenger]
    _shown: dict[int, Reply] = field(default_factory=dict)

    async def show(self, case: AnnouncementContext) -> tuple[str, str]:
        """Show the current progress; returns the platform's ids of channel and message."""
        announcement, author = case.announcement, case.author
        place, message = announcement.channel, announcement.message
        if author is None:
            return place, message
        content = await self._content(case)
        if self._shown.get(announcement.id) == content:
            return place, message
        messenger = self.messengers[author.community.platform]
        try:
            if message:
                await messenger.edit(author.community, place, message, content)
            else:
                key = delivery_key("progress", str(author.id), str(announcement.id), 1)
                receipt = await messenger.send(author, key, "announcement-progress", content)
                place, message = receipt.channel, receipt.message or NOWHERE
        except (RecipientUnreachableError, InvalidMessageError) as error:
            log.info("progress is shown nowhere", announcement=announcement.id, fault=str(error))
            message = NOWHERE
        self._shown[announcement.id] = content
        return place, message

    async def _content(self, case: AnnouncementContext) -> Reply:
        announcement = case.announcement
        async with self.store.read_transaction() as work:
            report = await report_of(work, announcement, delayed=announcement.finished_at is not None)
        content = progress(announcement, report.tally, left_in(report, case.community, self.messengers))
        return replace(content, cards=(report_card(announcement, report),)) if announcement.finished_at else content
