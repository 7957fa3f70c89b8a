"""The outbox, its backlog, its dead letters and the leases of lanes on dicts."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.app.delivery.rate_limiter import loop_time
from bot.app.ports import (
    ANSWERED,
    DISCARDED,
    POSSIBLY_SENT,
    DeadLetter,
    Delivery,
    DeliveryFilter,
    DeliveryState,
    Lease,
    Outcome,
    Waiting,
)
from bot.domain.attendee.attendee import Attendee, Community
from bot.domain.nudges.load_forecast import Load
from bot.domain.nudges.nudge import PATIENT, UNPLANNED, ChannelTarget, Nudge, NudgeKind
from tests.fakes.memory_store.data import Data, OutboxRow


@dataclass(frozen=True, slots=True)
class MemoryDeliveries:
    """`ports.Deliveries` on dicts."""

    data: Data

    async def reconcile(self, plans: Sequence[tuple[Attendee, Sequence[Nudge]]], now: datetime) -> None:
        planned = {nudge.key: (attendee, nudge) for attendee, nudges in plans for nudge in nudges}
        whose = {attendee.id for attendee, _ in plans}
        for key, row in list(self.data.outbox.items()):
            nudge = row.delivery.nudge
            is_owed = row.delivery.state is DeliveryState.OWED and nudge.attendee in whose
            is_owed = is_owed and nudge.kind not in UNPLANNED
            if is_owed and key not in planned and (nudge.catch_up or nudge.due_at > now):
                del self.data.outbox[key]
        for key, (attendee, nudge) in planned.items():
            stored = self.data.outbox.get(key)
            if stored is None:
                self._add(attendee.community, nudge, now)
            elif stored.delivery.state is DeliveryState.OWED and stored.delivery.nudge != nudge:
                self.data.put(replace(stored.delivery, nudge=nudge), stored.scope, nudge.due_at)

    async def leave_bys(self, attendees: Collection[int], since: datetime, *, hold: bool = False) -> Sequence[Delivery]:
        del hold
        all_of = (row.delivery for row in self.data.outbox.values() if row.delivery.nudge.attendee in set(attendees))
        kinds = (NudgeKind.LEAVE_BY, NudgeKind.TAKEN_BACK)
        leaving = (
            delivery for delivery in all_of if delivery.nudge.kind in kinds and delivery.nudge.expires_at > since
        )
        return sorted((e for e in leaving if e.state is not DeliveryState.OWED), key=lambda delivery: delivery.id)

    async def superseded(self, deliveries: Collection[Delivery]) -> Collection[int]:
        newest: dict[tuple[int, str], int] = {}
        for row in self.data.outbox.values():
            if row.delivery.nudge.kind is NudgeKind.LEAVE_BY:
                about = (row.delivery.nudge.attendee, row.delivery.nudge.subject)
                newest[about] = max(row.delivery.id, newest.get(about, 0))
        leaving = [delivery for delivery in deliveries if delivery.nudge.kind is NudgeKind.LEAVE_BY]
        return {
            delivery.id
            for delivery in leaving
            if newest.get((delivery.nudge.attendee, delivery.nudge.subject), 0) > delivery.id
        }

    async def add(self, owed: Sequence[tuple[Community, Nudge]], now: datetime) -> None:
        for community, nudge in owed:
            if nudge.key not in self.data.outbox:
                self._add(community, nudge, now)

    async def answer(self, owed: Sequence[tuple[Community, Nudge]], now: datetime) -> None:
        await self.add(owed, now)
        for _, nudge in owed:
            row = self.data.outbox.get(nudge.key)
            if row and row.delivery.state is DeliveryState.OWED:
                ended = replace(row.delivery, nudge=nudge, state=DeliveryState.EXPIRED, settled_at=now, error=ANSWERED)
                self.data.put(ended, row.scope, None)

    async def take_back(self, kind: NudgeKind, place: ChannelTarget) -> Sequence[Nudge]:
        owed = [row.delivery for row in self.data.outbox.values() if row.delivery.state is DeliveryState.OWED]
        nudges = [delivery.nudge for delivery in owed if (delivery.nudge.kind, delivery.nudge.place) == (kind, place)]
        for nudge in nudges:
            del self.data.outbox[nudge.key]
        return nudges

    async def claim(
        self,
        scopes: Collection[DeliveryFilter],
        now: datetime,
        until: datetime,
        limit: int,
        ahead: timedelta = timedelta(),
    ) -> list[Delivery]:
        due = [row for row in within(self.data, scopes) if _is_due(row, now, ahead)]
        due.sort(key=lambda row: (row.delivery.nudge.deadline, row.delivery.id))
        turns = Counter[tuple[int, int | None]]()
        order: list[tuple[int, int, int, OutboxRow]] = []
        for row in due:
            nudge = row.delivery.nudge
            # What can wait for hours takes turns whenever it was owed.
            minute = int((nudge.deadline if nudge.patience < PATIENT else now + PATIENT).timestamp() // 60)
            order.append((minute, turns[minute, row.scope.community], len(order), row))
            turns[minute, row.scope.community] += 1
        claimed = []
        for *_, row in sorted(order)[:limit]:
            delivery = row.delivery
            error = POSSIBLY_SENT if delivery.state is DeliveryState.CLAIMED else delivery.error
            delivery = replace(delivery, state=DeliveryState.CLAIMED, attempt=delivery.attempt + 1, error=error)
            self.data.put(delivery, row.scope, until)
            claimed.append(delivery)
        return sorted(claimed, key=lambda taken: (taken.nudge.deadline, taken.id))

    async def record_outcomes(self, outcomes: Sequence[Outcome]) -> None:
        by_id = {stored.delivery.id: stored for stored in self.data.outbox.values()}
        for outcome in outcomes:
            row = by_id.get(outcome.delivery)
            held = row and row.delivery.state is DeliveryState.CLAIMED and row.delivery.attempt == outcome.attempt
            if row and held:
                again = outcome.retry_at is not None or outcome.state is DeliveryState.OWED
                attempt = outcome.attempt - (not outcome.tried)
                settled_at = None if again else outcome.at
                left = replace(row.delivery, state=outcome.state, attempt=attempt, error=outcome.error)
                left = replace(left, channel=outcome.channel, message=outcome.message)
                wake_at = (outcome.retry_at or outcome.at) if again else None
                self.data.put(replace(left, settled_at=settled_at), row.scope, wake_at)

    async def next_due(self, scopes: Collection[DeliveryFilter]) -> datetime | None:
        return min((row.wake_at for row in within(self.data, scopes) if row.wake_at), default=None)

    async def of_attendee(self, attendee: int) -> Sequence[Delivery]:
        all_of = (row.delivery for row in self.data.outbox.values() if row.delivery.nudge.attendee == attendee)
        return sorted(all_of, key=lambda delivery: (delivery.nudge.due_at, delivery.id))

    async def of_channel(self, place: ChannelTarget) -> Sequence[Delivery]:
        there = (row.delivery for row in self.data.outbox.values() if row.delivery.nudge.place == place)
        return sorted(there, key=lambda delivery: (delivery.nudge.due_at, delivery.id))

    def _add(self, community: Community, nudge: Nudge, now: datetime) -> None:
        if nudge.catch_up or nudge.due_at > now:
            scope = DeliveryFilter(community.platform, community.id)
            self.data.put(Delivery(self.data.new_id(), nudge, now), scope, nudge.due_at)


def _is_due(row: OutboxRow, now: datetime, ahead: timedelta) -> bool:
    if row.wake_at is None or row.wake_at > now + ahead:
        return False
    delivery, nudge = row.delivery, row.delivery.nudge
    untried = delivery.state is DeliveryState.OWED and delivery.attempt == 0
    return row.wake_at <= now or (untried and nudge.due_at - nudge.early <= now)


@dataclass(frozen=True, slots=True)
class MemoryBacklog:
    """`ports.Backlog` on dicts."""

    data: Data

    async def soonest(self, scopes: Collection[DeliveryFilter], until: datetime) -> Mapping[DeliveryFilter, datetime]:
        found: dict[DeliveryFilter, datetime] = {}
        for row in within(self.data, scopes):
            if row.wake_at and row.wake_at <= until:
                found[row.scope] = min(row.wake_at, found.get(row.scope, row.wake_at))
        return found

    async def loads(self, scope: DeliveryFilter, until: datetime) -> Sequence[Load]:
        found = Counter[tuple[datetime, datetime]]()
        for row in within(self.data, [scope]):
            if row.wake_at and row.wake_at <= until and row.delivery.state is DeliveryState.OWED:
                nudge = row.delivery.nudge
                ready_at = row.wake_at if row.wake_at != nudge.due_at else nudge.due_at - nudge.early
                found[ready_at, nudge.deadline] += 1
        return [Load(*moments, count) for moments, count in found.items()]

    async def release(self, scope: DeliveryFilter, at: datetime) -> int:
        claimed = [row for row in within(self.data, [scope]) if row.delivery.state is DeliveryState.CLAIMED]
        later = [row for row in claimed if row.wake_at and row.wake_at > at]
        for row in later:
            self.data.put(row.delivery, row.scope, at)
        return len(later)


def within(data: Data, scopes: Collection[DeliveryFilter]) -> list[OutboxRow]:
    """What is in one of `scopes`."""
    wide = {scope.platform for scope in scopes if scope.community is None}
    return [row for row in data.outbox.values() if row.scope in scopes or row.scope.platform in wide]


@dataclass(frozen=True, slots=True)
class MemoryDeadLetterQueue:
    """`ports.Ledger` on dicts."""

    data: Data

    async def count_by_state(self) -> Mapping[DeliveryState, int]:
        found = Counter(row.delivery.state for row in self.data.outbox.values())
        return {state: found[state] for state in DeliveryState}

    async def count_waiting(self, platforms: Collection[str], now: datetime, until: datetime) -> Sequence[Waiting]:
        found: dict[tuple[str, str], list[bool]] = {}
        for row in self.data.outbox.values():
            if row.wake_at and row.wake_at <= until and row.scope.platform in platforms:
                whose = (row.scope.platform, str(row.delivery.nudge.kind))
                found.setdefault(whose, []).append(row.wake_at <= now)
        return [Waiting(*whose, sum(late), len(late) - sum(late)) for whose, late in sorted(found.items())]

    async def all(self) -> Sequence[DeadLetter]:
        return [_set_aside(row) for row in sorted(self._dead(), key=lambda row: row.delivery.id)]

    async def requeue(self, ids: Collection[int], now: datetime) -> int:
        fit = [row for row in self._dead(ids) if row.delivery.nudge.expires_at > now]
        for row in fit:
            owed = replace(row.delivery, state=DeliveryState.OWED, attempt=0, settled_at=None, error="")
            self.data.put(owed, row.scope, now)
        return len(fit)

    async def discard(self, ids: Collection[int], now: datetime) -> int:
        gone = self._dead(ids)
        for row in gone:
            dropped = replace(row.delivery, state=DeliveryState.EXPIRED, settled_at=now, error=DISCARDED)
            self.data.put(dropped, row.scope, row.wake_at)
        return len(gone)

    def _dead(self, ids: Collection[int] | None = None) -> list[OutboxRow]:
        dead = (row for row in self.data.outbox.values() if row.delivery.state is DeliveryState.DEAD)
        return [row for row in dead if ids is None or row.delivery.id in ids]


def _set_aside(row: OutboxRow) -> DeadLetter:
    delivery, nudge = row.delivery, row.delivery.nudge
    at = delivery.settled_at or nudge.due_at
    about = (delivery.id, str(nudge.kind), row.scope.platform, delivery.attempt, at)
    return DeadLetter(*about, nudge.expires_at, delivery.error)


@dataclass(frozen=True, slots=True)
class MemoryLeases:
    """`ports.Leases` on a dict, by the clock of the event loop."""

    data: Data

    async def hold(self, wanted: Mapping[str, str], owner: str, seconds: float) -> Collection[str]:
        now = loop_time()
        others = {name for name, (lease, until) in self.data.leases.items() if until > now and lease.owner != owner}
        taken = set(wanted) - others
        self.data.leases.update({name: (Lease(name, owner, wanted[name]), now + seconds) for name in taken})
        return taken

    async def give_back(self, names: Collection[str], owner: str) -> None:
        for name in [name for name in names if name in self.data.leases and self.data.leases[name][0].owner == owner]:
            del self.data.leases[name]

    async def all(self) -> Sequence[Lease]:
        now = loop_time()
        return [lease for _, (lease, until) in sorted(self.data.leases.items()) if until > now]

    async def lapsed(self, owner: str) -> Collection[str]:
        now = loop_time()
        return {name for name, (lease, until) in self.data.leases.items() if until <= now and lease.owner != owner}
