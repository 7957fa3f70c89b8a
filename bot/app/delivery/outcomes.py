"""Stores the results of attempts every 25 ms, so that a crash loses at most those of the last moment."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
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
"""Maximum results in one transaction: preparing more would block the event loop."""
LONGEST_PAUSE = 5.0
"""Maximum seconds between two tries to store, while the database fails."""

log = structlog.get_logger("hallway.delivery")


Reached = Mapping[int, Reach]
"""How attendees were reached, by id."""
NotifiedStates = Mapping[tuple[int, str], LastNotified]
"""The state of a session that an attendee was last notified of, by attendee and session id."""


NOTHING: Mapping[Any, Any] = MappingProxyType({})


class AttemptResult(NamedTuple):
    """The result of one attempt.

    Attributes:
        outcome: the new state of the delivery.
        reached: how its recipient was reached, if that changed.
        conference: the slug of the conference that `notified_states` is about.
        notified_states: the states of sessions that the recipient now knows.
        owes: a nudge that its recipient gets instead.
        answered: whether the platform answered; None if it was not asked.
        pause: how long the platform asks for no requests.
        why: the error behind `answered` or `pause`.
    """

    outcome: Outcome
    reached: Reached = NOTHING
    conference: str = ""
    notified_states: NotifiedStates = NOTHING
    owes: tuple[Community, Nudge] | None = None
    answered: bool | None = None
    pause: timedelta | None = None
    why: str = ""


@dataclass(slots=True)
class OutcomeWriter:
    """Holds results until they are stored. A result that cannot be stored now is tried again."""

    store: Store
    _results: list[tuple[datetime, AttemptResult]] = field(default_factory=list)
    _record_by: datetime | None = None
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    _users: int = 0
    _flusher: asyncio.Task[None] | None = None

    @property
    def pending(self) -> int:
        """How many results are not stored yet."""
        return len(self._results)

    def is_overdue(self, now: datetime) -> bool:
        """Whether a result is not stored yet that had to be by `now`."""
        return self._record_by is not None and now >= self._record_by

    def add(self, result: AttemptResult, record_by: datetime) -> None:
        """Store a result, within 25 ms; from `record_by` on it is overdue: its delivery might be claimed again."""
        if self._record_by is None or record_by < self._record_by:
            self._record_by = record_by
        self._results.append((record_by, result))

    async def record(self) -> None:
        """Store all results added so far. Raises `StoreError`; results that are not stored stay pending."""
        async with self._lock:
            remaining = len(self._results)
            while remaining > 0:
                results = self._results[: min(remaining, STORED_AT_ONCE)]
                await self._store([result for _, result in results])
                del self._results[: len(results)]
                remaining -= len(results)
            self._record_by = min((record_by for record_by, _ in self._results), default=None)

    async def _store(self, results: list[AttemptResult]) -> None:
        async with self.store.write_transaction() as work:
            await work.deliveries.record_outcomes([result.outcome for result in results])
            reached = [result.reached for result in results if result.reached]
            await work.people.save_reach({user: reach for by_person in reached for user, reach in by_person.items()})
            owed = [result.owes for result in results if result.owes]
            if owed:
                await work.deliveries.add(owed, results[-1].outcome.at)
            notifying = [result for result in results if result.notified_states]
            for conference in {result.conference for result in notifying}:
                about = (result.notified_states for result in notifying if result.conference == conference)
                await work.attendances.save_last_notified(
                    conference, {key: state for states in about for key, state in states.items()}
                )

    @asynccontextmanager
    async def flushing(self) -> AsyncIterator[None]:
        """Store results every 25 ms while the block runs, and the rest at its end."""
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
                # Shielded: cancelling the flusher must not cancel a transaction half way, which would be repeated.
                await asyncio.shield(self.record())
            except StoreError as error:
                pause = min(pause * 2, LONGEST_PAUSE)
                log.warning("outcomes wait to be recorded", outcomes=self.pending, fault=str(error))
            else:
                pause = FLUSH_SECONDS
