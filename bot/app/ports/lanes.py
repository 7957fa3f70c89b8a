"""The backlog of deliveries by community, and the leases on lanes."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.app.ports.delivery import DeliveryFilter
from bot.domain.nudges.load_forecast import Load


class Backlog(Protocol):
    """Counts of the owed deliveries: which lanes have something to do, and how much load is coming."""

    async def soonest(self, scopes: Collection[DeliveryFilter], until: datetime) -> Mapping[DeliveryFilter, datetime]:
        """Return when the first delivery of each community is due, if that is at `until` or before."""
        ...

    async def loads(self, scope: DeliveryFilter, until: datetime) -> Sequence[Load]:
        """Count the deliveries that are due by `until`, by when they may be sent and when they are late."""
        ...

    async def release(self, scope: DeliveryFilter, at: datetime) -> int:
        """Let the leases of claimed deliveries end at `at`, because the process that claimed them is gone.

        Args:
            scope: selects the deliveries of a platform or of one community.
            at: the new end of the leases.

        Returns:
            The number of these deliveries.
        """
        ...


@dataclass(frozen=True, slots=True)
class Lease:
    """A lease on a lane, held by one process at a time; `status` is why the lane rests, "" if it does not."""

    name: str
    owner: str
    status: str = ""


class Leases(Protocol):
    """Which process owns which lane. Leases are measured by the database's clock, which all processes share."""

    async def hold(self, wanted: Mapping[str, str], owner: str, seconds: float) -> Collection[str]:
        """Take or renew leases for `seconds`; returns the names that no other process holds.

        Args:
            wanted: the status of each lane, by name.
        """
        ...

    async def give_back(self, names: Collection[str], owner: str) -> None:
        """End these leases at once."""
        ...

    async def all(self) -> Sequence[Lease]:
        """Return the leases held now, ordered by name."""
        ...

    async def lapsed(self, owner: str) -> Collection[str]:
        """Return the lapsed leases of other owners: their process died or is cut off from the database."""
        ...
