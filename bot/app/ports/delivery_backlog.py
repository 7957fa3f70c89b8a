"""Counts of the unsent deliveries, by platform and community."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.app.ports.delivery import DeliveryFilter
from bot.domain.nudges.load_forecast import Load


class Backlog(Protocol):
    """Counts of the unsent deliveries: which lanes have something to send, and how much load is coming."""

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
