"""The ticker: woken at the next due time, delivers what is due and asks to be woken again."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from bot.app.ports import Alarm, Clock
from bot.app.runtime.heartbeat import Heartbeat

AFTER_FAULT = timedelta(seconds=5)

log = structlog.get_logger("hallway.ticker")


class Errand(Protocol):
    """What is done whenever it is due: the outbox, the rounds of the feeds."""

    async def deliver_due(self) -> int:
        """Do what is due now; returns how much that was."""
        ...

    async def next_due(self) -> datetime | None:
        """When there is something to do next."""
        ...

    def stop(self) -> None:
        """Begin nothing more."""
        ...


@dataclass(frozen=True, slots=True)
class Errands:
    """Several as one: each is done in turn until none of them has anything left to do."""

    errands: Sequence[Errand]

    async def deliver_due(self) -> int:
        """Do what is due now, and what became due by that."""
        done = 0
        while more := sum([await each.deliver_due() for each in self.errands]):
            done += more
        return done

    async def next_due(self) -> datetime | None:
        """When there is something to do next."""
        return min([due for each in self.errands if (due := await each.next_due())], default=None)

    def stop(self) -> None:
        """Begin nothing more."""
        for each in self.errands:
            each.stop()


@dataclass(slots=True)
class JobLoop:
    """Runs an errand, such as the outbox, whenever it is rung. `ring` may be called from anywhere in the event loop.

    The event that it waits for may be shared with who rings it.
    """

    outbox: Errand
    clock: Clock
    alarm: Alarm
    rung: asyncio.Event = field(default_factory=asyncio.Event)
    pulse: Heartbeat = field(default_factory=Heartbeat)
    _stopping: bool = False

    def ring(self) -> None:
        """Something may be due."""
        self.rung.set()

    def stop(self) -> None:
        """Finish what is in flight, give back what is only claimed, then let `run` return."""
        self._stopping = True
        self.outbox.stop()
        self.rung.set()

    async def run(self) -> None:
        """Deliver until stopped. A fault of the store is waited out, for what is owed stays owed."""
        self.ring()
        try:
            while not self._stopping:
                await self._round()
        finally:
            self.pulse.stop()

    async def _round(self) -> None:
        self.pulse.beat()
        await self.rung.wait()
        # Cleared before we look: what is added while we do is seen by the next look, not slept through.
        self.rung.clear()
        if self._stopping:
            return
        self.pulse.beat()
        try:
            await self.outbox.deliver_due()
            self.alarm.wake_at(await self.outbox.next_due())
        # The ticker outlives every fault: what is owed stays owed, and is tried again.
        except Exception:
            log.exception("the ticker failed and tries again")
            self.alarm.wake_at(self.clock.now() + AFTER_FAULT)
