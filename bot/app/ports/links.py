"""The links between communities, and the offers from which they come."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.announcements.link import CommunityLink


class Links(Protocol):
    """Links between two communities, and one pending offer for each community.

    An offer is accepted with a one-time code. Only the digest of the code is stored.
    """

    async def all(self, community: int | None = None) -> Sequence[CommunityLink]:
        """Return the links, or those of one community, in the order in which they were made."""
        ...

    async def add(self, link: CommunityLink) -> None:
        """Add a link, or replace the one between the same communities."""
        ...

    async def remove(self, link: CommunityLink) -> bool:
        """Delete a link. Returns False if the communities were not linked."""
        ...

    async def add_offer(self, community: int, digest: str, until: datetime) -> None:
        """Store an offer that is valid until `until`. It replaces an earlier offer of the community."""
        ...

    async def find_offer(self, digest: str, now: datetime) -> int | None:
        """Return the community that made the offer, None if the offer is unknown or expired."""
        ...

    async def accept_offer(self, digest: str, now: datetime) -> int | None:
        """Delete the offer and return its community as `find_offer` does.

        If several communities accept at once, only one of them gets a result.
        """
        ...
