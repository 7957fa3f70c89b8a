"""The desk that looks after feeds: fetches, compares, takes in or holds, and asks organizers.

The database decides who looks at a feed: a claim is a lease, and the transaction that takes a copy in also gives the
lease back. Who lost it has changed nothing.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from bot.app.ports import Clock, Copy, Fetcher, Parser, PollResult, Store, UnitOfWork, Validators
from bot.app.schedules.importer import ImportHeldError, Terms, compared, take_in
from bot.domain.errors import BadInputError, EmptyScheduleError, FetchError, ScheduleImportError
from bot.domain.imports.draft import Draft
from bot.domain.imports.feed import Feed, digest_of
from bot.domain.imports.report import ImportReport
from bot.domain.nudges.nudge import Nudge, NudgeKind

ASKED_FOR = timedelta(days=1)
"""A question about a held copy is worth an answer for so long."""

log = structlog.get_logger("hallway.feeds")


class LostLeaseError(Exception):
    """Somebody else has taken over the feed; the transaction is undone."""


@dataclass(frozen=True, slots=True)
class FeedService:
    """`ports.Desk`. `jitter` gives a number from 0 to 1; `on_change` is told when something is owed to somebody."""

    store: Store
    clock: Clock
    fetch: Fetcher
    parse: Parser
    jitter: Callable[[], float]
    on_change: Callable[[], None]
    lease: timedelta = timedelta(minutes=2)
    stopping: asyncio.Event = field(default_factory=asyncio.Event)

    async def look_at_due(self) -> int:
        """Look at every feed that is due; returns how many that were."""
        looked = 0
        while not self.stopping.is_set() and (feed := await self._claim()):
            await self._look(feed)
            looked += 1
        return looked

    async def follow(self, feed: Feed, asker: int) -> PollResult:
        """Fetch and take in a feed that is new, or has another address; it is kept only if that went well."""
        copy = await self.fetch(feed.url, Validators())
        copy = copy or Copy(b"")
        draft = await self._read(feed, copy.body)
        await self._compared(feed, draft, bare=False)
        async with self.store.write_transaction() as work:
            await work.feeds.save(feed)
        claimed = await self._claim(feed.conference)
        return await self._take_in(claimed, copy, draft, asker=asker)

    async def refresh(self, conference: str, asker: int) -> PollResult:
        """Look at a feed now, due or not; what is held is put to all organizers but the `asker`."""
        return await self._look(await self._claim_named(conference), asker)

    async def compare(self, conference: str) -> ImportReport:
        """What taking in the held copy would change, else the newest one; nothing is stored."""
        async with self.store.read_transaction() as work:
            feed, body = await work.feeds.get(conference), await work.held_copies.get(conference)
        if feed is None:
            raise _no_feed()
        if body is None:
            copy = await self.fetch(feed.url, Validators())
            body = copy.body if copy else b""
        return await self._compared(feed, await self._read(feed, body))

    async def apply(self, conference: str) -> PollResult:
        """Take in the held copy after all."""
        async with self.store.read_transaction() as work:
            body = await work.held_copies.get(conference)
        if body is None:
            raise _nothing_held()
        feed = await self._claim_named(conference)
        draft = await self._read(feed, body)
        return await self._take_in(feed, Copy(body, Validators(feed.etag, feed.modified)), draft, force=True)

    async def keep_old(self, conference: str) -> Feed:
        """Put the held copy aside, and others that would lose the same."""
        async with self.store.write_transaction() as work:
            feed = await work.feeds.get(conference)
            if feed is None or not feed.held:
                raise _nothing_held()
            await work.feeds.save(feed.kept_old())
            await work.held_copies.put(conference, None)
        return feed.kept_old()

    async def _claim(self, conference: str = "") -> Feed | None:
        now = self.clock.now()
        async with self.store.write_transaction() as work:
            return await work.feeds.claim(now, now + self.lease, conference)

    async def _claim_named(self, conference: str) -> Feed:
        feed = await self._claim(conference)
        if feed is None:
            raise _no_feed()
        return feed

    async def _read(self, feed: Feed, body: bytes) -> Draft:
        """In a thread: a large file takes seconds, in which others want their answers."""
        try:
            return await asyncio.to_thread(self.parse, body, feed.name, feed.format)
        except EmptyScheduleError:
            # That a schedule should have no session any more is for its organizers to say.
            return Draft(feed.format or "empty", feed.name)

    async def _compared(self, feed: Feed, draft: Draft, *, bare: bool = True) -> ImportReport:
        async with self.store.read_transaction() as work:
            old = await work.conferences.load(feed.conference)
        return compared(draft, old, feed.conference, self.clock.now(), Terms(feed.zone, bare=bare))

    async def _look(self, feed: Feed, asker: int = 0) -> PollResult:
        """One look at a claimed feed, whatever comes of it."""
        try:
            copy = await self.fetch(feed.url, Validators(feed.etag, feed.modified))
            if copy is None or digest_of(copy.body) == feed.digest:
                return await self._settle(feed.unchanged(self.clock.now(), self.jitter()))
            draft = await self._read(feed, copy.body)
            return await self._take_in(feed, copy, draft, asker=asker)
        except ScheduleImportError as fault:
            wait = fault.retry_after if isinstance(fault, FetchError) else None
            log.warning("a feed failed", conference=feed.conference, fault=str(fault), failures=feed.failures + 1)
            return await self._settle(feed.failed(self.clock.now(), self.jitter(), str(fault), wait))

    async def _take_in(
        self, feed: Feed | None, copy: Copy, draft: Draft, *, asker: int = 0, force: bool = False
    ) -> PollResult:
        """Make a copy the schedule, or hold it; either in one transaction that also gives the feed back."""
        if feed is None:
            raise _no_feed()
        now, roll = self.clock.now(), self.jitter()
        read = feed.read(copy.body, copy.validators.etag, copy.validators.modified)
        try:
            async with self.store.write_transaction() as work:
                report = await take_in(work, draft, feed.conference, now, Terms(feed.zone, force=force, bare=True))
                after = read.taken_in(now, roll, report.summary)
                await work.held_copies.put(feed.conference, None)
                await _give_back(work, after)
        except LostLeaseError:
            return await self._as_it_is(feed)
        except ImportHeldError as held:
            return await self._hold(read, copy, held, asker)
        if report.summary:
            log.info("a feed changed", conference=feed.conference, changes=report.summary)
            self.on_change()
        return PollResult(after, report)

    async def _hold(self, feed: Feed, copy: Copy, held: ImportHeldError, asker: int) -> PollResult:
        """Nothing is lost: the old schedule stays, the copy waits, and the organizers are asked once."""
        losing, now = _losing(held), self.clock.now()
        if losing == feed.declined:
            return await self._settle(feed.unchanged(now, self.jitter()))
        waiting = feed.holding(now, self.jitter(), held.why, losing)
        try:
            async with self.store.write_transaction() as work:
                await work.held_copies.put(feed.conference, copy.body)
                await _give_back(work, waiting)
                if not feed.held:
                    await self._ask(work, waiting, asker)
        except LostLeaseError:
            return await self._as_it_is(feed)
        log.warning("a feed is held", conference=feed.conference, why=held.why)
        self.on_change()
        return PollResult(waiting, held.report)

    async def _ask(self, work: UnitOfWork, feed: Feed, asker: int) -> None:
        now = self.clock.now()
        people = await work.people.by_id(feed.organizers)
        asked = [person for person in people.values() if person.id != asker and not person.community.left_at]
        await work.deliveries.add([(person.community, _question(feed, person.id)) for person in asked], now)

    async def _settle(self, feed: Feed) -> PollResult:
        async with self.store.write_transaction() as work:
            mine = await work.feeds.release(feed)
        return PollResult(feed) if mine else await self._as_it_is(feed)

    async def _as_it_is(self, feed: Feed) -> PollResult:
        """What somebody else made of it meanwhile."""
        async with self.store.read_transaction() as work:
            return PollResult(await work.feeds.get(feed.conference) or feed)


@dataclass(frozen=True, slots=True)
class FeedPollJob:
    """The desk as an errand of the ticker's: due feeds are looked at when they are due."""

    desk: FeedService

    async def run_due(self) -> int:
        """Look at what is due."""
        return await self.desk.look_at_due()

    async def next_due(self) -> datetime | None:
        """When there is something to look at next."""
        async with self.desk.store.read_transaction() as work:
            return await work.feeds.next_due()

    def stop(self) -> None:
        """Begin no other look; a look that is broken off has changed nothing."""
        self.desk.stopping.set()


async def _give_back(work: UnitOfWork, feed: Feed) -> None:
    if not await work.feeds.release(feed):
        raise LostLeaseError


def _question(feed: Feed, who: int) -> Nudge:
    at = feed.held_at or feed.due_at
    facts = {"conference": feed.conference, "why": feed.held}
    return Nudge(NudgeKind.SCHEDULE_HELD, who, feed.conference, int(at.timestamp()), at, at + ASKED_FOR, facts=facts)


def _losing(held: ImportHeldError) -> str:
    """The same for copies that would lose the same sessions, however else they differ."""
    lost = sorted(session.id for session in held.report.difference.removed) if held.report else [str(held)]
    return digest_of("\x1e".join(lost).encode())


def _no_feed() -> BadInputError:
    return BadInputError("This conference has no feed: /schedule import ADDRESS gives it one.")


def _nothing_held() -> BadInputError:
    return BadInputError("Nothing is held: /schedule status shows how the feed fares.")
