"""Who was at which private address a moment ago, with the bodies that were made for them."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from cachetools import LRUCache

from adapters.web.bodies import Body
from bot.app.pages import Visit, Visits
from bot.domain.attendee.private_address import digest_of

FRESH, USABLE = 1.0, 5.0
"""Seconds for which the store is not asked again, and for which the last answer is used while it is asked.

A revoked address works for at most so long. Without the second number, everybody who opens a page in a busy moment
would wait for the database.
"""
MOST = 2_000
"""Addresses in memory. A page and a calendar have about 30 KiB together, so this is about 60 MiB at most."""


@dataclass(slots=True, eq=False)
class Seen:
    """A visit with its fingerprint, when the store was asked for it, and the bodies that show it."""

    visit: Visit
    checked_at: float
    fingerprint: str = ""
    bodies: dict[str, Body] = field(default_factory=dict)


@dataclass(slots=True)
class PrivateCache:
    """Asks the store once a second at most for one address, and makes a body again only if what it shows has changed.

    Attributes:
        timer: the present time in seconds, from a clock that never goes back.
    """

    visits: Visits
    timer: Callable[[], float]
    fresh: float = FRESH
    usable: float = USABLE
    _seen: LRUCache[str, Seen] = field(default_factory=lambda: LRUCache(MOST), repr=False)
    _asking: dict[str, asyncio.Task[Seen | None]] = field(default_factory=dict, repr=False)

    async def get(self, secret: str) -> Seen | None:
        """Return who has this secret in their address; None if nobody has.

        Raises:
            StoreError: the database does not answer.
        """
        digest = digest_of(secret)
        seen = self._seen.get(digest)
        age = self.timer() - seen.checked_at if seen is not None else self.usable
        if seen is not None and age < self.fresh:
            return seen
        asking = self._asking.get(digest) or self._ask(digest, secret)
        if seen is not None and age < self.usable:
            return seen
        return await asyncio.shield(asking)

    def _ask(self, digest: str, secret: str) -> asyncio.Task[Seen | None]:
        """Ask the store in a task of its own, once for all who wait."""
        task = self._asking[digest] = asyncio.create_task(self._checked(digest, secret))
        task.add_done_callback(partial(self._asked, digest))
        return task

    def _asked(self, digest: str, task: asyncio.Task[Seen | None]) -> None:
        del self._asking[digest]
        if not task.cancelled():
            # Those who wait get the error; if nobody does, the next request asks again.
            task.exception()

    async def _checked(self, digest: str, secret: str) -> Seen | None:
        now, seen = self.timer(), self._seen.get(digest)
        fingerprint = await self.visits.fingerprint(secret)
        if seen is None or fingerprint is None or fingerprint != seen.fingerprint:
            # Read after the fingerprint: what changes in between is noticed the next time.
            visit = await self.visits.find(secret) if fingerprint else None
            if visit is None:
                self._seen.pop(digest, None)
                return None
            if seen is None or not visit.is_like(seen.visit):
                seen = Seen(visit, now)
            seen.fingerprint = fingerprint or ""
        seen.checked_at = now
        self._seen[digest] = seen
        return seen

    def expire(self, secret: str) -> None:
        """Ask the store again at the next request, because something was changed."""
        if seen := self._seen.get(digest_of(secret)):
            seen.checked_at = float("-inf")
