"""What was sent already is corrected or taken back, a slice at a time, so that another process can go on with it."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

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
from bot.app.text import posted, told
from bot.domain.announcements.announcement import Job
from bot.domain.attendee.attendee import Attendee

AT_ONCE, SLICE = 8, 40
DONE: Mapping[Job, str] = {Job.EDIT: "corrected", Job.RECALL: "recalled"}
Mark = tuple[DeliveryState, str]
"""What became of one message, and why it is not as it should be."""


@dataclass(frozen=True, slots=True)
class AmendmentJob:
    """Does a job on what was sent. Doing it twice to the same message changes nothing more."""

    store: Store
    messengers: Mapping[str, Messenger]

    async def further(self, case: AnnouncementContext, job: Job) -> int | None:
        """Do it to the next slice; gives the last one that is done with, None if some have to be tried again."""
        announcement = case.announcement
        async with self.store.read_transaction() as work:
            batch = await work.announcement_deliveries.next_page(announcement.id, announcement.worked, SLICE)
            people = await work.people.by_id({each.nudge.attendee for each in batch})
        turn = asyncio.Semaphore(AT_ONCE)
        sent = [each for each in batch if each.state is DeliveryState.SENT and each.message]
        readers = [people.get(each.nudge.attendee) for each in sent]
        redone = (self._redo(turn, case, job, each, reader) for each, reader in zip(sent, readers, strict=True))
        marks = await asyncio.gather(*redone)
        known = {each.id: mark for each, mark in zip(sent, marks, strict=True) if mark}
        async with self.store.write_transaction() as work:
            await work.announcement_deliveries.set_states(known)
        return (batch[-1].id if batch else announcement.worked) if len(known) == len(sent) else None

    async def _redo(
        self, turn: asyncio.Semaphore, case: AnnouncementContext, job: Job, delivery: Delivery, reader: Attendee | None
    ) -> Mark | None:
        """What became of one message; None if it has to be tried again."""
        place = delivery.nudge.place
        community = case.communities.get(place.community) if place else reader.community if reader else None
        if community is None:
            return DeliveryState.SENT, f"not {DONE[job]}: its community is gone"
        messenger = self.messengers.get(community.platform)
        if messenger is None:
            return DeliveryState.SENT, f"not {DONE[job]}: {community.platform} is served by another process"
        # The other one, if it came twice, is nowhere known: what happens to this one does not reach it.
        kept = POSSIBLE_DUPLICATE if delivery.error == POSSIBLE_DUPLICATE else ""
        try:
            async with turn:
                if job is Job.RECALL:
                    await messenger.delete(community, delivery.channel, delivery.message)
                    return DeliveryState.RECALLED, kept
                origin = case.community if community.id != case.community.id else None
                theirs = (case.announcement, community, case.schedule, origin)
                words = posted(case.announcement, origin) if place else told(*theirs)
                await messenger.edit(community, delivery.channel, delivery.message, words)
        except (TemporaryError, RateLimitedError, DeliveryUnknownError):
            return None
        except SendError as fault:
            return DeliveryState.SENT, f"not {DONE[job]}: {fault}"
        return DeliveryState.SENT, kept
