"""Polls feeds: fetches, compares, imports or holds the copy, and asks organizers.

The database decides which process polls a feed: a claim is a lease, and the transaction that imports a copy also
releases the lease. A process that lost the lease changes nothing. Whatever goes wrong with a copy, the stored schedule
stays, the feed is marked as failing, and its organizers hear once that it fails and once that it works again.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import structlog

from bot.app.ports import Clock, Copy, Fetcher, Parser, PollResult, Store, UnitOfWork, Validators
from bot.app.schedules.consent import agree
from bot.app.schedules.importer import ImportHeldError, ImportOptions, compared_with_stored, import_draft
from bot.app.text import s
from bot.domain.attendee.attendee import Attendee
from bot.domain.errors import BadInputError, EmptyScheduleError, FetchError, ScheduleImportError, StoreError
from bot.domain.imports.draft import Draft
from bot.domain.imports.feed import Feed, digest_of
from bot.domain.imports.report import ImportReport
from bot.domain.nudges.nudge import Nudge, NudgeKind

ASKED_FOR = timedelta(days=1)
"""Expiry of the question about a held copy, and of the notice about an outage."""
AT_ONCE = 4
"""Feeds polled at the same time: one that takes long to fail does not delay the others."""
NOT_STORED = "The new version could not be stored: the database refused it. The log of Hallway says why."
NOT_READ = "The new version could not be read: it made Hallway fail. The log of Hallway says how."

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
        """Poll every feed that is due; returns how many were polled.

        Raises:
            StoreError: the database is unavailable; feeds that were being polled have been finished.
        """
        counts = await asyncio.gather(*(self._poll_due() for _ in range(AT_ONCE)), return_exceptions=True)
        for count in counts:
            if isinstance(count, BaseException):
                raise count
        return sum(count for count in counts if isinstance(count, int))

    async def _poll_due(self) -> int:
        polled = 0
        while not self.stopping.is_set() and (feed := await self._claim()):
            await self._poll(feed)
            polled += 1
        return polled

    async def follow(self, feed: Feed, asker: int) -> PollResult:
        """Fetch and import a feed with a new address; the feed is stored only if its copy can be read.

        Following a feed is consent to direct messages, which ask about it.
        """
        copy = await self.fetch(feed.url, Validators())
        copy = copy or Copy(b"")
        draft = await self._read(feed, copy.body)
        await self._compared(feed, draft, bare=False)
        async with self.store.write_transaction() as work:
            await work.feeds.save(feed)
            await agree(work, asker, self.clock.now())
        claimed = await self._claim_named(feed.conference)
        return await self._attempt(claimed, self._import(claimed, copy, draft, asker=asker), asker)

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
        copy = Copy(body, Validators(feed.etag, feed.modified))
        return await self._attempt(feed, self._import(feed, copy, draft, force=True))

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
        try:
            return await self.parse(body, feed.name, feed.format)
        except EmptyScheduleError:
            # Organizers decide whether a schedule has no sessions any more.
            return Draft(feed.format or "empty", feed.name)

    async def _compared(self, feed: Feed, draft: Draft, *, bare: bool = True) -> ImportReport:
        async with self.store.read_transaction() as work:
            terms = ImportOptions(feed.zone, bare=bare)
            return await compared_with_stored(work, draft, feed.conference, self.clock.now(), terms)

    async def _poll(self, feed: Feed, asker: int = 0) -> PollResult:
        return await self._attempt(feed, self._take_newest(feed, asker), asker)

    async def _take_newest(self, feed: Feed, asker: int) -> PollResult:
        copy = await self.fetch(feed.url, Validators(feed.etag, feed.modified))
        if copy is None or digest_of(copy.body) == feed.digest:
            return await self._release(feed, feed.unchanged(self.clock.now(), self.jitter()), asker)
        return await self._import(feed, copy, await self._read(feed, copy.body), asker=asker)

    async def _attempt(self, feed: Feed, attempt: Awaitable[PollResult], asker: int = 0) -> PollResult:
        """Await the work on a claimed feed; an error becomes the state of the feed."""
        try:
            return await attempt
        except ScheduleImportError as error:
            fault, wait = str(error), error.retry_after if isinstance(error, FetchError) else None
        except StoreError as error:
            log.warning("a copy was not stored", conference=feed.conference, fault=str(error))
            fault, wait = NOT_STORED, None
        # One broken feed must not stop the others, for any answer of its server and any error that follows.
        except Exception:
            log.exception("a feed failed in an unknown way", conference=feed.conference)
            fault, wait = NOT_READ, None
        failing = feed.failed(self.clock.now(), self.jitter(), fault, wait)
        log.warning("a feed failed", conference=feed.conference, fault=failing.fault, failures=failing.failures)
        return await self._release(feed, failing, asker)

    async def _import(self, feed: Feed, copy: Copy, draft: Draft, *, asker: int = 0, force: bool = False) -> PollResult:
        """Import a copy or hold it, in one transaction that also releases the feed."""
        now, roll = self.clock.now(), self.jitter()
        read = feed.read(copy.body, copy.validators.etag, copy.validators.modified)
        try:
            async with self.store.write_transaction() as work:
                report = await import_draft(
                    work,
                    draft,
                    feed.conference,
                    now,
                    ImportOptions(feed.zone, force=force, bare=True, owner=feed.community),
                )
                after = read.imported(now, roll, report.summary)
                await work.held_copies.put(feed.conference, None)
                await self._release_in(work, feed, after, asker)
        except LostLeaseError:
            return await self._as_it_is(feed)
        except ImportHeldError as held:
            return await self._hold(read, copy, held, asker)
        if report.summary:
            log.info("a feed changed", conference=feed.conference, changes=report.summary)
        if report.summary or _notice(feed, after):
            self.on_change()
        return PollResult(after, report)

    async def _hold(self, feed: Feed, copy: Copy, held: ImportHeldError, asker: int) -> PollResult:
        """Keep the old schedule, store the copy, and ask the organizers once."""
        losing, now = _losing(held), self.clock.now()
        if losing == feed.declined:
            return await self._release(feed, feed.unchanged(now, self.jitter()), asker)
        waiting = feed.holding(now, self.jitter(), held.why, losing)
        try:
            async with self.store.write_transaction() as work:
                await work.held_copies.put(feed.conference, copy.body)
                await self._release_in(work, feed, waiting, asker)
                if not feed.held:
                    asked = await self._organizers(work, feed, asker)
                    owed = [(person.community, _question(waiting, person.id)) for person in asked]
                    await work.deliveries.add(owed, now)
        except LostLeaseError:
            return await self._as_it_is(feed)
        log.warning("a feed is held", conference=feed.conference, why=held.why)
        self.on_change()
        return PollResult(waiting, held.report)

    async def _organizers(self, work: UnitOfWork, feed: Feed, asker: int) -> list[Attendee]:
        """Return the people who decide about the feed and may get direct messages.

        The `asker` is left out, because the answer shows the state.
        """
        people = await work.people.by_id(feed.organizers)
        return [person for person in people.values() if person.id != asker and person.may_be_asked]

    async def _release(self, before: Feed, feed: Feed, asker: int) -> PollResult:
        """Store the state of a claimed feed, and nothing if the claim was lost."""
        try:
            async with self.store.write_transaction() as work:
                await self._release_in(work, before, feed, asker)
        except LostLeaseError:
            return await self._as_it_is(feed)
        if _notice(before, feed):
            self.on_change()
        return PollResult(feed)

    async def _release_in(self, work: UnitOfWork, before: Feed, feed: Feed, asker: int) -> None:
        """Store the feed and add the notice that an outage began or ended; raises `LostLeaseError`."""
        if not await work.feeds.release(feed):
            raise LostLeaseError
        kind = _notice(before, feed)
        if kind is None:
            return
        now = self.clock.now()
        conference = await work.conferences.get(feed.conference)
        zone = conference.tz if conference else UTC
        owed = []
        for person in await self._organizers(work, feed, asker):
            quiet_until = person.quiet.end_after(now, zone) if person.quiet else None
            owed.append((person.community, _about_outage(kind, before, feed, person.id, quiet_until or now)))
        await work.deliveries.add(owed, now)

    async def _as_it_is(self, feed: Feed) -> PollResult:
        """Return the feed as another process stored it."""
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


def _notice(before: Feed, after: Feed) -> NudgeKind | None:
    """Whether an outage began or ended between two states of a feed."""
    if after.failures:
        began = after.outage_at is not None and not (before.failures and before.outage_at)
        return NudgeKind.SCHEDULE_FAILING if began else None
    return NudgeKind.SCHEDULE_RECOVERED if before.failures and before.outage_at else None


def _about_outage(kind: NudgeKind, before: Feed, after: Feed, attendee: int, due_at: datetime) -> Nudge:
    since = int((after.failing_at or before.failing_at or due_at).timestamp())
    facts: dict[str, str | int] = {"conference": after.conference, "since": since, "why": after.fault}
    return Nudge(kind, attendee, after.conference, since, due_at, due_at + ASKED_FOR, facts)


def _question(feed: Feed, attendee: int) -> Nudge:
    at = feed.held_at or feed.due_at
    facts = {"conference": feed.conference, "why": feed.held}
    return Nudge(
        NudgeKind.SCHEDULE_HELD, attendee, feed.conference, int(at.timestamp()), at, at + ASKED_FOR, facts=facts
    )


def _losing(held: ImportHeldError) -> str:
    """Return a digest of the sessions that a held copy would remove, or else of the reason for holding it."""
    lost = sorted(session.id for session in held.report.difference.removed) if held.report else [str(held)]
    # The numbers in the reason change while sessions begin.
    lost = lost or ["".join(char for char in held.why if not char.isdigit())]
    return digest_of("\x1e".join(lost).encode())


def _no_feed() -> BadInputError:
    return BadInputError(s("This conference has no feed. To add one: /schedule import ADDRESS"))


def _nothing_held() -> BadInputError:
    return BadInputError(s("No new version is waiting for a decision. See /schedule status."))
