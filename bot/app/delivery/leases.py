"""The keeper: holds the leases of what this process looks after, and shares with other processes what there is.

The database arbitrates: a lane has one owner at a time, so that a token's limits are counted in one place. Who dies
renews no lease, and the others take over. What is called `discord/1` or `slack:T1` is shared among those who serve
`discord` or `slack`.
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
"""Who is killed is missed after the one at the latest, and the others look as often as the other."""
MARGIN = 1.0
"""Seconds for which a lease still lasts when we stop relying on it."""
LATE_RECORDS = 6.0
"""Seconds for which what a process had claimed is left to it, if it may be alive and was cut off as we were: so long it
needs at most to record what it has sent."""
MEMBER = "member"

log = structlog.get_logger("hallway.keeper")


def platform_of(name: str) -> str:
    """The platform in the name of a lane or a part of one."""
    return name.replace("/", ":").partition(":")[0]


@dataclass(slots=True)
class LeaseManager:
    """Of one process, called `owner`, that serves `platforms`; `on_change` is told when it gained or lost something.

    `said` is what others shall read about a lane.
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
    _inherited: dict[str, float] = field(default_factory=dict)
    _renewed_at: float = -math.inf
    _steady_since: float = math.inf
    _sure_until: float = -math.inf
    _changed: asyncio.Condition = field(default_factory=asyncio.Condition)
    _soon: asyncio.Event = field(default_factory=asyncio.Event)

    def owns(self, name: str) -> bool:
        """Whether this process looks after it now: sure, by a clock that nobody sets."""
        return name in self._held and self.time() < self._sure_until

    def want(self, names: Iterable[str]) -> None:
        """Take a fair share of these too, at once if that is news."""
        new = set(names) - self._wanted
        if new:
            self._wanted |= new
            self._soon.set()

    def owned(self, names: Iterable[str]) -> frozenset[str]:
        """Those of `names` that this process looks after."""
        return frozenset(name for name in names if self.owns(name))

    def inherited(self, name: str) -> float | None:
        """How many seconds to leave what was claimed in a lane to who had it before; None if nobody died there.

        It is told once.
        """
        return self._inherited.pop(name, None)

    async def changed(self, names: Collection[str], known: frozenset[str]) -> frozenset[str]:
        """Wait until this process looks after others of `names` than the `known` ones; gives them."""
        async with self._changed:
            await self._changed.wait_for(lambda: self.owned(names) != known)
        return self.owned(names)

    async def renew(self, store: Store) -> None:
        """Renew what is held, take what is free up to a fair share, leave what is more."""
        begins, before = self.time(), self.owned(self._held)
        members = {f"{MEMBER}:{platform}:{self.owner}" for platform in self.platforms}
        async with store.write_transaction() as work:
            asked, surplus = self._divided(await work.leases.all())
            lapsed = await work.leases.lapsed(self.owner)
            wanted = {name: self.status.get(name, "") for name in members | asked}
            held = await work.leases.hold(wanted, self.owner, self.lease_seconds)
            await work.leases.give_back(surplus, self.owner)
        self._inherited |= dict.fromkeys(set(held) & set(lapsed), self._patience(begins))
        self._held, self._sure_until = frozenset(held) - members, begins + self.lease_seconds - MARGIN
        await self._tell(before)

    async def keep(self, store: Store) -> None:
        """Renew for as long as it runs; what cannot be renewed in time is not ours any more."""
        while True:
            self._soon.clear()
            try:
                await self.renew(store)
            except StoreError as fault:
                log.warning("the leases could not be renewed", fault=str(fault))
                if self.time() >= self._sure_until:
                    await self._tell(self._held)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._soon.wait(), self.renewal_seconds)

    async def leave(self, store: Store) -> None:
        """Give back everything, so that others need not wait."""
        members = {f"{MEMBER}:{platform}:{self.owner}" for platform in self.platforms}
        held, self._held = self._held, frozenset()
        async with store.write_transaction() as work:
            await work.leases.give_back(held | members, self.owner)

    def _divided(self, leases: Collection[Lease]) -> tuple[set[str], set[str]]:
        """What to ask for and what to give back, by what everybody holds."""
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

    def _patience(self, now: float) -> float:
        """None with who did not renew while we did: the database was there, so that process is not."""
        if now - self._renewed_at > 2 * self.renewal_seconds:
            self._steady_since = now
        self._renewed_at = now
        return 0.0 if now - self._steady_since > self.renewal_seconds else LATE_RECORDS

    async def _tell(self, before: frozenset[str]) -> None:
        now = self.owned(self._held)
        if now != before:
            log.info("looks after", lanes=sorted(now))
            async with self._changed:
                self._changed.notify_all()
            self.on_change()


def _members(owners: Mapping[str, str], platform: str) -> set[str]:
    prefix = f"{MEMBER}:{platform}:"
    return {owner for name, owner in owners.items() if name.startswith(prefix)}
