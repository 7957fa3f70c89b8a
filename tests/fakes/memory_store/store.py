"""The store: a snapshot for each transaction."""

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.app.ports import Commits, Installation
from bot.domain.imports.edits import SessionEdit
from bot.domain.imports.feed import Feed
from bot.domain.imports.upload import UploadedCopy
from tests.fakes.memory_store.addresses import MemoryAddresses
from tests.fakes.memory_store.announcements import MemoryAnnouncementDeliveries, MemoryAnnouncements, MemoryAudiences
from tests.fakes.memory_store.data import Data
from tests.fakes.memory_store.deliveries import MemoryBacklog, MemoryDeadLetterQueue, MemoryDeliveries, MemoryLeases
from tests.fakes.memory_store.feedback import MemoryFeedback
from tests.fakes.memory_store.numbers import MemoryNumbers
from tests.fakes.memory_store.people import (
    MemoryAttendances,
    MemoryAudit,
    MemoryBlocks,
    MemoryCommunities,
    MemoryConferences,
    MemoryLinks,
    MemoryOrganizers,
    MemoryPeople,
)
from tests.fakes.memory_store.walks import MemoryWalks


@dataclass(frozen=True, slots=True)
class MemoryFeeds:
    """`ports.Feeds` on dicts."""

    data: Data

    async def get(self, conference: str) -> Feed | None:
        stored = self.data.feeds.get(conference)
        return stored[0] if stored else None

    async def all(self) -> Sequence[Feed]:
        return [feed for _, (feed, _) in sorted(self.data.feeds.items())]

    async def save(self, feed: Feed) -> None:
        stored = await self.get(feed.conference)
        leased = replace(feed, lease=stored.lease + 1) if stored else feed
        self.data.feeds[feed.conference] = (leased, feed.due_at)

    async def remove(self, conference: str) -> None:
        self.data.feeds.pop(conference, None)
        self.data.copies.pop(conference, None)

    async def claim(self, now: datetime, until: datetime, conference: str = "") -> Feed | None:
        due = [(wake_at, name) for name, (_, wake_at) in self.data.feeds.items() if wake_at <= now]
        name = conference or min(due, default=(now, ""))[1]
        stored = await self.get(name)
        if stored is None:
            return None
        claimed = replace(stored, lease=stored.lease + 1)
        self.data.feeds[name] = (claimed, until)
        return claimed

    async def release(self, feed: Feed) -> bool:
        stored = await self.get(feed.conference)
        if stored is None or stored.lease != feed.lease:
            return False
        self.data.feeds[feed.conference] = (replace(feed, lease=feed.lease + 1), feed.due_at)
        return True

    async def next_due(self) -> datetime | None:
        return min((wake_at for _, wake_at in self.data.feeds.values()), default=None)


@dataclass(frozen=True, slots=True)
class MemoryHeldCopies:
    """`ports.HeldCopies` on dicts."""

    data: Data

    async def get(self, conference: str) -> bytes | None:
        return self.data.copies.get(conference)

    async def put(self, conference: str, body: bytes | None) -> None:
        self.data.copies.pop(conference, None)
        if body is not None:
            self.data.copies[conference] = body


@dataclass(frozen=True, slots=True)
class MemorySessionEdits:
    """`ports.SessionEdits` on a dict."""

    data: Data

    async def of_conference(self, conference: str) -> Sequence[SessionEdit]:
        return sorted(self.data.edits.get(conference, ()), key=lambda edit: (edit.at, edit.session))

    async def replace(self, conference: str, edits: Sequence[SessionEdit]) -> None:
        self.data.edits[conference] = tuple(edits)


@dataclass(frozen=True, slots=True)
class MemoryUploadedCopies:
    """`ports.UploadedCopies` on a dict."""

    data: Data

    async def add(self, upload: UploadedCopy, expired: datetime) -> int:
        remaining = [
            stored
            for stored in self.data.uploads.values()
            if stored.community != upload.community and stored.at >= expired
        ]
        number = self.data.new_id()
        self.data.uploads = {stored.number: stored for stored in (*remaining, replace(upload, number=number))}
        return number

    async def get(self, number: int) -> UploadedCopy | None:
        return self.data.uploads.get(number)

    async def remove(self, number: int) -> bool:
        return self.data.uploads.pop(number, None) is not None


@dataclass(frozen=True, slots=True)
class MemoryInstallations:
    """`ports.Installations` on dicts."""

    data: Data

    async def get(self, platform: str, tenant: str) -> Installation | None:
        stored = self.data.installations.get((platform, tenant))
        return stored[0] if stored else None

    async def all(self, platform: str) -> Sequence[Installation]:
        installations = [
            installation
            for installation, _ in self.data.installations.values()
            if (installation.platform, installation.org) == (platform, "")
        ]
        return sorted(installations, key=lambda installation: installation.tenant)

    async def save(self, installation: Installation) -> None:
        stored = await self.get(installation.platform, installation.tenant)
        leased = replace(installation, lease=stored.lease + 1) if stored else installation
        self.data.installations[installation.platform, installation.tenant] = (leased, None)

    async def remove(self, platform: str, tenant: str) -> Sequence[str]:
        installations = (
            installation for installation, _ in self.data.installations.values() if installation.platform == platform
        )
        gone = sorted(
            installation.tenant for installation in installations if tenant in (installation.tenant, installation.org)
        )
        for name in gone:
            del self.data.installations[platform, name]
        return gone

    async def claim(self, platform: str, tenant: str, now: datetime, until: datetime) -> Installation | None:
        stored, leased_until = self.data.installations.get((platform, tenant), (None, None))
        if stored is None or (leased_until and leased_until > now):
            return None
        claimed = replace(stored, lease=stored.lease + 1)
        self.data.installations[platform, tenant] = (claimed, until)
        return claimed

    async def release(self, installation: Installation) -> bool:
        stored = await self.get(installation.platform, installation.tenant)
        if stored is None or stored.lease != installation.lease:
            return False
        await self.save(installation)
        return True


@dataclass(frozen=True, slots=True)
class MemoryOAuthStates:
    """`ports.OAuthStates` on a dict."""

    data: Data

    async def issue(self, state: str, browser: str, now: datetime, until: datetime) -> None:
        for over in [name for name, (_, ends_at) in self.data.handshakes.items() if ends_at <= now]:
            del self.data.handshakes[over]
        self.data.handshakes[state] = (browser, until)

    async def consume(self, state: str, browser: str, now: datetime) -> bool:
        whose, ends_at = self.data.handshakes.pop(state, ("", now))
        return whose == browser and ends_at > now


@dataclass(frozen=True, slots=True)
class MemoryKeyValueStore:
    """`ports.Marks` on a dict."""

    data: Data

    async def get(self, name: str) -> str | None:
        return self.data.marks.get(name)

    async def put(self, name: str, value: str) -> None:
        self.data.marks[name] = value


@dataclass(frozen=True, slots=True)
class MemoryIdempotencyKeys:
    """`ports.IdempotencyKeys` on a dict."""

    data: Data

    async def claim(self, ends: Mapping[str, datetime], now: datetime) -> Collection[str]:
        taken = {name: end for name, end in ends.items() if self.data.claims.get(name, now) <= now}
        self.data.claims |= taken
        return set(taken)

    async def remove_expired(self, now: datetime) -> None:
        self.data.claims = {name: end for name, end in self.data.claims.items() if end > now}


@dataclass(frozen=True, slots=True)
class MemoryUnitOfWork:
    """One transaction on a snapshot."""

    conferences: MemoryConferences
    communities: MemoryCommunities
    people: MemoryPeople
    attendances: MemoryAttendances
    addresses: MemoryAddresses
    blocks: MemoryBlocks
    feedback: MemoryFeedback
    deliveries: MemoryDeliveries
    backlog: MemoryBacklog
    leases: MemoryLeases
    feeds: MemoryFeeds
    held_copies: MemoryHeldCopies
    session_edits: MemorySessionEdits
    uploaded_copies: MemoryUploadedCopies
    dead_letters: MemoryDeadLetterQueue
    organizers: MemoryOrganizers
    audit: MemoryAudit
    links: MemoryLinks
    key_values: MemoryKeyValueStore
    idempotency_keys: MemoryIdempotencyKeys
    installations: MemoryInstallations
    oauth_states: MemoryOAuthStates
    announcements: MemoryAnnouncements
    audiences: MemoryAudiences
    announcement_deliveries: MemoryAnnouncementDeliveries
    numbers: MemoryNumbers
    walks: MemoryWalks


@dataclass(slots=True)
class MemoryStore:
    """A store that forgets. Writers take turns; a block that fails changes nothing."""

    _data: Data = field(default_factory=Data)
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    _reading: tuple[Data, MemoryUnitOfWork] | None = None
    """What readers share until somebody writes."""
    commits: Commits = field(default_factory=Commits)

    @asynccontextmanager
    async def read_transaction(self) -> AsyncIterator[MemoryUnitOfWork]:
        if self._reading is None or self._reading[0] is not self._data:
            self._reading = self._data, _work_on(self._data)
        yield self._reading[1]

    @asynccontextmanager
    async def write_transaction(self) -> AsyncIterator[MemoryUnitOfWork]:
        async with self._turn:
            draft = self._data.snapshot()
            yield _work_on(draft)
            self._data = draft
        self.commits.count += 1


def _work_on(data: Data) -> MemoryUnitOfWork:
    return MemoryUnitOfWork(
        conferences=MemoryConferences(data),
        communities=MemoryCommunities(data),
        people=MemoryPeople(data),
        attendances=MemoryAttendances(data),
        addresses=MemoryAddresses(data),
        blocks=MemoryBlocks(data),
        feedback=MemoryFeedback(data),
        deliveries=MemoryDeliveries(data),
        backlog=MemoryBacklog(data),
        leases=MemoryLeases(data),
        feeds=MemoryFeeds(data),
        held_copies=MemoryHeldCopies(data),
        session_edits=MemorySessionEdits(data),
        uploaded_copies=MemoryUploadedCopies(data),
        dead_letters=MemoryDeadLetterQueue(data),
        organizers=MemoryOrganizers(data),
        audit=MemoryAudit(data),
        links=MemoryLinks(data),
        key_values=MemoryKeyValueStore(data),
        idempotency_keys=MemoryIdempotencyKeys(data),
        installations=MemoryInstallations(data),
        oauth_states=MemoryOAuthStates(data),
        announcements=MemoryAnnouncements(data),
        audiences=MemoryAudiences(data),
        announcement_deliveries=MemoryAnnouncementDeliveries(data),
        numbers=MemoryNumbers(data),
        walks=MemoryWalks(data),
    )
