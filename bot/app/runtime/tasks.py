"""Ends tasks within a limit of time."""

import asyncio
from collections.abc import Collection
from typing import Any

LAST_PART = 0.5
"""Seconds before the end of the time at which tasks that still run are cancelled again."""


async def cancel_all(tasks: Collection[asyncio.Task[Any]], seconds: float) -> Collection[asyncio.Task[Any]]:
    """Cancel tasks and wait until they have ended, at most `seconds`; returns those that still run.

    A task may finish something first, such as the storing of a token; near the end of the time it is cancelled again.
    """
    running = {task for task in tasks if not task.done()}
    for timeout in (max(seconds - LAST_PART, 0), min(LAST_PART, seconds)):
        for task in running:
            task.cancel()
        if running:
            _, running = await asyncio.wait(running, timeout=timeout)
    for task in tasks:
        if task.done() and not task.cancelled():
            task.exception()  # otherwise asyncio logs that nobody looked at it
    return running
