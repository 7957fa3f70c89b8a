"""The organizers of a community, and the log of their commands."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.announcements.organizer import AuditEntry, Organizer

MAX_REFUSED_ENTRIES = 200
"""The number of refused entries that the log of a community keeps.

A person who is refused all day fills no disk, and removes only older refusals from the log.
"""


class Organizers(Protocol):
    """The organizers that a community named.

    People who manage the community on its platform are organizers too, but are not stored.
    """

    async def is_organizer(self, community: int, user: str, at: datetime) -> bool:
        """Whether the person was appointed and is still an organizer at the moment `at`."""
        ...

    async def of_community(self, community: int) -> Sequence[Organizer]:
        """Return the named organizers in the order in which they were added, including expired ones."""
        ...

    async def add(self, community: int, organizer: Organizer) -> None:
        """Add an organizer, or replace the stored one with the same user."""
        ...

    async def remove(self, community: int, user: str) -> bool:
        """Delete an organizer. Returns False if the person was not one."""
        ...


class Audit(Protocol):
    """The log of organizers' commands, permitted and refused.

    Entries of a person who is forgotten stay, without the name and id of that person.
    """

    async def add(self, community: int, entry: AuditEntry) -> int:
        """Store an entry and return its id.

        All permitted entries are kept, and the newest `MAX_REFUSED_ENTRIES` refused ones of each community.
        """
        ...

    async def mark_failed(self, entry: int) -> None:
        """Record that the command of this entry had no effect."""
        ...

    async def latest(self, community: int, limit: int) -> Sequence[AuditEntry]:
        """Return the newest `limit` entries, newest first."""
        ...

    async def by_user(self, community: int, user: str) -> Sequence[AuditEntry]:
        """Return the entries of one person, newest first."""
        ...
