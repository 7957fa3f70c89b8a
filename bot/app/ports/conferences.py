"""The conferences and their schedules."""

from collections.abc import Sequence
from typing import Protocol

from bot.domain.schedule.conference import Conference, Schedule


class Conferences(Protocol):
    """The conferences and their schedules."""

    async def get(self, slug: str) -> Conference | None:
        """Return the conference without its sessions."""
        ...

    async def published(self) -> Sequence[Conference]:
        """Return the conferences that every community may follow, by slug."""
        ...

    async def load(self, slug: str) -> Schedule | None:
        """Return the whole schedule.

        In a write transaction the schedule is locked: no other transaction can change it until this one ends.
        """
        ...

    async def save(self, schedule: Schedule, stored: Schedule | None = None) -> None:
        """Store and publish the schedule. Only differences to the stored one are written.

        Args:
            schedule: replaces the schedule of its conference.
            stored: the result of `load` in this transaction, if there is one. It saves reading the sessions again.
        """
        ...
