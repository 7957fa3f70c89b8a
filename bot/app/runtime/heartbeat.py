"""The heartbeat of a background job, with which readiness checks detect that the job hangs."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

STUCK = 150.0
"""Seconds without a beat after which a job counts as stuck; an idle job beats every 30 seconds."""


def _loop_time() -> float:
    return asyncio.get_running_loop().time()


@dataclass(slots=True)
class Heartbeat:
    """Alive while it beats: not before the first beat, and not after `stuck` seconds without one."""

    stuck: float = STUCK
    time: Callable[[], float] = _loop_time
    _beat_at: float | None = None

    def beat(self) -> None:
        """Record progress."""
        self._beat_at = self.time()

    def stop(self) -> None:
        """Record that the job has ended."""
        self._beat_at = None

    def is_alive(self) -> bool:
        """Whether the last beat is less than `stuck` seconds ago."""
        return self._beat_at is not None and self.time() - self._beat_at < self.stuck
