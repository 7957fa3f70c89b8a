"""The attendees in the communities."""

from collections.abc import Collection, Mapping
from typing import Protocol

from bot.domain.attendee.attendee import Attendee, Reach


class People(Protocol):
    """The attendees in the communities."""

    async def find(self, platform: str, tenant: str, user: str) -> Attendee | None:
        """Return the attendee. In a write transaction the row is locked until the transaction ends."""
        ...

    async def join(self, platform: str, tenant: str, user: str, name: str = "") -> Attendee:
        """Return the attendee; create them and the community if they are new.

        Args:
            platform: the name of the platform.
            tenant: the platform's id of the guild or workspace.
            user: the platform's id of the person.
            name: replaces the stored name, unless it is empty.
        """
        ...

    async def by_id(self, attendees: Collection[int]) -> Mapping[int, Attendee]:
        """Return the attendees by id. Unknown ids are left out."""
        ...

    async def save(self, attendee: Attendee) -> None:
        """Update an attendee by id, except `community`, `reach` and `current`."""
        ...

    async def save_reach(self, reaches: Mapping[int, Reach]) -> None:
        """Store how attendees can be reached, by attendee id. Unknown ids are ignored."""
        ...

    async def set_current(self, attendee: Attendee) -> None:
        """Record that the person used Hallway last in this attendee's community."""
        ...

    async def forget(self, attendee: Attendee) -> None:
        """Delete the person from every community of the platform, with choices, deliveries and organizer rights.

        The audit log keeps their actions without their name and id.
        """
        ...
