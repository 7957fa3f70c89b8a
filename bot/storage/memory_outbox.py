"""The outbox of the memory store."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.app.ports import Delivery, DeliveryState, Outcome, Scope
from bot.domain.attendee import Attendee, Community
from bot.domain.nudge import UNPLANNED, Nudge, NudgeKind, Place
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
                known.delivery, known.wake_at = replace(known.delivery, nudge=nudge), nudge.due_at

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
            ours = each and each.delivery.state is DeliveryState.CLAIMED and each.delivery.attempt == outcome.attempt
            if each and ours:
                held = outcome.state is DeliveryState.HELD
                again = outcome.state is DeliveryState.OWED or held
                untried = again and outcome.retry_at is None
                attempt = outcome.attempt - untried
                settled_at = None if again else outcome.at
                left = replace(each.delivery, state=outcome.state, attempt=attempt, error=outcome.error)
                left = replace(left, channel=outcome.channel, message=outcome.message)
                each.delivery = replace(left, settled_at=settled_at)
                each.wake_at = (outcome.retry_at or outcome.at) if again and not held else None

    async def next_due(self, scopes: Collection[Scope]) -> datetime | None:
        """The earliest moment at which something wants attention."""
        return min((each.wake_at for each in self._within(scopes) if each.wake_at), default=None)

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
            scope = Scope(community.platform, community.id)
            self.data.outbox[nudge.key] = Owed(Delivery(self.data.new_id(), nudge, now), scope, nudge.due_at)

    def _within(self, scopes: Collection[Scope]) -> list[Owed]:
        wide = {scope.platform for scope in scopes if scope.community is None}
        return [each for each in self.data.outbox.values() if each.scope in scopes or each.scope.platform in wide]
