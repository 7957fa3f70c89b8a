"""Values by name, and keys of work that must be done once."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Protocol


class KeyValueStore(Protocol):
    """Values that processes share, by name: for example, which commands a platform has."""

    async def get(self, name: str) -> str | None:
        """Return the value of `name`, None if there is none."""
        ...

    async def put(self, name: str, value: str) -> None:
        """Add or replace the value of `name`."""
        ...


class IdempotencyKeys(Protocol):
    """Keys of work that must be done once, although several processes or retries see it."""

    async def claim(self, ends: Mapping[str, datetime], now: datetime) -> Collection[str]:
        """Claim keys and return those that this call got; of concurrent callers, only one gets each key.

        Args:
            ends: for each key, when its claim expires. Until then no other call gets it.
            now: a claim that expires now or earlier is free.
        """
        ...

    async def remove_expired(self, now: datetime) -> None:
        """Delete the claims that expire now or earlier."""
        ...
