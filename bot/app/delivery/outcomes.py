"""What became of the messages: recorded every 25 ms, so that a crash leaves at most what was in flight unrecorded."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from types import MappingProxyType
from typing import Any, NamedTuple

import structlog

from bot.app.ports import Outcome, Store
from bot.domain.attendee.attendee import Community, Reach
from bot.domain.attendee.last_notified import LastNotified
from bot.domain.errors import StoreError
from bot.domain.nudges.nudge import Nudge

FLUSH_SECONDS = 0.025
STORED_AT_ONCE = 1_000
"""In one transaction: what prepares it must not hold up the event loop."""
LONGEST_PAUSE = 5.0
"""Seconds between two tries to record, while the store fails."""

log = structlog.get_logger("hallway.outbox")


Reached = Mapping[int, Reach]
"""How attendees were reached, by id."""
Learnt = Mapping[tuple[int, str], LastNotified]
"""What attendees know of sessions by now."""


NOTHING: Mapping[Any, Any] = MappingProxyType({})


class AttemptResult(NamedTuple):
    """What one attempt taught us: its outcome, how its reader was reached, and what they know of a conference by it.

    `owes` is what is owed to them instead. Of its lane: `answered` is whether the platform answered, None where it was
    not asked; `pause` is how long it wants nothing more, and `why`.
    """

    outcome: Outcome
    reached: Reached = NOTHING
    conference: str = ""
    learnt: Learnt = NOTHING
    owes: tuple[Community, Nudge] | None = None
    answered: bool | None = None
    pause: timedelta | None = None
    why: str = ""


@dataclass(slots=True)
class OutcomeWriter:
    """Keeps entries until they are stored; what cannot be stored now is kept and tried again."""

    store: Store
    _entries: list[AttemptResult] = field(default_factory=list)
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    _users: int = 0
    _flusher: asyncio.Task[None] | None = None

    @property
    def pending(self) -> int:
        """How many are not stored yet."""
        return len(self._entries)

    def add(self, entry: AttemptResult) -> None:
        """To be stored within 25 ms."""
        self._entries.append(entry)

    async def record(self) -> None:
        """Store everything that was added so far; raises `StoreError`, and keeps what is not stored."""
        async with self._turn:
            left = len(self._entries)
            while left > 0:
                entries = self._entries[: min(left, STORED_AT_ONCE)]
                await self._store(entries)
                del self._entries[: len(entries)]
                left -= len(entries)

    async def _store(self, entries: list[AttemptResult]) -> None:
        async with self.store.write_transaction() as work:
            await work.deliveries.record_outcomes([entry.outcome for entry in entries])
            reached = [entry.reached for entry in entries if entry.reached]
            await work.people.save_reach({who: reach for each in reached for who, reach in each.items()})
            owed = [entry.owes for entry in entries if entry.owes]
            if owed:
                await work.deliveries.add(owed, entries[-1].outcome.at)
            taught = [entry for entry in entries if entry.learnt]
            for conference in {entry.conference for entry in taught}:
                about = (entry.learnt for entry in taught if entry.conference == conference)
                states = {key: known for each in about for key, known in each.items()}
                await work.attendances.save_last_notified(conference, states)

    @asynccontextmanager
    async def flushing(self) -> AsyncIterator[None]:
        """Records every 25 ms while the block runs, and the rest at its end."""
        self._users += 1
        if self._flusher is None:
            self._flusher = asyncio.create_task(self._flush())
        try:
            yield
        finally:
            self._users -= 1
            if self._users == 0 and self._flusher is not None:
                flusher, self._flusher = self._flusher, None
                flusher.cancel()
                with suppress(asyncio.CancelledError):
                    await flusher
        await self.record()

    async def _flush(self) -> None:
        pause = FLUSH_SECONDS
        while True:
            await asyncio.sleep(pause)
            try:
                # Shielded: who stops the flusher does not stop a transaction half way, which would be tried again.
                await asyncio.shield(self.record())
            except StoreError as fault:
                pause = min(pause * 2, LONGEST_PAUSE)
                log.warning("outcomes wait to be recorded", outcomes=self.pending, fault=str(fault))
            else:
                pause = FLUSH_SECONDS
