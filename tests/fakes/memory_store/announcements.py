"""Announcements, their audiences and their deliveries on dicts."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.app.ports import AudienceCount, Delivery, DeliveryFilter, DeliveryState, DeliveryStats
from bot.app.ports.announcements import RECENT_ORGANIZER, percentile_ranks
from bot.domain.announcements.announcement import WAITING, Announcement
from bot.domain.announcements.audience import AudienceFilter, Listener
from bot.domain.attendee.attendee import Attendee
from bot.domain.nudges.nudge import NudgeKind
from tests.fakes.memory_store.data import Data, OutboxRow


@dataclass(frozen=True, slots=True)
class MemoryAnnouncements:
    """`ports.Announcements` on dicts."""

    data: Data

    async def add(self, announcement: Announcement) -> Announcement:
        stored = replace(announcement, id=self.data.new_id())
        self.data.announcements[stored.id] = (stored, None)
        return stored

    async def get(self, id_: int) -> Announcement | None:
        return self.data.announcements.get(id_, (None, None))[0]

    async def save(self, announcement: Announcement, wake_at: datetime | None) -> None:
        if announcement.id in self.data.announcements:
            self.data.announcements[announcement.id] = (announcement, wake_at)

    async def of_community(self, community: int, limit: int) -> Sequence[Announcement]:
        theirs = [
            announcement for announcement, _ in self.data.announcements.values() if announcement.community == community
        ]
        return sorted(theirs, key=lambda announcement: -announcement.id)[:limit]

    async def waiting(self) -> Sequence[Announcement]:
        return [
            announcement
            for _, (announcement, _) in sorted(self.data.announcements.items())
            if announcement.stage in WAITING
        ]

    async def count_urgent(self, communities: Collection[int], since: datetime) -> Mapping[int, int]:
        urgent = [announcement for announcement, _ in self.data.announcements.values() if announcement.urgent]
        lately = (
            announcement for announcement in urgent if announcement.confirmed_at and announcement.confirmed_at > since
        )
        got = Counter(id_ for announcement in lately for id_ in announcement.communities)
        return {id_: got[id_] for id_ in communities}

    async def claim(
        self, scopes: Collection[DeliveryFilter], now: datetime, until: datetime, limit: int
    ) -> Sequence[Announcement]:
        due = sorted((wake, announcement.id) for announcement, wake in self._within(scopes) if wake and wake <= now)[
            :limit
        ]
        claimed = [self.data.announcements[id_][0] for id_ in sorted(id_ for _, id_ in due)]
        self.data.announcements |= {announcement.id: (announcement, until) for announcement in claimed}
        return claimed

    async def next_due(self, scopes: Collection[DeliveryFilter]) -> datetime | None:
        return min((wake for _, wake in self._within(scopes) if wake), default=None)

    def _within(self, scopes: Collection[DeliveryFilter]) -> Iterator[tuple[Announcement, datetime | None]]:
        wide = {scope.platform for scope in scopes if scope.community is None}
        narrow = {scope.community for scope in scopes}
        for announcement, wake in self.data.announcements.values():
            if announcement.community in narrow or self.data.communities[announcement.community].platform in wide:
                yield announcement, wake


@dataclass(frozen=True, slots=True)
class MemoryAudiences:
    """`ports.Audiences` on dicts."""

    data: Data

    async def count(self, communities: Collection[int], conference: str, sieve: AudienceFilter) -> AudienceCount:
        found = sorted(
            self._in(communities, conference, sieve), key=lambda attendee: (not attendee.announcements, attendee.id)
        )
        people = {(attendee.community.platform, attendee.user): attendee for attendee in reversed(found)}
        inside = list(people.values())
        agreed = [attendee for attendee in inside if attendee.announcements]
        refused = [
            attendee
            for attendee in agreed
            if attendee.reach.refused and not (attendee.threads and attendee.community.reminders)
        ]
        quiet = Counter(str(attendee.quiet) if attendee.quiet else "" for attendee in agreed if attendee not in refused)
        return AudienceCount(len(inside), len(inside) - len(agreed), len(refused), dict(quiet))

    async def next_page(
        self, communities: Collection[int], conference: str, sieve: AudienceFilter, attendee: int, limit: int
    ) -> Sequence[Attendee]:
        inside = self._in(communities, conference, sieve)
        return [person for person in inside if person.announcements and person.id > attendee][:limit]

    def _in(self, communities: Collection[int], conference: str, sieve: AudienceFilter) -> Iterator[Attendee]:
        for id_ in sorted(self.data.attendees):
            attendee = self.data.attendee(id_)
            if attendee.community.id in communities and attendee.community.left_at is None:
                chosen = tuple(c for (who, slug, _), c in self.data.chosen.items() if (who, slug) == (id_, conference))
                if sieve.passes(Listener(attendee, chosen, self._organizes(attendee, sieve.now))):
                    yield attendee

    def _organizes(self, attendee: Attendee, now: datetime) -> bool:
        made = self.data.organizers.get((attendee.community.id, attendee.user))
        lately = (
            entry.user == attendee.user and entry.allowed and entry.at > now - RECENT_ORGANIZER
            for where, entry in self.data.audit_entries.values()
            if where == attendee.community.id
        )
        return (made is not None and made.is_valid_at(now)) or any(lately)


@dataclass(frozen=True, slots=True)
class MemoryAnnouncementDeliveries:
    """`ports.AnnouncementDeliveries` on dicts."""

    data: Data

    async def stats(self, announcement: int, community: int | None = None) -> DeliveryStats:
        owed = [row for row in self._of(announcement) if community in (None, row.scope.community)]
        states = Counter(row.delivery.state for row in owed)
        reasons = Counter(row.delivery.error for row in owed if row.delivery.error)
        wakes = [row.wake_at for row in owed if row.wake_at]
        return DeliveryStats(dict(states), dict(reasons), sum(map(self._is_instead, owed)), min(wakes, default=None))

    async def delays(self, announcement: int) -> tuple[timedelta, timedelta] | None:
        arrived = (DeliveryState.SENT, DeliveryState.RECALLED)
        sent = [row.delivery for row in self._of(announcement) if row.delivery.state in arrived]
        late = sorted(
            delivery.settled_at - max(delivery.owed_at, delivery.nudge.due_at)
            for delivery in sent
            if delivery.settled_at
        )
        middle, last = percentile_ranks(len(late))
        return (late[middle], late[last]) if late else None

    async def transition(self, announcement: int, to: DeliveryState, now: datetime, error: str = "") -> int:
        turned = {DeliveryState.HELD: (DeliveryState.OWED,), DeliveryState.OWED: (DeliveryState.HELD,)}
        which = turned.get(to, (DeliveryState.OWED, DeliveryState.HELD))
        found = [row for row in self._of(announcement) if row.delivery.state in which]
        for row in found:
            over = to not in turned
            wake_at = max(row.delivery.nudge.due_at, now) if to is DeliveryState.OWED else None
            changed = replace(row.delivery, state=to, settled_at=now if over else None)
            if over and changed.possibly_sent:
                changed = replace(changed, state=DeliveryState.UNCERTAIN)
            elif over:
                changed = replace(changed, error=error)
            self.data.put(changed, row.scope, wake_at)
        return len(found)

    async def next_page(self, announcement: int, delivery: int, limit: int) -> Sequence[Delivery]:
        found = [row.delivery for row in self._of(announcement) if row.delivery.id > delivery]
        return sorted(found, key=lambda item: item.id)[:limit]

    async def record_amendments(self, states: Mapping[int, tuple[DeliveryState, str]]) -> None:
        for row in [row for row in self.data.outbox.values() if row.delivery.id in states]:
            state, error = states[row.delivery.id]
            self.data.put(replace(row.delivery, state=state, error=error), row.scope, row.wake_at)

    def _of(self, announcement: int) -> list[OutboxRow]:
        wanted = (NudgeKind.ANNOUNCEMENT, str(announcement))
        nudges = ((row, row.delivery.nudge) for row in self.data.outbox.values())
        return [row for row, nudge in nudges if (nudge.kind, nudge.subject) == wanted]

    def _is_instead(self, owed: OutboxRow) -> bool:
        reader = self.data.attendees.get(owed.delivery.nudge.attendee)
        thread = reader.reach.thread if reader else ""
        return owed.delivery.state is DeliveryState.SENT and bool(thread) and owed.delivery.channel == thread
