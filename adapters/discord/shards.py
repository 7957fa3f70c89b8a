"""The gateway connections (shards) that Discord wants of a bot with many servers, and which of them are ours."""

from collections.abc import Iterable
from dataclasses import dataclass

SHIFT = 22
"""Discord assigns a server to the shard `(id >> 22) % count`. discord.com/developers/docs/events/gateway"""


@dataclass(frozen=True, slots=True)
class Shards:
    """The shards of this process: `ids`, out of `count`."""

    ids: tuple[int, ...] = (0,)
    count: int = 1

    def receives(self, tenant: str) -> bool:
        """Whether one of our shards receives the events of a server; True for a tenant that is no server's id."""
        return not tenant.isdecimal() or (int(tenant) >> SHIFT) % self.count in self.ids


def shard_names(count: int) -> list[str]:
    """The name of each shard's lease. The process with the first one also applies the token's rate limits."""
    return ["discord", *(f"discord/{number}" for number in range(1, count))]


def shards_named(names: Iterable[str], count: int) -> Shards:
    """The shards whose leases have these names."""
    ids = {name: number for number, name in enumerate(shard_names(count))}
    return Shards(tuple(sorted(ids[name] for name in names)), count)
