"""Polls feeds: fetches, compares, imports or holds the copy, and asks organizers.

The database decides which process polls a feed: a claim is a lease, and the transaction that imports a copy also
releases the lease. A process that lost the lease changes nothing.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from bot.app.ports import Clock, Copy, Fetcher, Parser, PollResult, Store, UnitOfWork, Validators
from bot.app.schedules.importer import ImportHeldError, ImportOptions, compared_with_stored, import_draft
from bot.domain.errors import BadInputError, EmptyScheduleError, FetchError, ScheduleImportError
from bot.domain.imports.draft import Draft
from bot.domain.imports.feed import Feed, digest_of
from bot.domain.imports.report import ImportReport
from bot.domain.nudges.nudge import Nudge, NudgeKind

ASKED_FOR = timedelta(days=1)
"""Expiry of the question about a held copy."""

log = structlog.get_logger("hallway.feeds")


class LostLeaseError(Exception):
    """Another process has taken over the feed; the transaction is rolled back."""


@dataclass(frozen=True, slots=True)
class FeedService:
    """`ports.FeedManager`. `jitter` returns a float in [0, 1); `on_change` is called when a delivery was added."""

    store: Store
    clock: Clock
    fetch: Fetcher
    parse: Parser
    jitter: Callable[[], float]
    on_change: Callable[[], None]
    lease: timedelta = timedelta(minutes=2)
    stopping: asyncio.Event = field(default_factory=asyncio.Event)

    async def poll_due(self) -> int:
        """Poll every feed that is due; returns how many were polled."""
        polled = 0
        while not self.stopping.is_set() and (feed := await self._claim()):
            await self._poll(feed)
            polled += 1
        return polled

    async def follow(self, feed: Feed, asker: int) -> PollResult:
        """Fetch and import a feed with a new address; the feed is stored only if its copy can be read."""
        copy = await self.fetch(feed.url, Validators())
        copy = copy or Copy(b"")
        draft = await self._read(feed, copy.body)
        await self._compared(feed, draft, bare=False)
        async with self.store.write_transaction() as work:
            await work.feeds.save(feed)
        claimed = await self._claim(feed.conference)
        return await self._import(claimed, copy, draft, asker=asker)

    async def refresh(self, conference: str, asker: int) -> PollResult:
        """Poll a feed now, due or not; all organizers but the `asker` are asked about a held copy."""
        return await self._poll(await self._claim_named(conference), asker)

    async def compare(self, conference: str) -> ImportReport:
        """Report what importing the held copy, or else the newest one, would change; nothing is stored."""
        async with self.store.read_transaction() as work:
            feed, body = await work.feeds.get(conference), await work.held_copies.get(conference)
        if feed is None:
            raise _no_feed()
        if body is None:
            copy = await self.fetch(feed.url, Validators())
            body = copy.body if copy else b""
        return await self._compared(feed, await self._read(feed, body))

    async def apply(self, conference: str) -> PollResult:
        """Import the copy of the schedule that waits for an organizer's confirmation."""
        async with self.store.read_transaction() as work:
            body = await work.held_copies.get(conference)
        if body is None:
            raise _nothing_held()
        feed = await self._claim_named(conference)
        draft = await self._read(feed, body)
        return await self._import(feed, Copy(body, Validators(feed.etag, feed.modified)), draft, force=True)

    async def decline_held(self, conference: str) -> Feed:
        """Discard the held copy, and later copies that would lose the same sessions."""
        async with self.store.write_transaction() as work:
            feed = await work.feeds.get(conference)
            if feed is None or not feed.held:
                raise _nothing_held()
            await work.feeds.save(feed.held_declined())
            await work.held_copies.put(conference, None)
        return feed.held_declined()

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
        """Parse in a thread: a large file takes seconds, which would delay other answers."""
        try:
            return await asyncio.to_thread(self.parse, body, feed.name, feed.format)
        except EmptyScheduleError:
            # Organizers decide whether a schedule has no sessions any more.
            return Draft(feed.format or "empty", feed.name)

    async def _compared(self, feed: Feed, draft: Draft, *, bare: bool = True) -> ImportReport:
        async with self.store.read_transaction() as work:
            terms = ImportOptions(feed.zone, bare=bare)
            return await compared_with_stored(work, draft, feed.conference, self.clock.now(), terms)

    async def _poll(self, feed: Feed, asker: int = 0) -> PollResult:
        """Poll a claimed feed; an import error becomes the state of the feed."""
        try:
            copy = await self.fetch(feed.url, Validators(feed.etag, feed.modified))
            if copy is None or digest_of(copy.body) == feed.digest:
                return await self._release(feed.unchanged(self.clock.now(), self.jitter()))
            draft = await self._read(feed, copy.body)
            return await self._import(feed, copy, draft, asker=asker)
        except ScheduleImportError as error:
            wait = error.retry_after if isinstance(error, FetchError) else None
            log.warning("a feed failed", conference=feed.conference, fault=str(error), failures=feed.failures + 1)
            return await self._release(feed.failed(self.clock.now(), self.jitter(), str(error), wait))

    async def _import(
        self, feed: Feed | None, copy: Copy, draft: Draft, *, asker: int = 0, force: bool = False
    ) -> PollResult:
        """Import a copy or hold it, in one transaction that also releases the feed."""
        if feed is None:
            raise _no_feed()
        now, roll = self.clock.now(), self.jitter()
        read = feed.read(copy.body, copy.validators.etag, copy.validators.modified)
        try:
            async with self.store.write_transaction() as work:
                report = await import_draft(
                    work, draft, feed.conference, now, ImportOptions(feed.zone, force=force, bare=True)
                )
                after = read.imported(now, roll, report.summary)
                await work.held_copies.put(feed.conference, None)
                await _release_or_fail(work, after)
        except LostLeaseError:
            return await self._as_it_is(feed)
        except ImportHeldError as held:
            return await self._hold(read, copy, held, asker)
        if report.summary:
            log.info("a feed changed", conference=feed.conference, changes=report.summary)
            self.on_change()
        return PollResult(after, report)

    async def _hold(self, feed: Feed, copy: Copy, held: ImportHeldError, asker: int) -> PollResult:
        """Keep the old schedule, store the copy, and ask the organizers once."""
        losing, now = _losing(held), self.clock.now()
        if losing == feed.declined:
            return await self._release(feed.unchanged(now, self.jitter()))
        waiting = feed.holding(now, self.jitter(), held.why, losing)
        try:
            async with self.store.write_transaction() as work:
                await work.held_copies.put(feed.conference, copy.body)
                await _release_or_fail(work, waiting)
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

    async def _release(self, feed: Feed) -> PollResult:
        async with self.store.write_transaction() as work:
            mine = await work.feeds.release(feed)
        return PollResult(feed) if mine else await self._as_it_is(feed)

    async def _as_it_is(self, feed: Feed) -> PollResult:
        """Return the feed as another process left it."""
        async with self.store.read_transaction() as work:
            return PollResult(await work.feeds.get(feed.conference) or feed)


@dataclass(frozen=True, slots=True)
class FeedPollJob:
    """The feed service as a background job."""

    feeds: FeedService

    async def run_due(self) -> int:
        """Poll the feeds that are due."""
        return await self.feeds.poll_due()

    async def next_due(self) -> datetime | None:
        """When a feed is due next."""
        async with self.feeds.store.read_transaction() as work:
            return await work.feeds.next_due()

    def stop(self) -> None:
        """Stop polling. A cancelled poll has no side effects."""
        self.feeds.stopping.set()


async def _release_or_fail(work: UnitOfWork, feed: Feed) -> None:
    if not await work.feeds.release(feed):
        raise LostLeaseError


def _question(feed: Feed, who: int) -> Nudge:
    at = feed.held_at or feed.due_at
    facts = {"conference": feed.conference, "why": feed.held}
    return Nudge(NudgeKind.SCHEDULE_HELD, who, feed.conference, int(at.timestamp()), at, at + ASKED_FOR, facts=facts)


def _losing(held: ImportHeldError) -> str:
    """A digest of the sessions that a held copy would remove, equal for copies that remove the same."""
    lost = sorted(session.id for session in held.report.difference.removed) if held.report else [str(held)]
    return digest_of("\x1e".join(lost).encode())


def _no_feed() -> BadInputError:
    return BadInputError("This conference has no feed. To add one: /schedule import ADDRESS")


def _nothing_held() -> BadInputError:
    return BadInputError("No new version is waiting for a decision. See /schedule status.")
