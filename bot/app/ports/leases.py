"""Leases on lanes: each lane is owned by one process at a time."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Lease:
    """A lease on a lane, held by one process at a time; `status` is why the lane rests, "" if it does not."""

    name: str
    owner: str
    status: str = ""


class Leases(Protocol):
    """Which process owns which lane. Leases are measured by the database's clock, which all processes share."""

    async def hold(self, wanted: Mapping[str, str], owner: str, seconds: float) -> Collection[str]:
        """Take or renew leases for `seconds`; returns the names that no other process holds.

        Args:
            wanted: the status of each lane, by name.
        """
        ...

    async def give_back(self, names: Collection[str], owner: str) -> None:
        """End these leases at once."""
        ...

    async def all(self) -> Sequence[Lease]:
        """Return the leases held now, ordered by name."""
        ...

    async def lapsed(self, owner: str) -> Collection[str]:
        """Return the lapsed leases of other owners: their process died or is cut off from the database."""
        ...
