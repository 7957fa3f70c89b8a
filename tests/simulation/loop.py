"""An event loop whose time is its own: it never waits, it goes on to the next moment at which something happens."""

import asyncio
import selectors
from collections.abc import Callable, Mapping
from contextvars import Context
from typing import Any

from tests.simulation.crashable import MORTAL

ROUND = 1e-6
"""Seconds that one round of the loop takes: a time that stood still would be waited for for ever."""


class StuckError(Exception):
    """Nothing will ever happen again."""


class _Jumps(selectors.SelectSelector):
    """Waits for no file: where the loop would sleep, its time jumps."""

    def __init__(self, jump: Callable[[float], None]) -> None:
        super().__init__()
        self.jump = jump

    def select(self, timeout: float | None = None) -> list[Any]:
        if timeout is None:
            raise StuckError
        self.jump(max(timeout, 0.0) + ROUND)
        return []


class VirtualLoop(asyncio.SelectorEventLoop):
    """`asyncio` in virtual seconds. What would run in a thread runs at once, so that the same seed is the same day."""

    def __init__(self) -> None:
        self.elapsed = 0.0
        super().__init__(_Jumps(self._jump))
        self.set_task_factory(tracked)
        self.set_exception_handler(ignored)

    def time(self) -> float:
        return self.elapsed

    def run_in_executor(self, executor: Any, func: Any, *args: Any) -> Any:  # type: ignore[override]
        done = self.create_future()
        try:
            done.set_result(func(*args))
        except Exception as error:  # noqa: BLE001 — whoever waits for it gets it
            done.set_exception(error)
        return done

    def _jump(self, seconds: float) -> None:
        self.elapsed += seconds


def tracked(loop: asyncio.AbstractEventLoop, coroutine: Any, *, context: Context | None = None) -> asyncio.Task[Any]:
    """A task belongs to the process that began it, and dies with it."""
    task: asyncio.Task[Any] = asyncio.Task(coroutine, loop=loop, context=context)
    if mortal := MORTAL.get():
        mortal.tasks[task] = None
        task.add_done_callback(lambda done: mortal.tasks.pop(done, None))
    return task


def ignored(loop: asyncio.AbstractEventLoop, context: Mapping[str, Any]) -> None:
    """What the tasks of the dead leave behind is nobody's business; a fault of the living is checked for."""
