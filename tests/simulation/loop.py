"""The event loop of a simulation: tasks belong to a simulated process, and die with it."""

import asyncio
from collections.abc import Mapping
from contextvars import Context
from typing import Any

from tests.simulation.crashable import MORTAL
from tests.support.virtual_time import VirtualLoop


def simulation_loop(*, threads: bool = False) -> VirtualLoop:
    """A virtual loop whose tasks can be killed together with their process; `threads` as for `VirtualLoop`."""
    loop = VirtualLoop(threads=threads)
    loop.set_task_factory(tracked)
    loop.set_exception_handler(ignored)
    return loop


def tracked(loop: asyncio.AbstractEventLoop, coroutine: Any, *, context: Context | None = None) -> asyncio.Task[Any]:
    """A task of the process that began it."""
    task: asyncio.Task[Any] = asyncio.Task(coroutine, loop=loop, context=context)
    if mortal := MORTAL.get():
        mortal.tasks[task] = None
        task.add_done_callback(lambda done: mortal.tasks.pop(done, None))
    return task


def ignored(loop: asyncio.AbstractEventLoop, context: Mapping[str, Any]) -> None:
    """Tasks of a killed process leave unhandled errors behind; the errors of living ones are checked elsewhere."""
