"""The details of `/readyz`: parts that fail although the process is ready.

They are counts without names, because everybody may read them.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.app.delivery.circuit_breaker import Circuit
from bot.app.delivery.worker import LaneState
from bot.app.ports import Store
from bot.domain.errors import StoreError

PATIENCE = 1.0
"""Seconds to wait for the database: the check of the database has its own time, and `/readyz` must not be late."""


@dataclass(frozen=True, slots=True)
class Details:
    """Counts feeds that fail or are held, and lanes of this process whose platform fails or asks for a long pause."""

    store: Store
    lanes: Callable[[], Sequence[LaneState]]

    async def __call__(self) -> dict[str, dict[str, int]]:
        """Return the counts by subject, without those of the feeds if the database does not answer."""
        lanes = {"failing": sum(state.circuit is not Circuit.CLOSED for state in self.lanes())}
        try:
            async with asyncio.timeout(PATIENCE), self.store.read_transaction() as work:
                feeds = await work.feeds.all()
        except (StoreError, TimeoutError):
            return {"lanes": lanes}
        failing, held = sum(feed.failures > 0 for feed in feeds), sum(bool(feed.held) for feed in feeds)
        return {"feeds": {"failing": failing, "held": held}, "lanes": lanes}
