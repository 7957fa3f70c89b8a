"""Forked children end for those who wait for them, whatever they are sent before."""

import asyncio
import signal
import time
from multiprocessing.connection import wait

from tests.support.forked import start


async def test_a_child_that_is_killed_twice_has_ended_once() -> None:
    child = await start(time.sleep, 600)
    forked = child._transport._proc  # type: ignore[attr-defined]  # the second signal has to come after the end
    child.kill()
    wait([forked.sentinel])
    child.kill()
    async with asyncio.timeout(60):
        assert await child.wait() == -signal.SIGKILL
