"""Which communities are linked, and which of them offers to be."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.announcements.link import Link


class Links(Protocol):
    """Links of communities, and the codes by which they come about: kept as digests, one for each community."""

    async def of(self, community: int | None = None) -> Sequence[Link]:
        """Those of a community, or all; by when they were made."""
        ...

    async def add(self, link: Link) -> None:
        """Keep it, instead of what was kept between the two."""
        ...

    async def remove(self, link: Link) -> bool:
        """Part the two; False if they were not linked."""
        ...

    async def offer(self, community: int, digest: str, until: datetime) -> None:
        """Whoever knows what the digest is of may link with `community` until then; its last offer is over."""
        ...

    async def offered(self, digest: str, now: datetime) -> int | None:
        """Whose offer it is, None if it is nobody's or over."""
        ...

    async def take(self, digest: str, now: datetime) -> int | None:
        """The same, and it is over then: of several who take it at once one has it."""
        ...
