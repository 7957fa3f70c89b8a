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
        kept = replace(announcement, id=self.data.new_id())
        self.data.announcements[kept.id] = (kept, None)
        return kept

    async def get(self, id_: int) -> Announcement | None:
        return self.data.announcements.get(id_, (None, None))[0]

    async def save(self, announcement: Announcement, wake_at: datetime | None) -> None:
        if announcement.id in self.data.announcements:
            self.data.announcements[announcement.id] = (announcement, wake_at)

    async def of_community(self, community: int, limit: int) -> Sequence[Announcement]:
        theirs = [each for each, _ in self.data.announcements.values() if each.community == community]
        return sorted(theirs, key=lambda each: -each.id)[:limit]

    async def waiting(self) -> Sequence[Announcement]:
        return [each for _, (each, _) in sorted(self.data.announcements.items()) if each.stage in WAITING]

    async def count_urgent(self, communities: Collection[int], since: datetime) -> Mapping[int, int]:
        known = [each for each, _ in self.data.announcements.values() if each.urgent]
        lately = (each for each in known if each.confirmed_at and each.confirmed_at > since)
        got = Counter(id_ for each in lately for id_ in each.communities)
        return {id_: got[id_] for id_ in communities}

    async def claim(
        self, scopes: Collection[DeliveryFilter], now: datetime, until: datetime, limit: int
    ) -> Sequence[Announcement]:
        due = sorted((wake, each.id) for each, wake in self._within(scopes) if wake and wake <= now)[:limit]
        claimed = [self.data.announcements[id_][0] for id_ in sorted(id_ for _, id_ in due)]
        self.data.announcements |= {each.id: (each, until) for each in claimed}
        return claimed

    async def next_due(self, scopes: Collection[DeliveryFilter]) -> datetime | None:
        return min((wake for _, wake in self._within(scopes) if wake), default=None)

    def _within(self, scopes: Collection[DeliveryFilter]) -> Iterator[tuple[Announcement, datetime | None]]:
        wide = {scope.platform for scope in scopes if scope.community is None}
        narrow = {scope.community for scope in scopes}
        for each, wake in self.data.announcements.values():
            if each.community in narrow or self.data.communities[each.community].platform in wide:
                yield each, wake


@dataclass(frozen=True, slots=True)
class MemoryAudiences:
    """`ports.Audiences` on dicts."""

    data: Data

    async def count(self, communities: Collection[int], conference: str, sieve: AudienceFilter) -> AudienceCount:
        found = sorted(self._in(communities, conference, sieve), key=lambda each: (not each.announcements, each.id))
        people = {(each.community.platform, each.user): each for each in reversed(found)}
        inside = list(people.values())
        agreed = [each for each in inside if each.announcements]
        refused = [each for each in agreed if each.reach.refused and not (each.threads and each.community.reminders)]
        quiet = Counter(str(each.quiet) if each.quiet else "" for each in agreed if each not in refused)
        return AudienceCount(len(inside), len(inside) - len(agreed), len(refused), dict(quiet))

    async def next_page(
        self, communities: Collection[int], conference: str, sieve: AudienceFilter, attendee: int, limit: int
    ) -> Sequence[Attendee]:
        inside = self._in(communities, conference, sieve)
        return [each for each in inside if each.announcements and each.id > attendee][:limit]

    def _in(self, communities: Collection[int], conference: str, sieve: AudienceFilter) -> Iterator[Attendee]:
        for id_ in sorted(self.data.attendees):
            known = self.data.attendee(id_)
            if known.community.id in communities and known.community.left_at is None:
                chosen = tuple(c for (who, slug, _), c in self.data.chosen.items() if (who, slug) == (id_, conference))
                if sieve.passes(Listener(known, chosen, self._organizes(known, sieve.now))):
                    yield known

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
        owed = [each for each in self._of(announcement) if community in (None, each.scope.community)]
        states = Counter(each.delivery.state for each in owed)
        reasons = Counter(each.delivery.error for each in owed if each.delivery.error)
        wakes = [each.wake_at for each in owed if each.wake_at]
        return DeliveryStats(dict(states), dict(reasons), sum(map(self._is_instead, owed)), min(wakes, default=None))

    async def delays(self, announcement: int) -> tuple[timedelta, timedelta] | None:
        arrived = (DeliveryState.SENT, DeliveryState.RECALLED)
        sent = [each.delivery for each in self._of(announcement) if each.delivery.state in arrived]
        late = sorted(each.settled_at - max(each.owed_at, each.nudge.due_at) for each in sent if each.settled_at)
        middle, last = percentile_ranks(len(late))
        return (late[middle], late[last]) if late else None

    async def transition(self, announcement: int, to: DeliveryState, now: datetime, error: str = "") -> int:
        turned = {DeliveryState.HELD: (DeliveryState.OWED,), DeliveryState.OWED: (DeliveryState.HELD,)}
        which = turned.get(to, (DeliveryState.OWED, DeliveryState.HELD))
        found = [each for each in self._of(announcement) if each.delivery.state in which]
        for each in found:
            over = to not in turned
            wake_at = max(each.delivery.nudge.due_at, now) if to is DeliveryState.OWED else None
            known = replace(each.delivery, state=to, settled_at=now if over else None)
            if over and known.possibly_sent:
                known = replace(known, state=DeliveryState.UNCERTAIN)
            elif over:
                known = replace(known, error=error)
            self.data.put(known, each.scope, wake_at)
        return len(found)

    async def next_page(self, announcement: int, delivery: int, limit: int) -> Sequence[Delivery]:
        found = [each.delivery for each in self._of(announcement) if each.delivery.id > delivery]
        return sorted(found, key=lambda each: each.id)[:limit]

    async def record_amendments(self, states: Mapping[int, tuple[DeliveryState, str]]) -> None:
        for each in [each for each in self.data.outbox.values() if each.delivery.id in states]:
            state, error = states[each.delivery.id]
            self.data.put(replace(each.delivery, state=state, error=error), each.scope, each.wake_at)

    def _of(self, announcement: int) -> list[OutboxRow]:
        wanted = (NudgeKind.ANNOUNCEMENT, str(announcement))
        nudges = ((each, each.delivery.nudge) for each in self.data.outbox.values())
        return [each for each, nudge in nudges if (nudge.kind, nudge.subject) == wanted]

    def _is_instead(self, owed: OutboxRow) -> bool:
        reader = self.data.attendees.get(owed.delivery.nudge.attendee)
        thread = reader.reach.thread if reader else ""
        return owed.delivery.state is DeliveryState.SENT and bool(thread) and owed.delivery.channel == thread
