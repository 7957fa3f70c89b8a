"""A limit on how long we wait for an answer, with one timer for all who wait.

`asyncio.timeout` sets and cancels one for each, which in a peak costs as much as writing the message.
"""

import asyncio
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self
from weakref import WeakSet

LOOKS = 40
"""How often it looks in the time that it gives: who takes longer is cut short at most so much later."""


@dataclass(slots=True)
class Stopwatch:
    """Gives everybody `seconds`."""

    seconds: float
    _limits: WeakSet["Limit"] = field(default_factory=WeakSet)
    _looks: bool = False

    def limit(self) -> "Limit":
        """The limit of the task that asks, for as often as it waits."""
        task = asyncio.current_task()
        assert task, "only a task can wait"
        made = Limit(self, task, task.get_loop(), self.seconds)
        self._limits.add(made)
        return made

    def start(self) -> None:
        """Somebody waits."""
        if not self._looks:
            self._look()

    def _look(self) -> None:
        waiting = [limit for limit in self._limits if limit.until is not None]
        self._looks = bool(waiting)
        if self._looks:
            loop = asyncio.get_running_loop()
            for limit in waiting:
                limit.look(loop.time())
            loop.call_later(self.seconds / LOOKS, self._look)


@dataclass(slots=True, eq=False, weakref_slot=True)
class Limit:
    """`with` it cuts its `task` short that is in the block for longer than `seconds`: with `TimeoutError`."""

    stopwatch: Stopwatch
    task: asyncio.Task[Any]
    loop: asyncio.AbstractEventLoop
    seconds: float
    until: float | None = None
    """When that is over, in the loop's time, while the task is in a block."""
    _cancelled: int | None = None
    """How often somebody else had cancelled it when we did."""

    def within(self, seconds: float) -> Self:
        """From now on it is so many seconds, or what the stopwatch gives if that is less."""
        self.seconds = min(seconds, self.stopwatch.seconds)
        return self

    def __enter__(self) -> None:
        """The time runs."""
        self.until = self.loop.time() + self.seconds
        if self.seconds < self.stopwatch.seconds:
            # Sooner than the others, and to the moment.
            self.loop.call_at(self.until, self.look, self.until)
        self.stopwatch.start()

    def __exit__(self, kind: type[BaseException] | None, fault: object, trace: TracebackType | None) -> None:
        """A cancellation of our own becomes `TimeoutError`; one that somebody else asked for stays what it is."""
        del fault, trace
        self.until, cancelled, self._cancelled = None, self._cancelled, None
        if cancelled is not None and self.task.uncancel() <= cancelled and kind is asyncio.CancelledError:
            raise TimeoutError

    def look(self, now: float) -> None:
        """Cut the task short if its time is over."""
        if self.until is not None and self.until <= now and self._cancelled is None:
            self._cancelled = self.task.cancelling()
            self.task.cancel()
