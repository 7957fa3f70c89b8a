"""Recognizes repeats across all processes: retried events, redelivered commands and double clicks."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256

import structlog
from cachetools import TLRUCache

from bot.app.ports import Clock, Store
from bot.domain.errors import StoreError

DELIVERY_WINDOW, CLICK_WINDOW = timedelta(hours=2), timedelta(seconds=2)
"""How long a redelivery is recognized (Slack stops after six minutes), and within which time two clicks are one."""
CACHE_SIZE = 20_000

log = structlog.get_logger("hallway.slack")

DeduplicationKey = tuple[timedelta, str]
"""How long a repeat is recognized, and what it is recognized by."""


def delivery_key(*parts: object) -> DeduplicationKey:
    """Return the key of something to which Slack gave an id."""
    return DELIVERY_WINDOW, _digest(*parts)


def click_key(*parts: object) -> DeduplicationKey:
    """Return the key of a click: who pressed which button, and where."""
    return CLICK_WINDOW, _digest(*parts)


def _digest(*parts: object) -> str:
    return "slack " + sha256("\n".join(map(str, parts)).encode()).hexdigest()[:32]


@dataclass(slots=True)
class Deduplicator:
    """Remembers in memory what this process received, and asks the store what other processes received."""

    store: Store
    clock: Clock
    _seen_until: TLRUCache[str, datetime, datetime] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Each key expires at its own time, which is its value in the cache."""
        self._seen_until = TLRUCache(CACHE_SIZE, lambda _key, until, _now: until, timer=self.clock.now)

    async def is_first(self, keys: Iterable[DeduplicationKey], *, everywhere: bool) -> bool:
        """Return whether none of the keys was seen before, and remember them.

        Args:
            keys: what the event, command or click is recognized by.
            everywhere: also ask the store what other processes saw. A command that only reads does not need this,
                because answering it twice does no harm. If the store is unavailable, the answer is True.
        """
        now = self.clock.now()
        seen_until = {key: now + window for window, key in keys}
        if any(key in self._seen_until for key in seen_until):
            return False
        self._seen_until.update(seen_until)
        if not everywhere:
            return True
        try:
            async with self.store.write_transaction() as work:
                return len(await work.idempotency_keys.claim(seen_until, now)) == len(seen_until)
        except StoreError as fault:
            # The command meets the same fault and reports it to the user.
            log.warning("cannot see whether this came before", fault=str(fault))
            return True
