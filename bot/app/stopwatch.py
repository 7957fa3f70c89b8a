"""A limit on how long we wait for an answer, with one timer for all who wait.

`asyncio.timeout` sets and cancels one for each, which in a peak costs as much as writing the message.
"""

import asyncio
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any
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
        made = Limit(self, task, task.get_loop())
        self._limits.add(made)
        return made

    def start(self) -> None:
        """Somebody waits."""
        if not self._looks:
            self._look()

    def _look(self) -> None:
        waiting = [limit for limit in self._limits if limit.since is not None]
        self._looks = bool(waiting)
        if self._looks:
            loop = asyncio.get_running_loop()
            for limit in waiting:
                limit.cut_short(loop.time() - self.seconds)
            loop.call_later(self.seconds / LOOKS, self._look)


@dataclass(slots=True, eq=False, weakref_slot=True)
class Limit:
    """`with` it cuts its `task` short that is in the block for longer than the stopwatch gives: with `TimeoutError`."""

    stopwatch: Stopwatch
    task: asyncio.Task[Any]
    loop: asyncio.AbstractEventLoop
    since: float | None = None
    """When the task entered the block that it is in."""
    _cancelled: int | None = None
    """How often somebody else had cancelled it when we did."""

    def __enter__(self) -> None:
        """The time runs."""
        self.since = self.loop.time()
        self.stopwatch.start()

    def __exit__(self, kind: type[BaseException] | None, fault: object, trace: TracebackType | None) -> None:
        """A cancellation of our own becomes `TimeoutError`; one that somebody else asked for stays what it is."""
        del fault, trace
        self.since, cancelled, self._cancelled = None, self._cancelled, None
        if cancelled is not None and self.task.uncancel() <= cancelled and kind is asyncio.CancelledError:
            raise TimeoutError

    def cut_short(self, latest: float) -> None:
        """If the task has been in the block since then or longer."""
        if self.since is not None and self.since <= latest and self._cancelled is None:
            self._cancelled = self.task.cancelling()
            self.task.cancel()
