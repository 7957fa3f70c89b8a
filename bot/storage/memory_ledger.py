"""What an operator asks of the outbox of the memory store."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.app.ports import DROPPED, DeadLetter, DeliveryState, Waiting
from bot.storage.memory_data import Data, Owed


@dataclass(frozen=True, slots=True)
class MemoryDeadLetterQueue:
    """`ports.Ledger` on dicts."""

    data: Data

    async def tally(self) -> Mapping[DeliveryState, int]:
        """One scan."""
        found = Counter(each.delivery.state for each in self.data.outbox.values())
        return {state: found[state] for state in DeliveryState}

    async def waiting(self, platforms: Collection[str], now: datetime, until: datetime) -> Sequence[Waiting]:
        """By platform and kind."""
        found: dict[tuple[str, str], list[bool]] = {}
        for each in self.data.outbox.values():
            if each.wake_at and each.wake_at <= until and each.scope.platform in platforms:
                whose = (each.scope.platform, str(each.delivery.nudge.kind))
                found.setdefault(whose, []).append(each.wake_at <= now)
        return [Waiting(*whose, sum(late), len(late) - sum(late)) for whose, late in sorted(found.items())]

    async def dead(self) -> Sequence[DeadLetter]:
        """By id."""
        return [_set_aside(each) for each in sorted(self._dead(), key=lambda each: each.delivery.id)]

    async def revive(self, ids: Collection[int], now: datetime) -> int:
        """Only what has not expired."""
        fit = [each for each in self._dead(ids) if each.delivery.nudge.expires_at > now]
        for each in fit:
            owed = replace(each.delivery, state=DeliveryState.OWED, attempt=0, settled_at=None, error="")
            self.data.put(owed, each.scope, now)
        return len(fit)

    async def drop(self, ids: Collection[int], now: datetime) -> int:
        """The row stays."""
        gone = self._dead(ids)
        for each in gone:
            dropped = replace(each.delivery, state=DeliveryState.EXPIRED, settled_at=now, error=DROPPED)
            self.data.put(dropped, each.scope, each.wake_at)
        return len(gone)

    def _dead(self, ids: Collection[int] | None = None) -> list[Owed]:
        dead = (each for each in self.data.outbox.values() if each.delivery.state is DeliveryState.DEAD)
        return [each for each in dead if ids is None or each.delivery.id in ids]


def _set_aside(each: Owed) -> DeadLetter:
    delivery, nudge = each.delivery, each.delivery.nudge
    at = delivery.settled_at or nudge.due_at
    about = (delivery.id, str(nudge.kind), each.scope.platform, delivery.attempt, at)
    return DeadLetter(*about, nudge.expires_at, delivery.error)
