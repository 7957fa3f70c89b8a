"""Who was at which private address a moment ago, with the bodies that were made for them."""

from collections.abc import Callable
from dataclasses import dataclass, field

from cachetools import LRUCache

from adapters.web.bodies import Body
from bot.app.pages import Visit, Visits
from bot.domain.attendee.private_address import digest_of

FRESH = 1.0
"""Seconds for which the store is not asked again. A revoked address works for so long in another process."""
MOST = 2_000
"""Addresses in memory. A page and a calendar have about 30 KiB together, so this is about 60 MiB at most."""


@dataclass(slots=True, eq=False)
class Seen:
    """A visit, when the store was asked for it, and the bodies that show it."""

    visit: Visit
    checked_at: float
    bodies: dict[str, Body] = field(default_factory=dict)


@dataclass(slots=True)
class PrivateCache:
    """Asks the store once a second at most for one address, and makes a body anew only if what it shows has changed.

    Attributes:
        timer: the present time in seconds, from a clock that never goes back.
    """

    visits: Visits
    timer: Callable[[], float]
    fresh: float = FRESH
    _seen: LRUCache[str, Seen] = field(default_factory=lambda: LRUCache(MOST), repr=False)

    async def get(self, secret: str) -> Seen | None:
        """Return who has this secret in their address; None if nobody has.

        Raises:
            StoreError: the database does not answer.
        """
        digest, now = digest_of(secret), self.timer()
        seen = self._seen.get(digest)
        if seen is not None and now - seen.checked_at < self.fresh:
            return seen
        visit = await self.visits.find(secret)
        if visit is None:
            self._seen.pop(digest, None)
            return None
        if seen is None or not visit.is_like(seen.visit):
            seen = Seen(visit, now)
        seen.checked_at = now
        self._seen[digest] = seen
        return seen

    def expire(self, secret: str) -> None:
        """Ask the store again at the next request, because something was changed."""
        if seen := self._seen.get(digest_of(secret)):
            seen.checked_at = float("-inf")
