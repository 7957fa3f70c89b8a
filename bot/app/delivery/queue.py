"""What a lane has claimed and not begun, the most urgent on top."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NamedTuple

from bot.app.delivery.sender import PreparedDelivery
from bot.domain.nudges.nudge import PATIENT

WHENEVER = datetime.max.replace(tzinfo=UTC)
"""What can wait for hours goes in the order in which it was claimed."""


class QueuedDelivery(NamedTuple):
    """A parcel in hand; until `safe_until` nobody else can have claimed it. They sort by what goes first."""

    urgency: datetime
    number: int
    safe_until: datetime
    parcel: PreparedDelivery


@dataclass(slots=True)
class ReadyQueue:
    """Of one lane. What is `due` is a plain list, the most urgent last: it is looked at for every message."""

    due: list[QueuedDelivery] = field(default_factory=list)
    _taken: int = 0

    def take(self, parcels: Iterable[PreparedDelivery], safe_until: datetime) -> None:
        """These are due: what is equally urgent goes in the order in which it was taken."""
        self.put_back(self._held(parcels, safe_until))

    def put_back(self, several: Iterable[QueuedDelivery]) -> None:
        """These are due, in the order that they have."""
        self.due.extend(several)
        # All but the new are in order already: it is merged, not sorted.
        self.due.sort(reverse=True)

    def waited(self, now: datetime, most: int) -> list[QueuedDelivery]:
        """Take up to `most` from the top that have waited for so long that they are to be read anew."""
        waited: list[QueuedDelivery] = []
        while self.due and len(waited) < most and self.due[-1].parcel.is_stale(now):
            waited.append(self.due.pop())
        return waited

    def _held(self, parcels: Iterable[PreparedDelivery], safe_until: datetime) -> Iterator[QueuedDelivery]:
        for parcel in parcels:
            self._taken += 1
            nudge = parcel.delivery.nudge
            urgency = nudge.deadline if nudge.patience < PATIENT else WHENEVER
            yield QueuedDelivery(urgency, self._taken, safe_until, parcel)
