"""Who looks after which lane, where there is one process."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from bot.app.delivery.rate_limiter import loop_time
from bot.app.ports import Lease
from bot.storage.memory_data import Data


@dataclass(frozen=True, slots=True)
class MemoryLeases:
    """`ports.Leases` on a dict, by the clock of the event loop."""

    data: Data

    async def hold(self, wanted: Mapping[str, str], owner: str, seconds: float) -> Collection[str]:
        """What is over is anybody's."""
        now = loop_time()
        others = {name for name, (lease, until) in self.data.leases.items() if until > now and lease.owner != owner}
        taken = set(wanted) - others
        self.data.leases.update({name: (Lease(name, owner, wanted[name]), now + seconds) for name in taken})
        return taken

    async def give_back(self, names: Collection[str], owner: str) -> None:
        """Only what is ours."""
        for name in [each for each in names if each in self.data.leases and self.data.leases[each][0].owner == owner]:
            del self.data.leases[name]

    async def all(self) -> Sequence[Lease]:
        """By name."""
        now = loop_time()
        return [lease for _, (lease, until) in sorted(self.data.leases.items()) if until > now]

    async def lapsed(self, owner: str) -> Collection[str]:
        """By the clock of the event loop."""
        now = loop_time()
        return {name for name, (lease, until) in self.data.leases.items() if until <= now and lease.owner != owner}
