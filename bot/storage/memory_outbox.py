"""The outbox of the memory store."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.app.ports import DOUBT, Delivery, DeliveryFilter, DeliveryState, Outcome
from bot.domain.attendee.attendee import Attendee, Community
from bot.domain.nudges.load_forecast import Load
from bot.domain.nudges.nudge import PATIENT, UNPLANNED, Nudge, NudgeKind, Place
from bot.storage.memory_data import Data, Owed


@dataclass(frozen=True, slots=True)
class MemoryDeliveries:
    """`ports.Deliveries` on dicts."""

    data: Data

    async def reconcile(self, plans: Sequence[tuple[Attendee, Sequence[Nudge]]], now: datetime) -> None:
        """Make the owed equal to the plans."""
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

    async def add(self, owed: Sequence[tuple[Community, Nudge]], now: datetime) -> None:
        """What is there under the same key stays."""
        for community, nudge in owed:
            if nudge.key not in self.data.outbox:
                self._add(community, nudge, now)

    async def take_back(self, kind: NudgeKind, place: Place) -> Sequence[Nudge]:
        """What is claimed stays."""
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
        """Earliest deadline first, communities in turn."""
        due = [each for each in within(self.data, scopes) if _is_due(each, now, ahead)]
        due.sort(key=lambda each: (each.delivery.nudge.deadline, each.delivery.id))
        turns = Counter[tuple[int, int | None]]()
        order: list[tuple[int, int, int, Owed]] = []
        for each in due:
            nudge = each.delivery.nudge
            # What can wait for hours takes turns whenever it was owed.
            minute = int((nudge.deadline if nudge.patience < PATIENT else now + PATIENT).timestamp() // 60)
            order.append((minute, turns[minute, each.scope.community], len(order), each))
            turns[minute, each.scope.community] += 1
        claimed = []
        for *_, each in sorted(order)[:limit]:
            delivery = each.delivery
            error = DOUBT if delivery.state is DeliveryState.CLAIMED else delivery.error
            delivery = replace(delivery, state=DeliveryState.CLAIMED, attempt=delivery.attempt + 1, error=error)
            self.data.put(delivery, each.scope, until)
            claimed.append(delivery)
        return sorted(claimed, key=lambda each: (each.nudge.deadline, each.id))

    async def settle(self, outcomes: Sequence[Outcome]) -> None:
        """Recorded only where the lease still holds."""
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
        """The earliest moment at which something wants attention."""
        return min((each.wake_at for each in within(self.data, scopes) if each.wake_at), default=None)

    async def of(self, attendee: int) -> Sequence[Delivery]:
        """By due time."""
        all_of = (each.delivery for each in self.data.outbox.values() if each.delivery.nudge.attendee == attendee)
        return sorted(all_of, key=lambda delivery: (delivery.nudge.due_at, delivery.id))

    async def at(self, place: Place) -> Sequence[Delivery]:
        """By due time."""
        there = (each.delivery for each in self.data.outbox.values() if each.delivery.nudge.place == place)
        return sorted(there, key=lambda delivery: (delivery.nudge.due_at, delivery.id))

    def _add(self, community: Community, nudge: Nudge, now: datetime) -> None:
        if nudge.catch_up or nudge.due_at > now:
            scope = DeliveryFilter(community.platform, community.id)
            self.data.put(Delivery(self.data.new_id(), nudge, now), scope, nudge.due_at)


def _is_due(each: Owed, now: datetime, ahead: timedelta) -> bool:
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
        """By community."""
        found: dict[DeliveryFilter, datetime] = {}
        for each in within(self.data, scopes):
            if each.wake_at and each.wake_at <= until:
                found[each.scope] = min(each.wake_at, found.get(each.scope, each.wake_at))
        return found

    async def loads(self, scope: DeliveryFilter, until: datetime) -> Sequence[Load]:
        """By their moments."""
        found = Counter[tuple[datetime, datetime]]()
        for each in within(self.data, [scope]):
            if each.wake_at and each.wake_at <= until and each.delivery.state is DeliveryState.OWED:
                nudge = each.delivery.nudge
                ready_at = each.wake_at if each.wake_at != nudge.due_at else nudge.due_at - nudge.early
                found[ready_at, nudge.deadline] += 1
        return [Load(*moments, count) for moments, count in found.items()]

    async def release(self, scope: DeliveryFilter, at: datetime) -> int:
        """Whatever is claimed there."""
        claimed = [each for each in within(self.data, [scope]) if each.delivery.state is DeliveryState.CLAIMED]
        later = [each for each in claimed if each.wake_at and each.wake_at > at]
        for each in later:
            self.data.put(each.delivery, each.scope, at)
        return len(later)


def within(data: Data, scopes: Collection[DeliveryFilter]) -> list[Owed]:
    """What is in one of `scopes`."""
    wide = {scope.platform for scope in scopes if scope.community is None}
    return [each for each in data.outbox.values() if each.scope in scopes or each.scope.platform in wide]
