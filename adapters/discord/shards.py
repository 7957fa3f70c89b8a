"""The connections that Discord wants of a bot with many servers, and which of them are ours."""

from collections.abc import Iterable
from dataclasses import dataclass

SHIFT = 22
"""Of a server's id: the bits below it say nothing of when it was made. discord.com/developers/docs/events/gateway"""


@dataclass(frozen=True, slots=True)
class Shards:
    """Those with these `ids` of all `count`."""

    ids: tuple[int, ...] = (0,)
    count: int = 1

    def see(self, tenant: str) -> bool:
        """Whether we hear of a server."""
        return not tenant.isdecimal() or (int(tenant) >> SHIFT) % self.count in self.ids


def names_of(count: int) -> list[str]:
    """What each connection is called among processes: who has the first one also has the token's limits to keep."""
    return ["discord", *(f"discord/{number}" for number in range(1, count))]


def shards_of(names: Iterable[str], count: int) -> Shards:
    """Those that are called so."""
    known = {name: number for number, name in enumerate(names_of(count))}
    return Shards(tuple(sorted(known[name] for name in names)), count)
