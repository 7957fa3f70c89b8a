"""The claimed deliveries of a lane that are not begun yet, the most urgent on top."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NamedTuple

from bot.app.delivery.sender import PreparedDelivery
from bot.domain.nudges.nudge import PATIENT

WHENEVER = datetime.max.replace(tzinfo=UTC)
"""Sort key for patient deliveries: first in, first out, after everything with a deadline."""


class QueuedDelivery(NamedTuple):
    """A claimed delivery in the queue, sorted by urgency. Until `safe_until` no other process can have claimed it."""

    urgency: datetime
    number: int
    safe_until: datetime
    prepared: PreparedDelivery


@dataclass(slots=True)
class ReadyQueue:
    """The queue of one lane. `items` is a plain list, the most urgent last, because every message looks at it."""

    items: list[QueuedDelivery] = field(default_factory=list)
    _added: int = 0

    def add(self, deliveries: Iterable[PreparedDelivery], safe_until: datetime) -> None:
        """Queue claimed deliveries; equally urgent ones are sent in the order in which they were added."""
        self.put_back(self._queued(deliveries, safe_until))

    def put_back(self, items: Iterable[QueuedDelivery]) -> None:
        """Queue items again, in the order that they have."""
        self.items.extend(items)
        # All but the new items are in order already: sorting merges them.
        self.items.sort(reverse=True)

    def take_stale(self, now: datetime, most: int) -> list[QueuedDelivery]:
        """Take up to `most` items from the top whose data has to be read again."""
        stale: list[QueuedDelivery] = []
        while self.items and len(stale) < most and self.items[-1].prepared.is_stale(now):
            stale.append(self.items.pop())
        return stale

    def _queued(self, deliveries: Iterable[PreparedDelivery], safe_until: datetime) -> Iterator[QueuedDelivery]:
        for prepared in deliveries:
            self._added += 1
            nudge = prepared.delivery.nudge
            urgency = nudge.deadline if nudge.patience < PATIENT else WHENEVER
            yield QueuedDelivery(urgency, self._added, safe_until, prepared)
