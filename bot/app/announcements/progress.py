"""Shows the author the progress of an announcement, in one message that is edited."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import structlog

from bot.app.announcements.recipients import AnnouncementContext, remaining_seconds, report_of
from bot.app.messages import Reply
from bot.app.ports import InvalidMessageError, Messenger, RecipientUnreachableError, Store
from bot.app.text import progress, result_cards
from bot.domain.announcements.announcement import ProgressMessage, Stage
from bot.domain.nudges.nudge import delivery_key

log = structlog.get_logger("hallway.announcements")


@dataclass(slots=True)
class ProgressReporter:
    """Remembers what is shown, and sends no update that changes nothing."""

    store: Store
    messengers: Mapping[str, Messenger]
    _last_content: dict[int, Reply] = field(default_factory=dict)

    async def show(self, case: AnnouncementContext) -> ProgressMessage:
        """Show the current progress; returns the message in which it is shown."""
        announcement, author = case.announcement, case.author
        posted = announcement.progress
        # The answer to the person who cancels a draft says so already.
        dropped = announcement.stage is Stage.CANCELLED and announcement.fired_at is None and not announcement.why
        if author is None or (dropped and posted.message is None):
            return posted
        content = await self._content(case)
        if self._last_content.get(announcement.id) == content:
            return posted
        messenger = self.messengers[author.community.platform]
        try:
            if posted.channel is not None and posted.message is not None:
                await messenger.edit(author.community, posted.channel, posted.message, content)
            else:
                key = delivery_key("progress", str(author.id), str(announcement.id), 1)
                receipt = await messenger.send(author, key, "announcement-progress", content)
                posted = ProgressMessage(receipt.channel, receipt.message or None, bool(receipt.message))
        except (RecipientUnreachableError, InvalidMessageError) as error:
            log.info("progress cannot be shown to the author", announcement=announcement.id, fault=str(error))
            posted = replace(posted, message=None, possible=False)
        self._last_content[announcement.id] = content
        return posted

    async def _content(self, case: AnnouncementContext) -> Reply:
        announcement = case.announcement
        async with self.store.read_transaction() as work:
            report = await report_of(work, announcement, delayed=announcement.finished_at is not None)
        content = progress(announcement, report.tally, remaining_seconds(report, case.community, self.messengers))
        return replace(content, cards=result_cards(announcement, report)) if announcement.finished_at else content
