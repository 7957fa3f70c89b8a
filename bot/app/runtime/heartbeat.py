"""The pulse of whatever works on its own: without it nobody would see that it hangs."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

STUCK = 150.0
"""Seconds without a beat. Whoever is idle beats every 30, and no request lasts two minutes."""


def _loop_time() -> float:
    return asyncio.get_running_loop().time()


@dataclass(slots=True)
class Heartbeat:
    """Beats while there is progress. Before the first beat it is not alive; `time` is monotonic."""

    stuck: float = STUCK
    time: Callable[[], float] = _loop_time
    _beat_at: float | None = None

    def beat(self) -> None:
        """There is progress."""
        self._beat_at = self.time()

    def stop(self) -> None:
        """There is none any more."""
        self._beat_at = None

    def is_alive(self) -> bool:
        """Whether there was progress of late."""
        return self._beat_at is not None and self.time() - self._beat_at < self.stuck
