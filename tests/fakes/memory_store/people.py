"""Conferences, communities, attendees, their choices, permissions and links on dicts."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.app.ports import MAX_REFUSED_ENTRIES, ConferenceRecord, DeliveryState, Fellow
from bot.domain.announcements.link import CommunityLink
from bot.domain.announcements.organizer import AuditEntry, Organizer
from bot.domain.attendee.attendee import Attendance, Attendee, Choice, Community, Privacy, Reach
from bot.domain.attendee.block import Block
from bot.domain.attendee.last_notified import LastNotified
from bot.domain.nudges.nudge import NudgeKind
from bot.domain.schedule.conference import Conference, Schedule
from tests.fakes.memory_store.data import Data, OutboxRow, is_open
from tests.fakes.memory_store.walks import forget_walks


@dataclass(frozen=True, slots=True)
class MemoryConferences:
    """`ports.Conferences` on dicts."""

    data: Data

    async def get(self, slug: str) -> Conference | None:
        schedule = self.data.schedules.get(slug)
        return schedule.conference if schedule else None

    async def published(self) -> Sequence[Conference]:
        return await self.available(())

    async def available(self, communities: Collection[int]) -> Sequence[Conference]:
        found = await self.records()
        return [r.conference for r in found if not r.archived and (r.published or r.owner in communities)]

    async def record(self, slug: str) -> ConferenceRecord | None:
        return next((record for record in await self.records() if record.conference.slug == slug), None)

    async def records(self) -> Sequence[ConferenceRecord]:
        schedules = self.data.schedules
        return [ConferenceRecord(schedules[slug].conference, *self.data.states[slug]) for slug in sorted(schedules)]

    async def save_record(self, record: ConferenceRecord) -> None:
        slug = record.conference.slug
        if slug in self.data.schedules:
            self.data.schedules[slug] = replace(self.data.schedules[slug], conference=record.conference)
            self.data.states[slug] = (record.published, record.archived, record.owner)

    async def delete(self, slug: str) -> None:
        data = self.data
        for table in (data.schedules, data.states, data.feeds, data.copies, data.edits):
            table.pop(slug, None)
        data.walk_keys.pop(slug, None)
        data.closed_walks.pop(slug, None)
        data.voices = {name: row for name, row in data.voices.items() if row.conference != slug}
        data.promises = {key: promise for key, promise in data.promises.items() if key[0] != slug}
        data.uploads = {n: upload for n, upload in data.uploads.items() if upload.conference != slug}
        data.chosen = {key: attendance for key, attendance in data.chosen.items() if key[1] != slug}
        data.blocks = {key: block for key, block in data.blocks.items() if key[1] != slug}
        data.feedback = {key: feedback for key, feedback in data.feedback.items() if key[1] != slug}
        data.links = {key: link for key, link in data.links.items() if link.conference != slug}
        for id_, community in data.communities.items():
            data.communities[id_] = replace(community, conference=None) if community.conference == slug else community

    async def load(self, slug: str) -> Schedule | None:
        return self.data.schedules.get(slug)

    async def save(self, schedule: Schedule, stored: Schedule | None = None, owner: int | None = None) -> None:
        del stored
        self.data.states.setdefault(schedule.conference.slug, (owner is None, False, owner))
        self.data.schedules[schedule.conference.slug] = schedule


@dataclass(frozen=True, slots=True)
class MemoryCommunities:
    """`ports.Communities` on dicts."""

    data: Data

    async def get(self, platform: str, tenant: str) -> Community | None:
        for community in self.data.communities.values():
            if (community.platform, community.tenant) == (platform, tenant):
                return community
        return None

    async def add(self, platform: str, tenant: str) -> Community:
        community = await self.get(platform, tenant)
        if community is None:
            community = Community(self.data.new_id(), platform, tenant)
            self.data.communities[community.id] = community
        return community

    async def save(self, community: Community) -> None:
        if community.id not in self.data.communities:
            return
        self.data.communities[community.id] = community
        if community.left_at:
            unsent = (DeliveryState.OWED, DeliveryState.CLAIMED, DeliveryState.HELD)
            outbox = self.data.outbox
            for key in [key for key, row in outbox.items() if row.scope.community == community.id]:
                if outbox[key].delivery.state in unsent:
                    del outbox[key]

    async def by_id(self, communities: Collection[int]) -> Mapping[int, Community]:
        return {id_: self.data.communities[id_] for id_ in communities if id_ in self.data.communities}

    async def on_platform(self, platform: str) -> Sequence[Community]:
        return [
            community
            for _, community in sorted(self.data.communities.items())
            if community.platform == platform and is_open(community)
        ]

    async def with_digest(self) -> Sequence[Community]:
        return [
            community
            for _, community in sorted(self.data.communities.items())
            if community.digest and is_open(community)
        ]

    async def by_page(self, page: str) -> Community | None:
        return next(
            (
                community
                for community in self.data.communities.values()
                if community.page == page and is_open(community)
            ),
            None,
        )

    async def pin(self, slug: str) -> None:
        used = {attendee.community.id for attendee in self.data.attendees.values()}
        for id_, community in self.data.communities.items():
            if community.conference is None and id_ in used:
                self.data.communities[id_] = replace(community, conference=slug)

    async def following(self, slug: str) -> Sequence[Community]:
        return [
            community
            for _, community in sorted(self.data.communities.items())
            if community.conference == slug and is_open(community)
        ]

    async def of_user(self, platform: str, user: str) -> Sequence[Community]:
        theirs = [self.data.attendee(id_) for id_, attendee in self.data.attendees.items() if attendee.user == user]
        there = [
            attendee for attendee in theirs if attendee.community.platform == platform and is_open(attendee.community)
        ]
        there.sort(key=lambda attendee: (not attendee.current, attendee.community.id))
        return [attendee.community for attendee in there]

    async def forget_left(self, before: datetime) -> int:
        gone = [
            id_ for id_, community in self.data.communities.items() if community.left_at and community.left_at < before
        ]
        people = MemoryPeople(self.data)
        for id_ in gone:
            del self.data.communities[id_]
            forget_community(self.data, id_)
            states = self.data.states.items()
            self.data.states = {slug: (p, a, None if o == id_ else o) for slug, (p, a, o) in states}
            forget_links(self.data, id_)
            self.data.uploads = {n: upload for n, upload in self.data.uploads.items() if upload.community != id_}
            for attendee in [attendee for attendee in self.data.attendees.values() if attendee.community.id == id_]:
                people.remove(attendee.id)
            for key in [key for key, row in self.data.outbox.items() if row.scope.community == id_]:
                del self.data.outbox[key]
            self._forget_announced(id_)
        return len(gone)

    def _forget_announced(self, community: int) -> None:
        data = self.data
        gone = {str(id_) for id_, announced in data.announcements.items() if announced[0].community == community}
        for key in [key for key, row in data.outbox.items() if _announces(row, gone)]:
            del data.outbox[key]
        data.announcements = {
            id_: announced for id_, announced in data.announcements.items() if announced[0].community != community
        }


@dataclass(frozen=True, slots=True)
class MemoryPeople:
    """`ports.People` on dicts."""

    data: Data

    async def find(self, platform: str, tenant: str, user: str) -> Attendee | None:
        for attendee in self.data.attendees.values():
            lives_in = attendee.community
            if (lives_in.platform, lives_in.tenant, attendee.user) == (platform, tenant, user):
                return self.data.attendee(attendee.id)
        return None

    async def join(self, platform: str, tenant: str, user: str, name: str = "") -> Attendee:
        attendee = await self.find(platform, tenant, user)
        if attendee is None:
            lives_in = await MemoryCommunities(self.data).add(platform, tenant)
            attendee = Attendee(self.data.new_id(), lives_in, user, name)
            await self.set_current(attendee)
        attendee = replace(attendee, name=name or attendee.name)
        self.data.attendees[attendee.id] = attendee
        return attendee

    async def by_id(self, attendees: Collection[int]) -> Mapping[int, Attendee]:
        return {id_: self.data.attendee(id_) for id_ in attendees if id_ in self.data.attendees}

    async def save(self, attendee: Attendee) -> None:
        stored = self.data.attendees.get(attendee.id)
        if stored:
            self.data.attendees[attendee.id] = replace(attendee, reach=stored.reach, current=stored.current)

    async def save_reach(self, reaches: Mapping[int, Reach]) -> None:
        for id_, reach in reaches.items():
            if id_ in self.data.attendees:
                self.data.attendees[id_] = replace(self.data.attendees[id_], reach=reach)

    async def set_current(self, attendee: Attendee) -> None:
        for id_, stored in list(self.data.attendees.items()):
            if (stored.user, stored.community.platform) == (attendee.user, attendee.community.platform):
                self.data.attendees[id_] = replace(stored, current=id_ == attendee.id)

    async def forget(self, attendee: Attendee) -> None:
        person = (attendee.community.platform, attendee.user)
        attendees = self.data.attendees.items()
        theirs = [id_ for id_, member in attendees if (member.community.platform, member.user) == person]
        for number, (announcement, wake_at) in list(self.data.announcements.items()):
            if announcement.author in theirs:
                del self.data.announcements[number]
                if left := announcement.without_author():
                    self.data.announcements[number] = (left, wake_at)
        for id_ in theirs:
            self.remove(id_)
        forget_organizer(self.data, *person)
        forget_walks(self.data, *person)

    def remove(self, attendee: int) -> None:
        del self.data.attendees[attendee]
        self.data.addresses.pop(attendee, None)
        for conference, edits in self.data.edits.items():
            self.data.edits[conference] = tuple(
                replace(edit, organizer=None) if edit.organizer == attendee else edit for edit in edits
            )
        for key in [key for key in self.data.chosen if key[0] == attendee]:
            del self.data.chosen[key]
        self.data.feedback = {key: feedback for key, feedback in self.data.feedback.items() if key[0] != attendee}
        self.data.blocks = {key: block for key, block in self.data.blocks.items() if key[0] != attendee}
        for name in [name for name, row in self.data.outbox.items() if row.delivery.nudge.attendee == attendee]:
            del self.data.outbox[name]


def _announces(owed: OutboxRow, numbers: Collection[str]) -> bool:
    nudge = owed.delivery.nudge
    return nudge.kind is NudgeKind.ANNOUNCEMENT and nudge.subject in numbers


CHUNK = 500


@dataclass(frozen=True, slots=True)
class MemoryBlocks:
    """`ports.Blocks` on a dict."""

    data: Data

    async def of_attendees(self, attendees: Collection[int], conference: str) -> Mapping[int, Sequence[Block]]:
        found: dict[int, list[Block]] = {}
        for (who, where, _), block in sorted(self.data.blocks.items(), key=lambda item: item[1].starts_at):
            if who in attendees and where == conference:
                found.setdefault(who, []).append(block)
        return found

    async def add(self, attendee: int, conference: str, block: Block) -> Block:
        added = replace(block, number=self.data.new_id())
        self.data.blocks[attendee, conference, added.number] = added
        return added

    async def remove(self, attendee: int, conference: str, number: int) -> bool:
        return self.data.blocks.pop((attendee, conference, number), None) is not None


@dataclass(frozen=True, slots=True)
class MemoryAttendances:
    """`ports.Attendances` on dicts."""

    data: Data

    async def of_attendee(self, attendee: int, conference: str) -> Sequence[Attendance]:
        return [attendance for key, attendance in sorted(self.data.chosen.items()) if key[:2] == (attendee, conference)]

    async def put(self, attendee: int, conference: str, attendance: Attendance) -> None:
        self.data.chosen[attendee, conference, attendance.session] = attendance

    async def count_seated(self, conference: str) -> int:
        return len(
            {
                who
                for (who, slug, _), attendance in self.data.chosen.items()
                if slug == conference and attendance.reserved
            }
        )

    async def save_last_notified(self, conference: str, states: Mapping[tuple[int, str], LastNotified]) -> None:
        for (attendee, session), knows in states.items():
            if chosen := self.data.chosen.get((attendee, conference, session)):
                self.data.chosen[attendee, conference, session] = replace(chosen, last_notified=knows)

    async def remove(self, attendee: int, conference: str, session: str) -> bool:
        return self.data.chosen.pop((attendee, conference, session), None) is not None

    async def going(self, community: int, conference: str, session: str) -> tuple[int, Sequence[Fellow]]:
        going = [
            self.data.attendees[who]
            for (who, where, what), attendance in self.data.chosen.items()
            if (where, what, attendance.choice) == (conference, session, Choice.GOING)
        ]
        here = [attendee for attendee in going if attendee.community.id == community]
        shown = [attendee for attendee in here if attendee.privacy is Privacy.COMMUNITY]
        shown.sort(key=lambda attendee: (attendee.name or attendee.user, attendee.id))
        return len(here), [Fellow(attendee.user, attendee.name) for attendee in shown]

    async def everyone(
        self, conference: str, sessions: Collection[str] | None = None, community: int | None = None
    ) -> AsyncIterator[Sequence[tuple[Attendee, Sequence[Attendance]]]]:
        ids = sorted(
            {
                who
                for who, where, what in self.data.chosen
                if where == conference and (sessions is None or what in sessions) and self._lives(who, community)
            }
        )
        for start in range(0, len(ids), CHUNK):
            yield [
                (self.data.attendee(id_), await self.of_attendee(id_, conference)) for id_ in ids[start : start + CHUNK]
            ]

    def _lives(self, who: int, community: int | None) -> bool:
        lives_in = self.data.attendee(who).community
        return is_open(lives_in) if community is None else lives_in.id == community


@dataclass(frozen=True, slots=True)
class MemoryOrganizers:
    """`ports.Organizers` on a dict."""

    data: Data

    async def is_organizer(self, community: int, user: str, at: datetime) -> bool:
        organizer = self.data.organizers.get((community, user))
        return organizer is not None and organizer.is_valid_at(at)

    async def of_community(self, community: int) -> Sequence[Organizer]:
        here = [organizer for (where, _), organizer in self.data.organizers.items() if where == community]
        return sorted(here, key=lambda organizer: (organizer.since, organizer.user))

    async def add(self, community: int, organizer: Organizer) -> None:
        self.data.organizers[community, organizer.user] = organizer

    async def remove(self, community: int, user: str) -> bool:
        return self.data.organizers.pop((community, user), None) is not None


@dataclass(frozen=True, slots=True)
class MemoryAudit:
    """`ports.Audit` on a dict."""

    data: Data

    async def add(self, community: int, entry: AuditEntry) -> int:
        audit_entries, new = self.data.audit_entries, self.data.new_id()
        audit_entries[new] = (community, entry)
        refused = [id_ for id_, (where, record) in audit_entries.items() if where == community and not record.allowed]
        for id_ in refused[:-MAX_REFUSED_ENTRIES]:
            del audit_entries[id_]
        return new

    async def mark_failed(self, entry: int) -> None:
        where, logged = self.data.audit_entries[entry]
        self.data.audit_entries[entry] = (where, replace(logged, failed=True))

    async def latest(self, community: int, limit: int) -> Sequence[AuditEntry]:
        return self._of(community)[:limit]

    async def by_user(self, community: int, user: str) -> Sequence[AuditEntry]:
        return [entry for entry in self._of(community) if entry.user == user]

    def _of(self, community: int) -> list[AuditEntry]:
        return [entry for where, entry in reversed(self.data.audit_entries.values()) if where == community]


def forget_organizer(data: Data, platform: str, user: str) -> None:
    """Take somebody out: their right goes, what they did stays and says no longer who it was."""
    there = {id_ for id_, community in data.communities.items() if community.platform == platform}
    for key in [key for key in data.organizers if key[0] in there and key[1] == user]:
        del data.organizers[key]
    for id_, (where, entry) in data.audit_entries.items():
        if where in there:
            anonymized = entry.without_doer() if entry.user == user else entry
            anonymized = anonymized.without_concerned() if entry.whom == user else anonymized
            data.audit_entries[id_] = (where, anonymized)


def forget_community(data: Data, community: int) -> None:
    """Who organized it, and what they did, goes with it."""
    for key in [key for key in data.organizers if key[0] == community]:
        del data.organizers[key]
    for id_ in [id_ for id_, (where, _) in data.audit_entries.items() if where == community]:
        del data.audit_entries[id_]


@dataclass(frozen=True, slots=True)
class MemoryLinks:
    """`ports.Links` on dicts."""

    data: Data

    async def all(self, community: int | None = None) -> Sequence[CommunityLink]:
        found = [link for link in self.data.links.values() if community in (None, link.one, link.other)]
        return sorted(found, key=lambda link: (link.since, link.one, link.other))

    async def add(self, link: CommunityLink) -> None:
        self.data.links[link.one, link.other] = link

    async def remove(self, link: CommunityLink) -> bool:
        return self.data.links.pop((link.one, link.other), None) is not None

    async def add_offer(self, community: int, digest: str, until: datetime) -> None:
        self.data.offers[community] = (digest, until)

    async def find_offer(self, digest: str, now: datetime) -> int | None:
        return next((who for who, offer in self.data.offers.items() if offer[0] == digest and offer[1] > now), None)

    async def accept_offer(self, digest: str, now: datetime) -> int | None:
        who = await self.find_offer(digest, now)
        if who is not None:
            del self.data.offers[who]
        return who


def forget_links(data: Data, community: int) -> None:
    """Its links, and what it offers, go with a community."""
    data.links = {pair: link for pair, link in data.links.items() if community not in pair}
    data.offers.pop(community, None)
