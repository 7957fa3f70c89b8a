"""Mistakes that are made on purpose. The simulation has to find every one of them."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from bot.app.ports import Delivery, DeliveryFilter, DeliveryState, Outcome, Receipt
from bot.domain.attendee.attendee import Attendee
from bot.domain.nudges.nudge import Nudge
from tests.fakes.memory_store.deliveries import within
from tests.simulation.platform import SimulatedMessenger
from tests.simulation.process import VirtualTimer
from tests.simulation.world import Bug


@dataclass(frozen=True, slots=True)
class Deliveries:
    """`ports.Deliveries` as they should be; the others spoil one of these."""

    right: Any

    async def reconcile(self, plans: Sequence[tuple[Attendee, Sequence[Nudge]]], now: datetime) -> None:
        await self.right.reconcile(plans, now)

    async def claim(self, scopes: Collection[DeliveryFilter], now: datetime, *more: Any) -> list[Delivery]:
        found: list[Delivery] = await self.right.claim(scopes, now, *more)
        return found

    async def record_outcomes(self, outcomes: Sequence[Outcome]) -> None:
        await self.right.record_outcomes(outcomes)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.right, name)


class DropsSettles(Deliveries):
    """Some of what was sent is never recorded."""

    async def record_outcomes(self, outcomes: Sequence[Outcome]) -> None:
        lost = (outcome for outcome in outcomes if outcome.state is DeliveryState.SENT and outcome.delivery % 5 == 0)
        dropped = set(lost)
        await self.right.record_outcomes([outcome for outcome in outcomes if outcome not in dropped])


class Lies(Deliveries):
    """What is to be tried again is recorded as sent."""

    async def record_outcomes(self, outcomes: Sequence[Outcome]) -> None:
        again = (DeliveryState.OWED, DeliveryState.UNCERTAIN)
        lies = [e._replace(state=DeliveryState.SENT, retry_at=None) if e.state in again else e for e in outcomes]
        await self.right.record_outcomes(lies)


class IgnoresLeases(Deliveries):
    """What another process has claimed is claimed all the same."""

    async def claim(self, scopes: Collection[DeliveryFilter], now: datetime, *more: Any) -> list[Delivery]:
        for row in self.right.data.outbox.values():
            if row.delivery.state is DeliveryState.CLAIMED:
                self.right.data.put(row.delivery, row.scope, now)
        return await super().claim(scopes, now, *more)


class NeverWithdraws(Deliveries):
    """What was dropped from a plan is still owed."""

    async def reconcile(self, plans: Sequence[tuple[Attendee, Sequence[Nudge]]], now: datetime) -> None:
        await self.right.add([(attendee.community, nudge) for attendee, nudges in plans for nudge in nudges], now)


class NeverTooLate(Deliveries):
    """Nothing expires."""

    async def claim(self, scopes: Collection[DeliveryFilter], now: datetime, *more: Any) -> list[Delivery]:
        long = timedelta(hours=1)
        claimed = await super().claim(scopes, now, *more)
        return [
            replace(delivery, nudge=replace(delivery.nudge, expires_at=delivery.nudge.expires_at + long))
            for delivery in claimed
        ]


class Forgets(Deliveries):
    """Some of what is planned is not stored."""

    async def claim(self, scopes: Collection[DeliveryFilter], now: datetime, *more: Any) -> list[Delivery]:
        claimed = await super().claim(scopes, now, *more)
        return [delivery for delivery in claimed if delivery.id % 5]


class LeastUrgentFirst(Deliveries):
    """Whoever is late stays late: what has most time is claimed first."""

    async def claim(self, scopes: Collection[DeliveryFilter], now: datetime, *more: Any) -> list[Delivery]:
        outbox = self.right.data.outbox
        due = [row for row in within(self.right.data, scopes) if row.wake_at and row.wake_at <= now]
        urgent = sorted(due, key=lambda row: row.delivery.nudge.deadline)[:-1]
        hidden = {row.delivery.nudge.key: outbox.pop(row.delivery.nudge.key) for row in urgent}
        try:
            return await super().claim(scopes, now, *more)
        finally:
            outbox.update(hidden)


class ToSomebodyElse(SimulatedMessenger):
    """Everybody's messages go to the first."""

    def addressee(self, attendee: Attendee) -> str:
        return "user0"


class Hurries(SimulatedMessenger):
    """Waits for no turn."""

    async def pace(self, lane: str) -> None:
        return


class NeverSearches(SimulatedMessenger):
    """What may have arrived is sent again."""

    async def find_sent(self, attendee: Attendee, key: str) -> Receipt | None:
        del attendee, key
        return None


def spoiling(bug: Callable[[Any], Deliveries]) -> Bug:
    return Bug(spoil=lambda work: replace(work, deliveries=bug(work.deliveries)))


class Oversleeps(VirtualTimer):
    """Wakes when it likes."""

    def wake_at(self, moment: datetime | None) -> None:
        super().wake_at(None)


BUGS = {
    "drops settles": spoiling(DropsSettles),
    "lies": spoiling(Lies),
    "ignores leases": spoiling(IgnoresLeases),
    "never withdraws": spoiling(NeverWithdraws),
    "never too late": spoiling(NeverTooLate),
    "forgets": spoiling(Forgets),
    "least urgent first": spoiling(LeastUrgentFirst),
    "to somebody else": Bug(ToSomebodyElse),
    "hurries": Bug(Hurries),
    "never searches": Bug(NeverSearches),
    "oversleeps": Bug(timer=Oversleeps),
}
SHOWN_ON = {
    "lies": 2,
    "ignores leases": 2,
    "never too late": 22,
    "forgets": 2,
    "least urgent first": 18,
    "hurries": 2,
    "never searches": 32,
}
"""By mistake, the day on which it was seen first: that day is lived first, and then the others."""
