"""The same ports on dicts: for tests and for what need not outlive the process."""

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.app.ports import DeliveryState
from bot.domain.attendee.attendee import Attendee, Community, Reach
from bot.domain.nudges.nudge import NudgeKind
from bot.domain.schedule.conference import Conference, Schedule
from bot.storage.memory_announcing import MemoryAnnouncementDeliveries, MemoryAnnouncements, MemoryAudiences
from bot.storage.memory_attendances import MemoryAttendances
from bot.storage.memory_data import Data, Owed, is_open
from bot.storage.memory_feeds import MemoryFeeds, MemoryHeldCopies
from bot.storage.memory_installations import MemoryInstallations, MemoryOAuthStates
from bot.storage.memory_leases import MemoryLeases
from bot.storage.memory_ledger import MemoryDeadLetterQueue
from bot.storage.memory_linking import MemoryLinks, forget_links
from bot.storage.memory_outbox import MemoryBacklog, MemoryDeliveries
from bot.storage.memory_rights import MemoryAudit, MemoryOrganizers, forget_community, forget_organizer


@dataclass(frozen=True, slots=True)
class MemoryConferences:
    """`ports.Conferences` on dicts."""

    data: Data

    async def get(self, slug: str) -> Conference | None:
        """The conference without its sessions."""
        schedule = self.data.schedules.get(slug)
        return schedule.conference if schedule else None

    async def published(self) -> Sequence[Conference]:
        """By slug."""
        return [self.data.schedules[slug].conference for slug in sorted(self.data.schedules)]

    async def load(self, slug: str) -> Schedule | None:
        """The whole schedule."""
        return self.data.schedules.get(slug)

    async def save(self, schedule: Schedule, stored: Schedule | None = None) -> None:
        """Replaces what was there."""
        del stored
        self.data.schedules[schedule.conference.slug] = schedule


@dataclass(frozen=True, slots=True)
class MemoryCommunities:
    """`ports.Communities` on dicts."""

    data: Data

    async def get(self, platform: str, tenant: str) -> Community | None:
        """The community, if known."""
        for known in self.data.communities.values():
            if (known.platform, known.tenant) == (platform, tenant):
                return known
        return None

    async def add(self, platform: str, tenant: str) -> Community:
        """The community, made if new."""
        known = await self.get(platform, tenant)
        if known is None:
            known = Community(self.data.new_id(), platform, tenant)
            self.data.communities[known.id] = known
        return known

    async def save(self, community: Community) -> None:
        """Nothing happens if there is no such community; what is owed in one that was left goes."""
        if community.id not in self.data.communities:
            return
        self.data.communities[community.id] = community
        if community.left_at:
            unsent = (DeliveryState.OWED, DeliveryState.CLAIMED, DeliveryState.HELD)
            outbox = self.data.outbox
            for key in [key for key, each in outbox.items() if each.scope.community == community.id]:
                if outbox[key].delivery.state in unsent:
                    del outbox[key]

    async def by_id(self, communities: Collection[int]) -> Mapping[int, Community]:
        """Those that exist, by id."""
        return {id_: self.data.communities[id_] for id_ in communities if id_ in self.data.communities}

    async def on(self, platform: str) -> Sequence[Community]:
        """By id."""
        return [
            each for _, each in sorted(self.data.communities.items()) if each.platform == platform and is_open(each)
        ]

    async def with_digest(self) -> Sequence[Community]:
        """By id."""
        return [each for _, each in sorted(self.data.communities.items()) if each.digest and is_open(each)]

    async def of(self, platform: str, user: str) -> Sequence[Community]:
        """The one used last first, then by id."""
        theirs = [self.data.attendee(id_) for id_, each in self.data.attendees.items() if each.user == user]
        there = [each for each in theirs if each.community.platform == platform and is_open(each.community)]
        there.sort(key=lambda each: (not each.current, each.community.id))
        return [each.community for each in there]

    async def forget_left(self, before: datetime) -> int:
        """Attendees, choices and deliveries go with the community."""
        gone = [id_ for id_, each in self.data.communities.items() if each.left_at and each.left_at < before]
        people = MemoryPeople(self.data)
        for id_ in gone:
            del self.data.communities[id_]
            forget_community(self.data, id_)
            forget_links(self.data, id_)
            for attendee in [each for each in self.data.attendees.values() if each.community.id == id_]:
                people.remove(attendee.id)
            for key in [key for key, each in self.data.outbox.items() if each.scope.community == id_]:
                del self.data.outbox[key]
            self._forget_announced(id_)
        return len(gone)

    def _forget_announced(self, community: int) -> None:
        data = self.data
        gone = {str(id_) for id_, each in data.announcements.items() if each[0].community == community}
        for key in [key for key, each in data.outbox.items() if _announces(each, gone)]:
            del data.outbox[key]
        data.announcements = {id_: each for id_, each in data.announcements.items() if each[0].community != community}


@dataclass(frozen=True, slots=True)
class MemoryKeyValueStore:
    """`ports.Marks` on a dict."""

    data: Data

    async def get(self, name: str) -> str:
        """What was put, "" if nothing was."""
        return self.data.marks.get(name, "")

    async def put(self, name: str, value: str) -> None:
        """Add or replace."""
        self.data.marks[name] = value

    async def claim(self, ends: Mapping[str, datetime], now: datetime) -> Collection[str]:
        """Those that nobody has."""
        taken = {name: end for name, end in ends.items() if self.data.claims.get(name, now) <= now}
        self.data.claims |= taken
        return set(taken)

    async def forget_claims(self, now: datetime) -> None:
        """Remove the claims that are over."""
        self.data.claims = {name: end for name, end in self.data.claims.items() if end > now}


@dataclass(frozen=True, slots=True)
class MemoryPeople:
    """`ports.People` on dicts."""

    data: Data

    async def find(self, platform: str, tenant: str, user: str) -> Attendee | None:
        """The attendee, if known."""
        for known in self.data.attendees.values():
            lives_in = known.community
            if (lives_in.platform, lives_in.tenant, known.user) == (platform, tenant, user):
                return self.data.attendee(known.id)
        return None

    async def join(self, platform: str, tenant: str, user: str, name: str = "") -> Attendee:
        """The attendee, made if new."""
        known = await self.find(platform, tenant, user)
        if known is None:
            lives_in = await MemoryCommunities(self.data).add(platform, tenant)
            known = Attendee(self.data.new_id(), lives_in, user, name)
            await self.use(known)
        known = replace(known, name=name or known.name)
        self.data.attendees[known.id] = known
        return known

    async def by_id(self, attendees: Collection[int]) -> Mapping[int, Attendee]:
        """Those that exist, by id."""
        return {id_: self.data.attendee(id_) for id_ in attendees if id_ in self.data.attendees}

    async def save(self, attendee: Attendee) -> None:
        """Nothing happens if the attendee is gone."""
        known = self.data.attendees.get(attendee.id)
        if known:
            self.data.attendees[attendee.id] = replace(attendee, reach=known.reach, current=known.current)

    async def reached(self, reaches: Mapping[int, Reach]) -> None:
        """Those that are gone are passed over."""
        for id_, reach in reaches.items():
            if id_ in self.data.attendees:
                self.data.attendees[id_] = replace(self.data.attendees[id_], reach=reach)

    async def use(self, attendee: Attendee) -> None:
        """The person's other communities are no longer current."""
        for id_, known in list(self.data.attendees.items()):
            if (known.user, known.community.platform) == (attendee.user, attendee.community.platform):
                self.data.attendees[id_] = replace(known, current=id_ == attendee.id)

    async def forget(self, attendee: Attendee) -> None:
        """The attendances and deliveries go with the attendees; what they did as organizers stays without them."""
        person = (attendee.community.platform, attendee.user)
        known = self.data.attendees.items()
        for id_ in [id_ for id_, each in known if (each.community.platform, each.user) == person]:
            self.remove(id_)
        forget_organizer(self.data, *person)

    def remove(self, attendee: int) -> None:
        """Take one attendee out of one community."""
        del self.data.attendees[attendee]
        for key in [key for key in self.data.chosen if key[0] == attendee]:
            del self.data.chosen[key]
        for name in [name for name, each in self.data.outbox.items() if each.delivery.nudge.attendee == attendee]:
            del self.data.outbox[name]


@dataclass(frozen=True, slots=True)
class MemoryUnitOfWork:
    """One transaction on a snapshot."""

    conferences: MemoryConferences
    communities: MemoryCommunities
    people: MemoryPeople
    attendances: MemoryAttendances
    deliveries: MemoryDeliveries
    backlog: MemoryBacklog
    leases: MemoryLeases
    feeds: MemoryFeeds
    copies: MemoryHeldCopies
    ledger: MemoryDeadLetterQueue
    organizers: MemoryOrganizers
    audit: MemoryAudit
    links: MemoryLinks
    marks: MemoryKeyValueStore
    installations: MemoryInstallations
    handshakes: MemoryOAuthStates
    announcements: MemoryAnnouncements
    audiences: MemoryAudiences
    mailings: MemoryAnnouncementDeliveries


@dataclass(slots=True)
class MemoryStore:
    """A store that forgets. Writers take turns; a block that fails changes nothing."""

    _data: Data = field(default_factory=Data)
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    @asynccontextmanager
    async def read_transaction(self) -> AsyncIterator[MemoryUnitOfWork]:
        """What is settled now."""
        yield _work_on(self._data)

    @asynccontextmanager
    async def write_transaction(self) -> AsyncIterator[MemoryUnitOfWork]:
        """The snapshot becomes the data when the block ends well."""
        async with self._turn:
            draft = self._data.snapshot()
            yield _work_on(draft)
            self._data = draft


def _work_on(data: Data) -> MemoryUnitOfWork:
    return MemoryUnitOfWork(
        MemoryConferences(data),
        MemoryCommunities(data),
        MemoryPeople(data),
        MemoryAttendances(data),
        MemoryDeliveries(data),
        MemoryBacklog(data),
        MemoryLeases(data),
        MemoryFeeds(data),
        MemoryHeldCopies(data),
        MemoryDeadLetterQueue(data),
        MemoryOrganizers(data),
        MemoryAudit(data),
        MemoryLinks(data),
        MemoryKeyValueStore(data),
        MemoryInstallations(data),
        MemoryOAuthStates(data),
        MemoryAnnouncements(data),
        MemoryAudiences(data),
        MemoryAnnouncementDeliveries(data),
    )


def _announces(owed: Owed, numbers: Collection[str]) -> bool:
    nudge = owed.delivery.nudge
    return nudge.kind is NudgeKind.ANNOUNCEMENT and nudge.subject in numbers
