"""The same ports on dicts: for tests and for what need not outlive the process."""

import asyncio
import copy
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.app.ports import Delivery, DeliveryState, Fellow, Outcome, Scope
from bot.domain.attendee import Attendance, Attendee, Choice, Community, Privacy
from bot.domain.nudge import Nudge
from bot.domain.schedule import Conference, Schedule

CHUNK = 500


@dataclass(slots=True)
class _Owed:
    """A delivery with the moment at which somebody has to look at it next, and whose it is."""

    delivery: Delivery
    scope: Scope
    wake_at: datetime | None


@dataclass(slots=True)
class _Data:
    """Everything that is stored. All values are frozen, so a shallow copy of each dict is a snapshot."""

    schedules: dict[str, Schedule] = field(default_factory=dict)
    communities: dict[int, Community] = field(default_factory=dict)
    attendees: dict[int, Attendee] = field(default_factory=dict)
    chosen: dict[tuple[int, str, str], Attendance] = field(default_factory=dict)
    outbox: dict[str, _Owed] = field(default_factory=dict)
    last_id: int = 0

    def new_id(self) -> int:
        self.last_id += 1
        return self.last_id

    def snapshot(self) -> "_Data":
        owed = {key: copy.copy(each) for key, each in self.outbox.items()}
        kept = (dict(self.schedules), dict(self.communities), dict(self.attendees), dict(self.chosen))
        return _Data(*kept, owed, self.last_id)

    def attendee(self, id_: int) -> Attendee:
        """With the community as it is now."""
        known = self.attendees[id_]
        return replace(known, community=self.communities[known.community.id])


@dataclass(frozen=True, slots=True)
class MemoryConferences:
    """`ports.Conferences` on dicts."""

    data: _Data

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

    async def save(self, schedule: Schedule) -> None:
        """Replaces what was there."""
        self.data.schedules[schedule.conference.slug] = schedule


@dataclass(frozen=True, slots=True)
class MemoryPeople:
    """`ports.People` on dicts."""

    data: _Data

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
            known = Attendee(self.data.new_id(), self._community(platform, tenant), user, name)
        known = replace(known, name=name or known.name)
        self.data.attendees[known.id] = known
        return known

    async def following(self, platform: str, tenant: str) -> str | None:
        """The conference that a community chose to follow."""
        for known in self.data.communities.values():
            if (known.platform, known.tenant) == (platform, tenant):
                return known.conference
        return None

    async def follow(self, community: int, conference: str) -> None:
        """Nothing happens if there is no such community."""
        if community in self.data.communities:
            self.data.communities[community] = replace(self.data.communities[community], conference=conference)

    async def by_id(self, attendees: Collection[int]) -> Mapping[int, Attendee]:
        """Those that exist, by id."""
        return {id_: self.data.attendee(id_) for id_ in attendees if id_ in self.data.attendees}

    async def save(self, attendee: Attendee) -> None:
        """Nothing happens if the attendee is gone."""
        if attendee.id in self.data.attendees:
            self.data.attendees[attendee.id] = attendee

    async def forget(self, attendee: int) -> None:
        """The attendances and deliveries go with the attendee."""
        self.data.attendees.pop(attendee, None)
        for key in [key for key in self.data.chosen if key[0] == attendee]:
            del self.data.chosen[key]
        for name in [name for name, each in self.data.outbox.items() if each.delivery.nudge.attendee == attendee]:
            del self.data.outbox[name]

    def _community(self, platform: str, tenant: str) -> Community:
        for known in self.data.communities.values():
            if (known.platform, known.tenant) == (platform, tenant):
                return known
        new = Community(self.data.new_id(), platform, tenant)
        self.data.communities[new.id] = new
        return new


@dataclass(frozen=True, slots=True)
class MemoryAttendances:
    """`ports.Attendances` on dicts."""

    data: _Data

    async def of(self, attendee: int, conference: str) -> Sequence[Attendance]:
        """By session id."""
        return [each for key, each in sorted(self.data.chosen.items()) if key[:2] == (attendee, conference)]

    async def put(self, attendee: int, conference: str, attendance: Attendance) -> None:
        """Add or replace one choice."""
        self.data.chosen[attendee, conference, attendance.session] = attendance

    async def drop(self, attendee: int, conference: str, session: str) -> bool:
        """False if there was none."""
        return self.data.chosen.pop((attendee, conference, session), None) is not None

    async def going(self, community: int, conference: str, session: str) -> tuple[int, Sequence[Fellow]]:
        """All are counted; those of level `community` are named."""
        going = [
            self.data.attendees[who]
            for (who, where, what), each in self.data.chosen.items()
            if (where, what, each.choice) == (conference, session, Choice.GOING)
        ]
        here = [attendee for attendee in going if attendee.community.id == community]
        shown = [attendee for attendee in here if attendee.privacy is Privacy.COMMUNITY]
        shown.sort(key=lambda attendee: (attendee.name or attendee.user, attendee.id))
        return len(here), [Fellow(attendee.user, attendee.name) for attendee in shown]

    async def everyone(
        self, conference: str, sessions: Collection[str] | None = None
    ) -> AsyncIterator[Sequence[tuple[Attendee, Sequence[Attendance]]]]:
        """In chunks by attendee id."""
        ids = sorted(
            {
                who
                for who, where, what in self.data.chosen
                if where == conference and (sessions is None or what in sessions)
            }
        )
        for start in range(0, len(ids), CHUNK):
            yield [(self.data.attendee(id_), await self.of(id_, conference)) for id_ in ids[start : start + CHUNK]]


@dataclass(frozen=True, slots=True)
class MemoryDeliveries:
    """`ports.Deliveries` on dicts."""

    data: _Data

    async def reconcile(self, plans: Sequence[tuple[Attendee, Sequence[Nudge]]], now: datetime) -> None:
        """Make the owed equal to the plans."""
        planned = {nudge.key: (attendee, nudge) for attendee, nudges in plans for nudge in nudges}
        whose = {attendee.id for attendee, _ in plans}
        for key, each in list(self.data.outbox.items()):
            nudge = each.delivery.nudge
            is_owed = each.delivery.state is DeliveryState.OWED and nudge.attendee in whose
            if is_owed and key not in planned and (nudge.catch_up or nudge.due_at > now):
                del self.data.outbox[key]
        for key, (attendee, nudge) in planned.items():
            known = self.data.outbox.get(key)
            if known is None:
                self._add(key, attendee, nudge, now)
            elif known.delivery.state is DeliveryState.OWED and known.delivery.nudge != nudge:
                known.delivery, known.wake_at = replace(known.delivery, nudge=nudge), nudge.due_at

    async def claim(self, scopes: Collection[Scope], now: datetime, until: datetime, limit: int) -> list[Delivery]:
        """Earliest deadline first."""
        due = [each for each in self._within(scopes) if each.wake_at and each.wake_at <= now]
        due.sort(key=lambda each: (each.delivery.nudge.expires_at, each.delivery.id))
        for each in due[:limit]:
            attempt = each.delivery.attempt + 1
            each.delivery = replace(each.delivery, state=DeliveryState.CLAIMED, attempt=attempt)
            each.wake_at = until
        return [each.delivery for each in due[:limit]]

    async def settle(self, outcomes: Sequence[Outcome]) -> None:
        """Recorded only where the lease still holds."""
        by_id = {each.delivery.id: each for each in self.data.outbox.values()}
        for outcome in outcomes:
            each = by_id.get(outcome.delivery)
            held = each and each.delivery.state is DeliveryState.CLAIMED and each.delivery.attempt == outcome.attempt
            if each and held:
                again = outcome.state is DeliveryState.OWED
                settled_at = None if again else outcome.at
                each.delivery = replace(each.delivery, state=outcome.state, settled_at=settled_at, error=outcome.error)
                each.wake_at = outcome.retry_at if again else None

    async def next_due(self, scopes: Collection[Scope]) -> datetime | None:
        """The earliest moment at which something wants attention."""
        return min((each.wake_at for each in self._within(scopes) if each.wake_at), default=None)

    async def of(self, attendee: int) -> Sequence[Delivery]:
        """By due time."""
        all_of = (each.delivery for each in self.data.outbox.values() if each.delivery.nudge.attendee == attendee)
        return sorted(all_of, key=lambda delivery: (delivery.nudge.due_at, delivery.id))

    def _add(self, key: str, attendee: Attendee, nudge: Nudge, now: datetime) -> None:
        if nudge.catch_up or nudge.due_at > now:
            scope = Scope(attendee.community.platform, attendee.community.id)
            self.data.outbox[key] = _Owed(Delivery(self.data.new_id(), nudge, now), scope, nudge.due_at)

    def _within(self, scopes: Collection[Scope]) -> list[_Owed]:
        wide = {scope.platform for scope in scopes if scope.community is None}
        return [each for each in self.data.outbox.values() if each.scope in scopes or each.scope.platform in wide]


@dataclass(frozen=True, slots=True)
class MemoryWork:
    """One transaction on a snapshot."""

    conferences: MemoryConferences
    people: MemoryPeople
    attendances: MemoryAttendances
    deliveries: MemoryDeliveries


@dataclass(slots=True)
class MemoryStore:
    """A store that forgets. Writers take turns; a block that fails changes nothing."""

    _data: _Data = field(default_factory=_Data)
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[MemoryWork]:
        """What is settled now."""
        yield _work_on(self._data)

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[MemoryWork]:
        """The snapshot becomes the data when the block ends well."""
        async with self._turn:
            draft = self._data.snapshot()
            yield _work_on(draft)
            self._data = draft


def _work_on(data: _Data) -> MemoryWork:
    return MemoryWork(MemoryConferences(data), MemoryPeople(data), MemoryAttendances(data), MemoryDeliveries(data))
