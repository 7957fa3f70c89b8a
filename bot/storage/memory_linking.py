"""Links of communities, of the memory store."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.announcements.link import Link
from bot.storage.memory_data import Data


@dataclass(frozen=True, slots=True)
class MemoryLinks:
    """`ports.Links` on dicts."""

    data: Data

    async def of(self, community: int | None = None) -> Sequence[Link]:
        """By when they were made, then by id."""
        found = [each for each in self.data.links.values() if community in (None, each.one, each.other)]
        return sorted(found, key=lambda each: (each.since, each.one, each.other))

    async def add(self, link: Link) -> None:
        """Add or replace."""
        self.data.links[link.one, link.other] = link

    async def remove(self, link: Link) -> bool:
        """False if there was none."""
        return self.data.links.pop((link.one, link.other), None) is not None

    async def offer(self, community: int, digest: str, until: datetime) -> None:
        """Add or replace."""
        self.data.offers[community] = (digest, until)

    async def offered(self, digest: str, now: datetime) -> int | None:
        """Each is looked at."""
        return next((who for who, each in self.data.offers.items() if each[0] == digest and each[1] > now), None)

    async def take(self, digest: str, now: datetime) -> int | None:
        """Found and removed."""
        who = await self.offered(digest, now)
        if who is not None:
            del self.data.offers[who]
        return who


def forget_links(data: Data, community: int) -> None:
    """Its links, and what it offers, go with a community."""
    data.links = {pair: each for pair, each in data.links.items() if community not in pair}
    data.offers.pop(community, None)
