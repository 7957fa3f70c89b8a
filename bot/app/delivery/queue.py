"""What a lane has claimed and not begun: what is due, the most urgent on top, and what is laid out until it is."""

from collections import defaultdict
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
    _laid_out: defaultdict[datetime, list[QueuedDelivery]] = field(default_factory=lambda: defaultdict(list))
    """By when it is due."""
    _taken: int = 0

    @property
    def laid_out(self) -> int:
        """How much waits until it is due."""
        return sum(map(len, self._laid_out.values()))

    @property
    def next_due(self) -> datetime | None:
        """When the first of that is due."""
        return min(self._laid_out, default=None)

    def take(self, parcels: Iterable[PreparedDelivery], safe_until: datetime) -> None:
        """These are due: what is equally urgent goes in the order in which it was taken."""
        self.put_back(self._held(parcels, safe_until))

    def lay_out(self, parcels: Iterable[PreparedDelivery], safe_until: datetime) -> None:
        """These are not due yet."""
        for held in self._held(parcels, safe_until):
            self._laid_out[held.parcel.delivery.nudge.due_at].append(held)

    def ripen(self, now: datetime) -> int:
        """Take what was laid out and is due by now; gives how much that is."""
        ripe = [held for due_at in sorted(self._laid_out) if due_at <= now for held in self._laid_out.pop(due_at)]
        self.put_back(ripe)
        return len(ripe)

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

    def may_keep(self, now: datetime) -> bool:
        """Whether what is laid out is still ours: while the clock runs on and does not leap."""
        first = (several[0] for several in self._laid_out.values())
        return all(held.parcel.read_at <= now < held.safe_until for held in first)

    def swept(self) -> list[QueuedDelivery]:
        """Take everything that is laid out."""
        everything = [held for several in self._laid_out.values() for held in several]
        self._laid_out.clear()
        return everything

    def _held(self, parcels: Iterable[PreparedDelivery], safe_until: datetime) -> Iterator[QueuedDelivery]:
        for parcel in parcels:
            self._taken += 1
            nudge = parcel.delivery.nudge
            urgency = nudge.deadline if nudge.patience < PATIENT else WHENEVER
            yield QueuedDelivery(urgency, self._taken, safe_until, parcel)
