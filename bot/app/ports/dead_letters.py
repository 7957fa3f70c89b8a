"""The outbox as its operator sees it: how much stands where, what was set aside, and the word on that."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.app.ports.delivery import DeliveryState

DROPPED = "dropped by the operator"
"""Why a delivery that was dropped has expired."""


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A dead delivery, without a word of what it says or whom it is for. Instants are UTC."""

    id: int
    kind: str
    platform: str
    attempts: int
    set_aside_at: datetime
    expires_at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many of a kind are owed or claimed on a platform: those `overdue`, and those that come due `soon`."""

    platform: str
    kind: str
    overdue: int
    soon: int


class DeadLetterQueue(Protocol):
    """What an operator asks of the outbox."""

    async def tally(self) -> Mapping[DeliveryState, int]:
        """How many deliveries stand in each state, states with none included. Reads the whole outbox."""
        ...

    async def waiting(self, platforms: Collection[str], now: datetime, until: datetime) -> Sequence[Waiting]:
        """What is due by `until`, by platform and kind. Reads only that much of an index."""
        ...

    async def dead(self) -> Sequence[DeadLetter]:
        """What was set aside, by id."""
        ...

    async def revive(self, ids: Collection[int], now: datetime) -> int:
        """Those of `ids` that are dead and still of use are owed again, due now and with every attempt before them."""
        ...

    async def drop(self, ids: Collection[int], now: datetime) -> int:
        """Those of `ids` that are dead are settled as expired: no plan owes them again."""
        ...
