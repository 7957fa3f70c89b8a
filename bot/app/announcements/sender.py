"""Sends announcements: at the due time, creates deliveries for the audience in chunks, and reports the progress.

Each step is stored before the next, so that another process can continue where this one ended.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import structlog

from bot.app.access.authorization import PermissionChecker
from bot.app.announcements.amendments import AmendmentJob
from bot.app.announcements.held import HeldQuestions
from bot.app.announcements.links import lost, note_received
from bot.app.announcements.progress import ProgressReporter
from bot.app.announcements.recipients import AnnouncementContext, channels_of, check_size, nudge_of
from bot.app.ports import TOO_LATE, Clock, DeliveryFilter, DeliveryState, DeliveryStats, SendError, Store
from bot.app.schedules.announcement_plans import store_plan
from bot.app.schedules.cache import ScheduleCache
from bot.app.text.web_side import WebSide
from bot.domain.announcements.announcement import FORSAKEN, LOOK_AGAIN, Announcement, How, Job, ProgressMessage, Stage
from bot.domain.announcements.audience import Who
from bot.domain.attendee.attendee import Attendee
from bot.domain.errors import BadInputError
from bot.domain.nudges.nudge import ChannelTarget
from bot.domain.schedule.conference import Schedule

CHUNK = 500
LEASE = timedelta(minutes=2)
TICK, RETRY_AFTER = timedelta(seconds=5), timedelta(seconds=30)

log = structlog.get_logger("hallway.announcements")


@dataclass(slots=True)
class AnnouncementSender:
    """A background job.

    Attributes:
        on_owed: called when there is something to send.
        lease: in the clock's time.
        web: where browsers reach this installation; None if they do not.
    """

    store: Store
    clock: Clock
    schedules: ScheduleCache
    permissions: PermissionChecker
    scopes: Collection[DeliveryFilter]
    on_owed: Callable[[], None]
    lease: timedelta = LEASE
    web: WebSide | None = None
    _stopping: bool = False
    _progress: ProgressReporter = field(init=False)

    def __post_init__(self) -> None:
        self._progress = ProgressReporter(self.store, self.permissions.messengers)

    async def run_due(self) -> int:
        """Do the next step of every announcement that is due; returns how many steps were done."""
        steps = 0
        while not self._stopping and (claimed := await self._claim()):
            for announcement in claimed:
                await self._attempt(announcement)
            steps += len(claimed)
        return steps

    async def next_due(self) -> datetime | None:
        """Return when there is something to do next."""
        async with self.store.read_transaction() as work:
            return await work.announcements.next_due(self.scopes)

    def stop(self) -> None:
        """Take no further step."""
        self._stopping = True

    async def _claim(self) -> Sequence[Announcement]:
        now = self.clock.now()
        async with self.store.write_transaction() as work:
            return await work.announcements.claim(self.scopes, now, now + self.lease, 1)

    async def _attempt(self, announcement: Announcement) -> None:
        try:
            await self._step(announcement)
        except SendError as error:
            log.info("an announcement waits for its platform", announcement=announcement.id, fault=str(error))
            await self._keep(announcement, self.clock.now() + RETRY_AFTER)

    async def _step(self, announcement: Announcement) -> None:
        case = await self._case(announcement)
        if case is None:
            await self._keep(announcement, None, stage=Stage.CANCELLED, why="its community follows no conference")
        elif announcement.job:
            await self._amend(case, announcement.job)
        elif announcement.stage is Stage.PLANNED:
            await self._begin(case)
        elif announcement.stage is Stage.HELD:
            await self._ask(case)
        else:
            while announcement.stage is Stage.GOING and await self._owe(case):
                self.on_owed()
            await self._follow(announcement.id)

    async def _case(self, announcement: Announcement) -> AnnouncementContext | None:
        async with self.store.read_transaction() as work:
            communities = await work.communities.by_id(announcement.communities)
            present = {id_: community for id_, community in communities.items() if community.left_at is None}
            mine = present.get(announcement.community)
            cached = await self.schedules.for_community(work, mine) if mine else None
            author = (await work.people.by_id([announcement.author])).get(announcement.author)
            reasons = await lost(work, mine, announcement) if mine else {}
        return AnnouncementContext(announcement, present, author, cached.schedule, reasons) if cached else None

    async def _keep(self, seen: Announcement, wake_at: datetime | None, **what: object) -> Announcement | None:
        """Save changes of the announcement, unless its stage or job was changed concurrently."""
        async with self.store.write_transaction() as work:
            stored = await work.announcements.get(seen.id)
            if stored is None or (stored.stage, stored.job) != (seen.stage, seen.job):
                return None
            fresh = replace(stored, **what)  # type: ignore[arg-type]  # fields of it
            await work.announcements.save(fresh, wake_at)
            return fresh

    # Going out.

    async def _begin(self, case: AnnouncementContext) -> None:
        """Send the announcement at its time, if its author may still announce and the time still makes sense."""
        announcement, now = case.announcement, self.clock.now()
        planned = announcement.replanned(case.schedule, now)
        if planned != announcement:
            await self._replan(announcement, planned, case.schedule, now)
            return
        due = announcement.due_at(case.schedule, now) or now
        if due > now:
            await self._keep(announcement, min(due, now + LOOK_AGAIN) if announcement.moment.follows else due)
            return
        author = case.author
        standing = await self.permissions.check(case.community, author.user, now) if author else None
        if standing is None:
            await self._call_off(announcement, "its author is no longer an organizer")
        elif not await self._is_wide(case, now):
            await self._call_off(announcement, "too few people: their hotels could be guessed")
        else:
            await self._fire(case, now, notify=announcement.notify and standing.notify)

    async def _replan(self, seen: Announcement, planned: Announcement, schedule: Schedule, now: datetime) -> None:
        """Store the announcement as the changed schedule makes it, unless it was changed concurrently."""
        async with self.store.write_transaction() as work:
            if await work.announcements.get(seen.id) == seen:
                await store_plan(work, planned, schedule, now)
        self.on_owed()

    async def _ask(self, case: AnnouncementContext) -> None:
        """Once after an announcement was held: if its author cannot decide any more, ask others."""
        if await HeldQuestions(self.store, self.permissions).ask(case, self.clock.now()):
            self.on_owed()
        await self._keep(case.announcement, None)

    async def _call_off(self, announcement: Announcement, why: str) -> None:
        now = self.clock.now()
        if await self._keep(announcement, None, stage=Stage.CANCELLED, why=why, finished_at=now, cursor=None):
            await self._follow(announcement.id)

    async def _is_wide(self, case: AnnouncementContext, now: datetime) -> bool:
        try:
            async with self.store.read_transaction() as work:
                await check_size(work, case.narrowed, case.schedule, now)
        except BadInputError:
            return False
        return True

    async def _fire(self, case: AnnouncementContext, now: datetime, *, notify: bool) -> None:
        """Create the channel posts at once, for all communities whose link is active."""
        seen = case.announcement
        cursor = None if seen.how is How.CHANNEL else 0
        fired = replace(case.narrowed, stage=Stage.GOING, fired_at=now, notify=notify, cursor=cursor)
        targets = [case.communities[id_] for id_ in fired.communities]
        owed = [
            (community, nudge_of(fired, case.schedule, now, place=ChannelTarget(community.id, channel)))
            for community in targets
            for channel in channels_of(seen, community)
        ]
        async with self.store.write_transaction() as work:
            if await work.announcements.get(seen.id) == seen:
                await work.deliveries.add(owed, now)
                await work.announcements.save(fired, now)
                for community in targets[1:]:
                    await note_received(work, community, case.community, fired, now)
        self.on_owed()

    async def _owe(self, case: AnnouncementContext) -> bool:
        """Create the deliveries for the next chunk of the audience; False at its end, or if sending was stopped."""
        seen = case.announcement
        async with self.store.read_transaction() as work:
            stored = await work.announcements.get(seen.id)
            if stored is None or stored.stage is not Stage.GOING or stored.cursor is None:
                return False
            page = (case.narrowed.communities, case.schedule.conference.slug, case.audience, stored.cursor, CHUNK)
            chunk = await work.audiences.next_page(*page)
        now = self.clock.now()
        readers = [reader for reader in chunk if await self._still_meant(case, reader, now)]
        async with self.store.write_transaction() as work:
            fresh = await work.announcements.get(seen.id)
            if fresh is None or fresh.stage is not Stage.GOING or fresh.cursor != stored.cursor:
                return False
            owed = [(reader.community, nudge_of(fresh, case.schedule, now, reader=reader)) for reader in readers]
            await work.deliveries.add(owed, now)
            cursor = chunk[-1].id if chunk else None
            await work.announcements.save(replace(fresh, cursor=cursor), now + self.lease)
        return bool(chunk)

    async def _still_meant(self, case: AnnouncementContext, reader: Attendee, now: datetime) -> bool:
        """Re-check organizer recipients with the platform: the database is not notified of demotions."""
        if not any(term.who is Who.ORGANIZERS for term in case.announcement.audience.terms):
            return True
        return await self.permissions.check(reader.community, reader.user, now) is not None

    # Deliveries that were sent already.

    async def _amend(self, case: AnnouncementContext, job: Job) -> None:
        """Edit or recall a slice of the sent messages, and schedule the rest."""
        announcement = case.announcement
        worked = await AmendmentJob(self.store, self.permissions.messengers, self.web).run_batch(case, job)
        now = self.clock.now()
        if worked is None:
            await self._keep(announcement, now + RETRY_AFTER)
        elif worked != announcement.worked:
            await self._keep(announcement, now, worked=worked)
        elif job is Job.RECALL and await self._in_flight(announcement.id):
            # Messages that were being sent when the recall began exist only now.
            await self._keep(announcement, now + TICK, worked=0)
        elif await self._keep(announcement, now, job=None, worked=0):
            await self._follow(announcement.id)

    async def _in_flight(self, id_: int) -> bool:
        async with self.store.read_transaction() as work:
            return bool((await work.announcement_deliveries.stats(id_)).states.get(DeliveryState.CLAIMED))

    # Following it.

    async def _follow(self, id_: int) -> None:
        """Show the progress, and look again while deliveries are left."""
        async with self.store.read_transaction() as work:
            stored = await work.announcements.get(id_)
            tally = await work.announcement_deliveries.stats(id_)
        if stored is None:
            return
        now, wake_at, change = self.clock.now(), None, dict[str, object]()
        if stored.fired_at and now >= stored.fired_at + FORSAKEN and tally.remaining:
            tally = await self._forsaken(id_, now)
        held = tally.states.get(DeliveryState.HELD, 0)
        if stored.stage is Stage.GOING and tally.next_at is None and not held and stored.cursor is None:
            change = {"stage": Stage.DONE, "finished_at": now}
        elif stored.stage is Stage.GOING:
            if held:
                await self._release(id_, now)
            busy = tally.states.get(DeliveryState.CLAIMED) or tally.next_at is None
            wake_at = now + TICK if busy or not tally.next_at else max(now + TICK, tally.next_at)
        # Hold the lease until the progress message is updated; if this process dies, the next lease holder updates it.
        announcement = await self._keep(stored, now + self.lease, **change)
        if announcement:
            is_shown = not announcement.progress.possible or await self._show_progress(announcement)
            # An announcement that is not going out needs nothing more until its author acts.
            await self._keep(announcement, wake_at if is_shown else wake_at or now + RETRY_AFTER)

    async def _show_progress(self, announcement: Announcement) -> bool:
        """Show the progress to the author; False if that has to be tried again later."""
        try:
            progress = await self._show(announcement)
        except SendError as error:
            log.info("progress waits for its platform", announcement=announcement.id, fault=str(error))
            return False
        if progress != announcement.progress:
            await self._remember(announcement.id, progress)
        return True

    async def _remember(self, id_: int, progress: ProgressMessage) -> None:
        """Save the progress message even if the announcement changed concurrently; else a second one is posted."""
        async with self.store.write_transaction() as work:
            stored = await work.announcements.get(id_)
            if stored:
                await work.announcements.save(replace(stored, progress=progress), self.clock.now() + TICK)

    async def _forsaken(self, id_: int, now: datetime) -> DeliveryStats:
        """End the deliveries of linked communities whose platform no process serves any more."""
        async with self.store.write_transaction() as work:
            await work.announcement_deliveries.transition(id_, DeliveryState.EXPIRED, now, TOO_LATE)
            return await work.announcement_deliveries.stats(id_)

    async def _release(self, id_: int, now: datetime) -> None:
        """Resume deliveries that were held while being sent, after the announcement was resumed."""
        async with self.store.write_transaction() as work:
            await work.announcement_deliveries.transition(id_, DeliveryState.OWED, now)
        self.on_owed()

    async def _show(self, announcement: Announcement) -> ProgressMessage:
        """Show the progress, if the community still uses Hallway."""
        case = await self._case(announcement)
        return await self._progress.show(case) if case else announcement.progress
