"""Leases on lanes, by which several processes divide the work.

The database arbitrates: a lane has one owner at a time, so that a token's limits are counted in one place. A process
that dies renews no lease, and the others take over its lanes. A lane called `discord/1` or `slack:T1` is shared among
the processes that serve `discord` or `slack`.
"""

import asyncio
import math
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

import structlog

from bot.app.delivery.rate_limiter import loop_time
from bot.app.ports import Lease, Store
from bot.domain.errors import StoreError

LEASE_SECONDS, RENEWAL_SECONDS = 10.0, 3.0
"""How long a lease lasts, which is the maximum time until a killed process is noticed; how often it is renewed."""
MARGIN = 1.0
"""This process stops relying on a lease so many seconds before it ends."""
LATE_RECORDS = 6.0
"""Maximum seconds that a process needs to record what it has sent.

Its claims are left to it for that long if it may be alive and only cut off from the database, as this process was.
"""
MEMBER = "member"

log = structlog.get_logger("hallway.leases")


def platform_of(name: str) -> str:
    """The platform in the name of a lane or a part of one."""
    return name.replace("/", ":").partition(":")[0]


@dataclass(slots=True)
class LeaseManager:
    """Holds the leases of one process, called `owner`, that serves `platforms`.

    `on_change` is called after it gained or lost a lane. `status` is published to other processes: by lane, why it
    rests, "" if it does not.
    """

    owner: str
    platforms: Collection[str]
    time: Callable[[], float] = loop_time
    on_change: Callable[[], None] = lambda: None
    lease_seconds: float = LEASE_SECONDS
    renewal_seconds: float = RENEWAL_SECONDS
    status: dict[str, str] = field(default_factory=dict)
    _wanted: set[str] = field(default_factory=set)
    _held: frozenset[str] = frozenset()
    _grace_periods: dict[str, float] = field(default_factory=dict)
    _renewed_at: float = -math.inf
    _steady_since: float = math.inf
    _sure_until: float = -math.inf
    _changed: asyncio.Condition = field(default_factory=asyncio.Condition)
    _soon: asyncio.Event = field(default_factory=asyncio.Event)

    def owns(self, name: str) -> bool:
        """Whether this process holds the lease now, by a monotonic clock and with a margin."""
        return name in self._held and self.time() < self._sure_until

    def want(self, names: Iterable[str]) -> None:
        """Add lanes to those of which this process takes a fair share; a new lane makes it renew its leases at once."""
        new = set(names) - self._wanted
        if new:
            self._wanted |= new
            self._soon.set()

    def owned(self, names: Iterable[str]) -> frozenset[str]:
        """Return those of `names` whose lease this process holds."""
        return frozenset(name for name in names if self.owns(name))

    def take_grace(self, name: str) -> float | None:
        """Pop the grace period in seconds before the claims of a lane's previous owner are taken over.

        None if the previous owner did not crash, or if the value was taken already.
        """
        return self._grace_periods.pop(name, None)

    def granted(self, names: Iterable[str]) -> frozenset[str]:
        """Return those of `names` that the last successful renewal granted.

        While the database cannot be used, the result does not change, although the leases run out. A connection that
        needs no database, on which people are asked to try again, therefore stays open until another process serves it.
        """
        return frozenset(names) & self._held

    async def changed(self, names: Collection[str], before: frozenset[str]) -> frozenset[str]:
        """Wait until a renewal grants other lanes of `names` than `before`; returns the granted ones."""
        async with self._changed:
            await self._changed.wait_for(lambda: self.granted(names) != before)
        return self.granted(names)

    async def renew(self, store: Store) -> None:
        """Renew the leases of this process, take free ones up to a fair share, and give back those beyond it."""
        begins, before = self.time(), (self._held, self.owned(self._held))
        members = {f"{MEMBER}:{platform}:{self.owner}" for platform in self.platforms}
        async with store.write_transaction() as work:
            asked, surplus = self._divided(await work.leases.all())
            lapsed = await work.leases.lapsed(self.owner)
            wanted = {name: self.status.get(name, "") for name in members | asked}
            held = await work.leases.hold(wanted, self.owner, self.lease_seconds)
            await work.leases.give_back(surplus, self.owner)
        self._grace_periods |= dict.fromkeys(set(held) & set(lapsed), self._grace(begins))
        self._held, self._sure_until = frozenset(held) - members, begins + self.lease_seconds - MARGIN
        await self._announce(before)

    async def keep(self, store: Store) -> None:
        """Renew until cancelled. A lease that cannot be renewed in time is lost."""
        while True:
            self._soon.clear()
            try:
                await self._renew_whole(store)
            except StoreError as error:
                log.warning("the leases could not be renewed", fault=str(error))
                if self.time() >= self._sure_until:
                    await self._announce((self._held, self._held))
            with suppress(TimeoutError):
                # Not `wait_for`: that of Python 3.11 loses a cancellation at the moment of the event.
                async with asyncio.timeout(self.renewal_seconds):
                    await self._soon.wait()

    async def _renew_whole(self, store: Store) -> None:
        """Renew; if cancelled, first let a renewal end that has begun.

        A transaction that is cut off may still commit, and may keep the lock of the database: then `leave` could not
        give back the leases, and the next process would wait for their end.
        """
        renewal = asyncio.create_task(self.renew(store))
        try:
            await asyncio.wait({renewal})
        except asyncio.CancelledError:
            await asyncio.wait({renewal})
            raise
        finally:
            if not renewal.cancel():
                renewal.exception()
        renewal.result()

    async def leave(self, store: Store) -> None:
        """Give back all leases, so that other processes need not wait for them to end."""
        members = {f"{MEMBER}:{platform}:{self.owner}" for platform in self.platforms}
        # Also what a renewal may have got whose end was not seen.
        names, self._held = self._held | self._wanted | members, frozenset()
        async with store.write_transaction() as work:
            await work.leases.give_back(names, self.owner)

    def _divided(self, leases: Collection[Lease]) -> tuple[set[str], set[str]]:
        """Return the lanes to ask for and the lanes to give back, by the leases of all processes."""
        owners = {lease.name: lease.owner for lease in leases}
        asked, surplus = set(), set()
        for platform in self.platforms:
            names = sorted(name for name in self._wanted if platform_of(name) == platform)
            share = math.ceil(len(names) / len(_members(owners, platform) | {self.owner}))
            mine = [name for name in names if owners.get(name) == self.owner]
            free = [name for name in names if name not in owners]
            asked |= set((mine + free)[:share])
            surplus |= set(mine[share:])
        return asked, surplus

    def _grace(self, now: float) -> float:
        """Return 0 if this process renewed all the time: the database answered, so the other process is dead."""
        if now - self._renewed_at > 2 * self.renewal_seconds:
            self._steady_since = now
        self._renewed_at = now
        return 0.0 if now - self._steady_since > self.renewal_seconds else LATE_RECORDS

    async def _announce(self, before: tuple[frozenset[str], frozenset[str]]) -> None:
        """Call `on_change` if the granted or owned lanes differ from `before`, which holds both sets."""
        now = (self._held, self.owned(self._held))
        if now != before:
            log.info("looks after", lanes=sorted(now[1]))
            async with self._changed:
                self._changed.notify_all()
            self.on_change()


def _members(owners: Mapping[str, str], platform: str) -> set[str]:
    prefix = f"{MEMBER}:{platform}:"
    return {owner for name, owner in owners.items() if name.startswith(prefix)}
