"""Edits or recalls sent announcements in slices, so that another process can continue."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.app.announcements.recipients import AnnouncementContext
from bot.app.delivery.sender import POSSIBLE_DUPLICATE
from bot.app.ports import (
    Delivery,
    DeliveryState,
    DeliveryUnknownError,
    Messenger,
    RateLimitedError,
    SendError,
    Store,
    TemporaryError,
)
from bot.app.text import channel_message, direct_message
from bot.app.text.page_links import announcement_links
from bot.app.text.web_side import WebSide
from bot.domain.announcements.announcement import Job
from bot.domain.attendee.attendee import Attendee

AT_ONCE, SLICE = 8, 40
DONE: Mapping[Job, str] = {Job.EDIT: "corrected", Job.RECALL: "recalled"}
Mark = tuple[DeliveryState, str]
"""The state of one message afterwards, and why it could not be changed."""


@dataclass(frozen=True, slots=True)
class AmendmentJob:
    """Edits or recalls sent messages. Repeating it on the same message changes nothing."""

    store: Store
    messengers: Mapping[str, Messenger]
    web: WebSide | None = None

    async def run_batch(self, case: AnnouncementContext, job: Job) -> int | None:
        """Process the next slice; returns the id of its last delivery, None if some have to be tried again."""
        announcement = case.announcement
        async with self.store.read_transaction() as work:
            batch = await work.announcement_deliveries.next_page(announcement.id, announcement.worked, SLICE)
            people = await work.people.by_id({delivery.nudge.attendee for delivery in batch})
        limit = asyncio.Semaphore(AT_ONCE)
        sent = [delivery for delivery in batch if delivery.state is DeliveryState.SENT and delivery.message]
        readers = [people.get(delivery.nudge.attendee) for delivery in sent]
        redone = (
            self._redo(limit, case, job, delivery, reader) for delivery, reader in zip(sent, readers, strict=True)
        )
        marks = await asyncio.gather(*redone)
        amended = {delivery.id: mark for delivery, mark in zip(sent, marks, strict=True) if mark}
        async with self.store.write_transaction() as work:
            await work.announcement_deliveries.record_amendments(amended)
        return (batch[-1].id if batch else announcement.worked) if len(amended) == len(sent) else None

    async def _redo(
        self, limit: asyncio.Semaphore, case: AnnouncementContext, job: Job, delivery: Delivery, reader: Attendee | None
    ) -> Mark | None:
        """Edit or recall one message; None if that has to be tried again."""
        place = delivery.nudge.place
        community = case.communities.get(place.community) if place else reader.community if reader else None
        if community is None:
            return DeliveryState.SENT, f"not {DONE[job]}: its community is gone"
        messenger = self.messengers.get(community.platform)
        if messenger is None:
            return DeliveryState.SENT, f"not {DONE[job]}: {community.platform} is served by another process"
        # A duplicate has no recorded message id, so it cannot be edited or deleted: the mark stays.
        mark = POSSIBLE_DUPLICATE if delivery.error == POSSIBLE_DUPLICATE else ""
        try:
            async with limit:
                if job is Job.RECALL:
                    await messenger.delete(community, delivery.channel, delivery.message)
                    return DeliveryState.RECALLED, mark
                origin = case.community if community.id != case.community.id else None
                arguments = (case.announcement, community, case.schedule, origin)
                words = channel_message(case.announcement, origin) if place else direct_message(*arguments)
                links = announcement_links(self.web, community, case.announcement, case.schedule)
                words = replace(words, links=links)
                await messenger.edit(community, delivery.channel, delivery.message, words)
        except (TemporaryError, RateLimitedError, DeliveryUnknownError):
            return None
        except SendError as error:
            return DeliveryState.SENT, f"not {DONE[job]}: {error}"
        return DeliveryState.SENT, mark
