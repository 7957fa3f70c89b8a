"""A limit on how long we wait for an answer, with one timer for all who wait.

`asyncio.timeout` sets and cancels one for each, which in a peak costs as much as writing the message.
"""

import asyncio
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

LOOKS = 40
"""How often it looks in the time that it gives: who takes longer is cut short at most so much later."""


@dataclass(slots=True)
class Stopwatch:
    """`with` it cuts a task short that is in the block for more than `seconds`: it raises `TimeoutError`.

    Many tasks may be in it at once, each once.
    """

    seconds: float
    _since: dict[asyncio.Task[Any], float] = field(default_factory=dict)
    _cut: dict[asyncio.Task[Any], int] = field(default_factory=dict)
    _looks: bool = False

    def __enter__(self) -> None:
        """The time runs."""
        loop = asyncio.get_running_loop()
        self._since[_ourselves()] = loop.time()
        if not self._looks:
            self._look(loop)

    def __exit__(self, kind: type[BaseException] | None, fault: object, trace: TracebackType | None) -> None:
        """A cancellation of our own becomes `TimeoutError`; one that somebody else asked for stays what it is."""
        del fault, trace
        task = _ourselves()
        del self._since[task]
        if task in self._cut and task.uncancel() <= self._cut.pop(task) and kind is asyncio.CancelledError:
            raise TimeoutError

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        self._looks = bool(self._since)
        if self._looks:
            latest = loop.time() - self.seconds
            for task in [task for task, since in self._since.items() if since <= latest and task not in self._cut]:
                self._cut[task] = task.cancelling()
                task.cancel()
            loop.call_later(self.seconds / LOOKS, self._look, loop)


def _ourselves() -> asyncio.Task[Any]:
    task = asyncio.current_task()
    assert task, "only a task can wait"
    return task
