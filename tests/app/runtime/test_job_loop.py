"""The ticker: delivers when rung, asks to be woken, survives faults, stops when told."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.app.runtime.job_loop import RETRY_AFTER, JobLoop
from bot.domain.errors import StoreError
from tests.builders import at
from tests.fakes.app_harness import AppHarness


@dataclass
class QueuedTimer:
    """Keeps what it is asked for, for the test to wait on."""

    asked: asyncio.Queue[datetime | None] = field(default_factory=asyncio.Queue)

    def wake_at(self, moment: datetime | None) -> None:
        self.asked.put_nowait(moment)


@asynccontextmanager
async def running(app: AppHarness) -> AsyncIterator[tuple[JobLoop, QueuedTimer]]:
    timer = QueuedTimer()
    loop = JobLoop(app.scheduler, app.clock, timer)
    task = asyncio.create_task(loop.run())
    try:
        yield loop, timer
    finally:
        loop.stop()
        await task


async def test_it_delivers_what_is_due_and_sleeps_until_the_next(app: AppHarness) -> None:
    await app.all("/hotel Venetian", "/attend SEC203")
    async with running(app) as (loop, timer):
        assert await timer.asked.get() == at(10, 12)
        app.clock.move_to(at(10, 12))
        loop.wake()
        assert await timer.asked.get() == at(18)
    assert [message.kind for message in app.post.sent] == ["leave-by"]


async def test_a_fault_of_the_store_is_waited_out(app: AppHarness) -> None:
    good = app.store

    class Broken:
        def read_transaction(self) -> object:
            message = "gone"
            raise StoreError(message)

        write_transaction = read_transaction

    app.scheduler.store = Broken()  # type: ignore[assignment]  # a store that fails
    async with running(app) as (loop, timer):
        assert await timer.asked.get() == app.clock.now() + RETRY_AFTER
        app.scheduler.store = good
        app.clock.move_to(app.clock.now() + timedelta(seconds=5))
        loop.wake()
        assert await timer.asked.get() is None
