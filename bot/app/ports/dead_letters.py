"""The operator's view of the outbox: counts by state, and the dead deliveries."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.app.ports.delivery import DeliveryState

DISCARDED = "dropped by the operator"
"""The error of a delivery that the operator discarded."""


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A dead delivery without its text and its recipient: the operator need not read messages. Instants are UTC."""

    id: int
    kind: str
    platform: str
    attempts: int
    set_aside_at: datetime
    expires_at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """The numbers of owed or claimed deliveries of one kind on one platform: `overdue` now, and due `soon`."""

    platform: str
    kind: str
    overdue: int
    soon: int


class DeadLetterQueue(Protocol):
    """The operator's view of the outbox."""

    async def count_by_state(self) -> Mapping[DeliveryState, int]:
        """Count the deliveries in each state, including states without any. Reads the whole outbox."""
        ...

    async def count_waiting(self, platforms: Collection[str], now: datetime, until: datetime) -> Sequence[Waiting]:
        """Count the deliveries due by `until`, by platform and kind. Reads only that part of an index."""
        ...

    async def all(self) -> Sequence[DeadLetter]:
        """Return the dead deliveries, by id."""
        ...

    async def requeue(self, ids: Collection[int], now: datetime) -> int:
        """Make dead deliveries pending again, due now and with no attempts, and return their number.

        Expired deliveries and those that are not dead are ignored.
        """
        ...

    async def discard(self, ids: Collection[int], now: datetime) -> int:
        """End dead deliveries as expired, and return their number.

        Their rows stay, so that planning the same nudge again adds no delivery.
        """
        ...
