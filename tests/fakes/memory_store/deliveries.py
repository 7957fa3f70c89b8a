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
        for key, each in list(self.data.outbox.items()):
            nudge = each.delivery.nudge
            is_owed = each.delivery.state is DeliveryState.OWED and nudge.attendee in whose
            is_owed = is_owed and nudge.kind not in UNPLANNED
            if is_owed and key not in planned and (nudge.catch_up or nudge.due_at > now):
                del self.data.outbox[key]
        for key, (attendee, nudge) in planned.items():
            known = self.data.outbox.get(key)
            if known is None:
                self._add(attendee.community, nudge, now)
            elif known.delivery.state is DeliveryState.OWED and known.delivery.nudge != nudge:
                self.data.put(replace(known.delivery, nudge=nudge), known.scope, nudge.due_at)

    async def leave_bys(self, attendees: Collection[int], since: datetime, *, hold: bool = False) -> Sequence[Delivery]:
        del hold
        all_of = (each.delivery for each in self.data.outbox.values() if each.delivery.nudge.attendee in set(attendees))
        kinds = (NudgeKind.LEAVE_BY, NudgeKind.TAKEN_BACK)
        leaving = (each for each in all_of if each.nudge.kind in kinds and each.nudge.expires_at > since)
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
        owed = [each.delivery for each in self.data.outbox.values() if each.delivery.state is DeliveryState.OWED]
        nudges = [each.nudge for each in owed if (each.nudge.kind, each.nudge.place) == (kind, place)]
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
        due = [each for each in within(self.data, scopes) if _is_due(each, now, ahead)]
        due.sort(key=lambda each: (each.delivery.nudge.deadline, each.delivery.id))
        turns = Counter[tuple[int, int | None]]()
        order: list[tuple[int, int, int, OutboxRow]] = []
        for each in due:
            nudge = each.delivery.nudge
            # What can wait for hours takes turns whenever it was owed.
            minute = int((nudge.deadline if nudge.patience < PATIENT else now + PATIENT).timestamp() // 60)
            order.append((minute, turns[minute, each.scope.community], len(order), each))
            turns[minute, each.scope.community] += 1
        claimed = []
        for *_, each in sorted(order)[:limit]:
            delivery = each.delivery
            error = POSSIBLY_SENT if delivery.state is DeliveryState.CLAIMED else delivery.error
            delivery = replace(delivery, state=DeliveryState.CLAIMED, attempt=delivery.attempt + 1, error=error)
            self.data.put(delivery, each.scope, until)
            claimed.append(delivery)
        return sorted(claimed, key=lambda each: (each.nudge.deadline, each.id))

    async def record_outcomes(self, outcomes: Sequence[Outcome]) -> None:
        by_id = {each.delivery.id: each for each in self.data.outbox.values()}
        for outcome in outcomes:
            each = by_id.get(outcome.delivery)
            held = each and each.delivery.state is DeliveryState.CLAIMED and each.delivery.attempt == outcome.attempt
            if each and held:
                again = outcome.retry_at is not None or outcome.state is DeliveryState.OWED
                attempt = outcome.attempt - (not outcome.tried)
                settled_at = None if again else outcome.at
                left = replace(each.delivery, state=outcome.state, attempt=attempt, error=outcome.error)
                left = replace(left, channel=outcome.channel, message=outcome.message)
                wake_at = (outcome.retry_at or outcome.at) if again else None
                self.data.put(replace(left, settled_at=settled_at), each.scope, wake_at)

    async def next_due(self, scopes: Collection[DeliveryFilter]) -> datetime | None:
        return min((each.wake_at for each in within(self.data, scopes) if each.wake_at), default=None)

    async def of_attendee(self, attendee: int) -> Sequence[Delivery]:
        all_of = (each.delivery for each in self.data.outbox.values() if each.delivery.nudge.attendee == attendee)
        return sorted(all_of, key=lambda delivery: (delivery.nudge.due_at, delivery.id))

    async def of_channel(self, place: ChannelTarget) -> Sequence[Delivery]:
        there = (each.delivery for each in self.data.outbox.values() if each.delivery.nudge.place == place)
        return sorted(there, key=lambda delivery: (delivery.nudge.due_at, delivery.id))

    def _add(self, community: Community, nudge: Nudge, now: datetime) -> None:
        if nudge.catch_up or nudge.due_at > now:
            scope = DeliveryFilter(community.platform, community.id)
            self.data.put(Delivery(self.data.new_id(), nudge, now), scope, nudge.due_at)


def _is_due(each: OutboxRow, now: datetime, ahead: timedelta) -> bool:
    if each.wake_at is None or each.wake_at > now + ahead:
        return False
    delivery, nudge = each.delivery, each.delivery.nudge
    untried = delivery.state is DeliveryState.OWED and delivery.attempt == 0
    return each.wake_at <= now or (untried and nudge.due_at - nudge.early <= now)


@dataclass(frozen=True, slots=True)
class MemoryBacklog:
    """`ports.Backlog` on dicts."""

    data: Data

    async def soonest(self, scopes: Collection[DeliveryFilter], until: datetime) -> Mapping[DeliveryFilter, datetime]:
        found: dict[DeliveryFilter, datetime] = {}
        for each in within(self.data, scopes):
            if each.wake_at and each.wake_at <= until:
                found[each.scope] = min(each.wake_at, found.get(each.scope, each.wake_at))
        return found

    async def loads(self, scope: DeliveryFilter, until: datetime) -> Sequence[Load]:
        found = Counter[tuple[datetime, datetime]]()
        for each in within(self.data, [scope]):
            if each.wake_at and each.wake_at <= until and each.delivery.state is DeliveryState.OWED:
                nudge = each.delivery.nudge
                ready_at = each.wake_at if each.wake_at != nudge.due_at else nudge.due_at - nudge.early
                found[ready_at, nudge.deadline] += 1
        return [Load(*moments, count) for moments, count in found.items()]

    async def release(self, scope: DeliveryFilter, at: datetime) -> int:
        claimed = [each for each in within(self.data, [scope]) if each.delivery.state is DeliveryState.CLAIMED]
        later = [each for each in claimed if each.wake_at and each.wake_at > at]
        for each in later:
            self.data.put(each.delivery, each.scope, at)
        return len(later)


def within(data: Data, scopes: Collection[DeliveryFilter]) -> list[OutboxRow]:
    """What is in one of `scopes`."""
    wide = {scope.platform for scope in scopes if scope.community is None}
    return [each for each in data.outbox.values() if each.scope in scopes or each.scope.platform in wide]


@dataclass(frozen=True, slots=True)
class MemoryDeadLetterQueue:
    """`ports.Ledger` on dicts."""

    data: Data

    async def count_by_state(self) -> Mapping[DeliveryState, int]:
        found = Counter(each.delivery.state for each in self.data.outbox.values())
        return {state: found[state] for state in DeliveryState}

    async def count_waiting(self, platforms: Collection[str], now: datetime, until: datetime) -> Sequence[Waiting]:
        found: dict[tuple[str, str], list[bool]] = {}
        for each in self.data.outbox.values():
            if each.wake_at and each.wake_at <= until and each.scope.platform in platforms:
                whose = (each.scope.platform, str(each.delivery.nudge.kind))
                found.setdefault(whose, []).append(each.wake_at <= now)
        return [Waiting(*whose, sum(late), len(late) - sum(late)) for whose, late in sorted(found.items())]

    async def all(self) -> Sequence[DeadLetter]:
        return [_set_aside(each) for each in sorted(self._dead(), key=lambda each: each.delivery.id)]

    async def requeue(self, ids: Collection[int], now: datetime) -> int:
        fit = [each for each in self._dead(ids) if each.delivery.nudge.expires_at > now]
        for each in fit:
            owed = replace(each.delivery, state=DeliveryState.OWED, attempt=0, settled_at=None, error="")
            self.data.put(owed, each.scope, now)
        return len(fit)

    async def discard(self, ids: Collection[int], now: datetime) -> int:
        gone = self._dead(ids)
        for each in gone:
            dropped = replace(each.delivery, state=DeliveryState.EXPIRED, settled_at=now, error=DISCARDED)
            self.data.put(dropped, each.scope, each.wake_at)
        return len(gone)

    def _dead(self, ids: Collection[int] | None = None) -> list[OutboxRow]:
        dead = (each for each in self.data.outbox.values() if each.delivery.state is DeliveryState.DEAD)
        return [each for each in dead if ids is None or each.delivery.id in ids]


def _set_aside(each: OutboxRow) -> DeadLetter:
    delivery, nudge = each.delivery, each.delivery.nudge
    at = delivery.settled_at or nudge.due_at
    about = (delivery.id, str(nudge.kind), each.scope.platform, delivery.attempt, at)
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
        for name in [each for each in names if each in self.data.leases and self.data.leases[each][0].owner == owner]:
            del self.data.leases[name]

    async def all(self) -> Sequence[Lease]:
        now = loop_time()
        return [lease for _, (lease, until) in sorted(self.data.leases.items()) if until > now]

    async def lapsed(self, owner: str) -> Collection[str]:
        now = loop_time()
        return {name for name, (lease, until) in self.data.leases.items() if until <= now and lease.owner != owner}
