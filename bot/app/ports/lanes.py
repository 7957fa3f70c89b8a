"""What waits in which community, and which process looks after what."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.app.ports.delivery import DeliveryFilter
from bot.domain.nudges.load_forecast import Load


class Backlog(Protocol):
    """What is owed, by counts: it tells which lanes have something to do, and how much is coming."""

    async def soonest(self, scopes: Collection[DeliveryFilter], until: datetime) -> Mapping[DeliveryFilter, datetime]:
        """By community, when something of it wants attention first; only where that is by `until`."""
        ...

    async def loads(self, scope: DeliveryFilter, until: datetime) -> Sequence[Load]:
        """How much is owed that is due by `until`, by when it may be sent and when it is late."""
        ...

    async def release(self, scope: DeliveryFilter, at: datetime) -> int:
        """What is claimed there is anybody's from `at` on: who claimed it is gone. Gives how much that is."""
        ...


@dataclass(frozen=True, slots=True)
class Lease:
    """Something that one process at a time looks after; `said` is what it has to say of it, "" if all is well."""

    name: str
    owner: str
    status: str = ""


class Leases(Protocol):
    """Who looks after which lane. The store's own clock decides, which all processes share."""

    async def hold(self, wanted: Mapping[str, str], owner: str, seconds: float) -> Collection[str]:
        """Take or renew for `seconds`, each with what is said of it; gives those that nobody else holds."""
        ...

    async def give_back(self, names: Collection[str], owner: str) -> None:
        """Leave these to others at once."""
        ...

    async def all(self) -> Sequence[Lease]:
        """Those that are held now, by name."""
        ...

    async def lapsed(self, owner: str) -> Collection[str]:
        """Those that somebody else than `owner` neither renewed nor gave back: that process has died, or is cut off."""
        ...
