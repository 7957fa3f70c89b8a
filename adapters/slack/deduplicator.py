"""What comes twice is done once: retried events, redelivered commands and double clicks, in all processes together."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256

import structlog
from cachetools import TLRUCache

from bot.app.ports import Clock, Store
from bot.domain.errors import StoreError

A_DELIVERY, A_CLICK = timedelta(hours=2), timedelta(seconds=2)
"""How long Slack may deliver the same again (it stops after six minutes); within what two clicks are one."""
MOST_KNOWN = 20_000

log = structlog.get_logger("hallway.slack")

Name = tuple[timedelta, str]
"""For how long what by which something is known again counts."""


def delivered(*parts: object) -> Name:
    """Something that Slack gave an id of its own."""
    return A_DELIVERY, _name(*parts)


def clicked(*parts: object) -> Name:
    """Who pressed what and where."""
    return A_CLICK, _name(*parts)


def _name(*parts: object) -> str:
    return "slack " + sha256("\n".join(map(str, parts)).encode()).hexdigest()[:32]


@dataclass(slots=True)
class Deduplicator:
    """Knows in memory what this process has seen, and asks the store of the others where it matters."""

    store: Store
    clock: Clock
    _seen_until: TLRUCache[str, datetime, datetime] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Each name expires at its own time, which is its value."""
        self._seen_until = TLRUCache(MOST_KNOWN, lambda _name, until, _now: until, timer=self.clock.now)

    async def is_first(self, names: Iterable[Name], *, everywhere: bool) -> bool:
        """Whether none of the names was there before; with `everywhere` no other process may have met them either.

        What only reads does no harm if two processes do it; what writes asks `everywhere`.
        """
        now = self.clock.now()
        ends = {name: now + span for span, name in names}
        if any(name in self._seen_until for name in ends):
            return False
        self._seen_until.update(ends)
        if not everywhere:
            return True
        try:
            async with self.store.write_transaction() as work:
                return len(await work.idempotency_keys.claim(ends, now)) == len(ends)
        except StoreError as fault:
            # Whatever it was for will meet the same fault, and say so.
            log.warning("cannot see whether this came before", fault=str(fault))
            return True
