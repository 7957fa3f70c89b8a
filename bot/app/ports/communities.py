"""The guilds and workspaces in which Hallway is or was installed."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.attendee.attendee import Community


class Communities(Protocol):
    """The guilds and workspaces in which Hallway is or was installed."""

    async def get(self, platform: str, tenant: str) -> Community | None:
        """Return the community, including one that Hallway was removed from."""
        ...

    async def add(self, platform: str, tenant: str) -> Community:
        """Return the community; create it if it is new."""
        ...

    async def save(self, community: Community) -> None:
        """Update a community by its id. Deletes its unsent deliveries if `left_at` is set."""
        ...

    async def by_id(self, communities: Collection[int]) -> Mapping[int, Community]:
        """Return the communities by id. Unknown ids are left out."""
        ...

    async def on_platform(self, platform: str) -> Sequence[Community]:
        """Return the communities of a platform by id, without those that Hallway was removed from."""
        ...

    async def with_digest(self) -> Sequence[Community]:
        """Return the communities with a channel for schedule changes, by id, without those that Hallway left."""
        ...

    async def by_page(self, page: str) -> Community | None:
        """Return the community with this public page; None if there is none, or if Hallway left the community."""
        ...

    async def pin(self, slug: str) -> None:
        """Let communities that have attendees but follow no conference follow this one."""
        ...

    async def following(self, slug: str) -> Sequence[Community]:
        """Return the communities that chose this conference, by id, without those that Hallway left."""
        ...

    async def of_user(self, platform: str, user: str) -> Sequence[Community]:
        """Return the communities in which a person uses Hallway: the current one first, then by id.

        Communities that Hallway was removed from are left out.
        """
        ...

    async def forget_left(self, before: datetime) -> int:
        """Delete the communities that Hallway left before `before`, with all their data, and return their number."""
        ...
