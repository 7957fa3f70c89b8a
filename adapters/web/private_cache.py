"""Cache of the people behind private addresses, with the bodies that were made for them."""

import asyncio
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, field
from functools import partial
from itertools import count

from cachetools import LRUCache

from adapters.web.bodies import Body
from adapters.web.changes import Changes
from bot.app.dispatcher import Precedence
from bot.app.pages import Visit, Visits
from bot.domain.attendee.private_address import digest_of, is_secret

MOST = 2_000
"""Addresses in memory. Each has the page that was shown last, about 25 KiB, so these are 50 MiB at most."""
MOST_BYTES = 32 * 1024 * 1024
"""Bytes of all other bodies: calendars, and pages of other days."""
NUMBERS = count()


@dataclass(slots=True, eq=False)
class Seen:
    """A visit with its fingerprint.

    Attributes:
        mark: the mark of the store before the visit was read.
        digest: the hash of the secret.
        last: the page that was shown last, and its name.
        number: part of the keys of the bodies that show this visit, and of no others.
    """

    visit: Visit
    mark: int
    digest: str = field(default="", repr=False)
    fingerprint: str = ""
    last: tuple[Hashable, Body | None] = (None, None)
    number: int = field(default_factory=lambda: next(NUMBERS))


@dataclass(slots=True)
class Bodies:
    """The bodies that were used most recently."""

    _bodies: LRUCache[Hashable, Body] = field(
        default_factory=lambda: LRUCache(MOST_BYTES, getsizeof=lambda body: body.size), repr=False
    )

    def get(self, seen: Seen, name: Hashable) -> Body | None:
        """Return a body that shows this visit; None if there is none yet."""
        last, body = seen.last
        return body if last == name else self._bodies.get((seen.number, name))

    def put(self, seen: Seen, name: Hashable, body: Body) -> None:
        """Store a body for the next request, in place of the one that was stored last."""
        last, before = seen.last
        if before is not None and before.size <= self._bodies.maxsize:
            self._bodies[seen.number, last] = before
        seen.last = name, body


@dataclass(slots=True)
class PrivateCache:
    """Asks the store for an address only if something may have changed.

    A body is made again only if what it shows has changed.

    Attributes:
        changes: says whether the store has to be asked again.
        precedence: says when it may be asked.
    """

    visits: Visits
    changes: Changes
    precedence: Precedence = field(default_factory=Precedence)
    bodies: Bodies = field(default_factory=Bodies)
    _seen: OrderedDict[str, Seen] = field(default_factory=OrderedDict, repr=False)
    """By secret: the process has the key that secrets are made from, and a hash costs as much as all else here."""
    _asking: dict[str, tuple[int, asyncio.Task[Seen | None]]] = field(default_factory=dict, repr=False)

    def last(self, secret: str) -> Seen | None:
        """Return the visit with this secret as it was last read from the store; it may be outdated."""
        return self._seen.get(secret)

    async def get(self, secret: str, seen: Seen | None) -> Seen | None:
        """Return the visit of the person whose address has this secret; None if no address has it.

        Args:
            secret: in the address.
            seen: what `last` returned.

        Raises:
            StoreError: the database does not answer.
        """
        if seen is not None:
            if self.changes.none_since(seen.mark):
                return seen
            if await self.changes.none_noticed_since(seen.mark):
                return seen
        return await asyncio.shield(self._ask(secret, self.changes.mark)) if is_secret(secret) else None

    def _ask(self, secret: str, mark: int) -> asyncio.Task[Seen | None]:
        """Read the store in a task that all waiting requests share; a read that began before a change is not shared."""
        asked, asking = self._asking.get(secret, (-1, None))
        if asking is not None and asked == mark:
            return asking
        task = asyncio.create_task(self._checked(secret, mark))
        self._asking[secret] = mark, task
        task.add_done_callback(partial(self._asked, secret))
        return task

    def _asked(self, secret: str, task: asyncio.Task[Seen | None]) -> None:
        if self._asking.get(secret, (-1, None))[1] is task:
            del self._asking[secret]
        if not task.cancelled():
            # Those who wait get the error; if nobody does, the next request asks again.
            task.exception()

    async def _checked(self, secret: str, mark: int) -> Seen | None:
        async with self.precedence.place():
            return await self._compared(secret, mark)

    async def _compared(self, secret: str, mark: int) -> Seen | None:
        """Read the fingerprint, and read everything only if the fingerprint has changed."""
        seen = self._seen.get(secret)
        fingerprint = await self.visits.fingerprint(secret)
        if seen is None or fingerprint is None or fingerprint != seen.fingerprint:
            await self.precedence.turn()
            # Read after the fingerprint: what changes in between is noticed the next time.
            visit = await self.visits.find(secret) if fingerprint else None
            if visit is None:
                self._seen.pop(secret, None)
                return None
            if seen is None or not visit.is_like(seen.visit):
                seen = Seen(visit, mark, digest_of(secret))
            seen.fingerprint = fingerprint or ""
        seen.mark = mark
        self._seen[secret] = seen
        self._seen.move_to_end(secret)
        if len(self._seen) > MOST:
            self._seen.popitem(last=False)
        return seen
