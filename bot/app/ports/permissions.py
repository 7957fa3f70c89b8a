"""Who organizes a community, and what was done with that right."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.announcements.organizer import AuditEntry, Organizer


class Organizers(Protocol):
    """Those whom a community made organizers; whoever manages it on its platform is one too, and is not kept here."""

    async def is_organizer(self, community: int, user: str, at: datetime) -> bool:
        """Whether somebody was made one and the right holds at that moment."""
        ...

    async def of(self, community: int) -> Sequence[Organizer]:
        """All of them, also those whose time is over, by when they were added."""
        ...

    async def add(self, community: int, organizer: Organizer) -> None:
        """Make somebody an organizer, or replace what was kept of them."""
        ...

    async def remove(self, community: int, user: str) -> bool:
        """Take the right back; False if there was none."""
        ...


class Audit(Protocol):
    """What was done with organizers' commands in a community, and what was refused.

    A deed of somebody who is forgotten stays, and says no longer whose it was or whom it was about.
    """

    async def note(self, community: int, deed: AuditEntry) -> int:
        """Keep a deed; gives its id. Of the refused ones the newest `MOST_REFUSED` are kept, of the others all."""
        ...

    async def failed(self, deed: int) -> None:
        """Nothing came of it."""
        ...

    async def latest(self, community: int, limit: int) -> Sequence[AuditEntry]:
        """The newest, newest first."""
        ...

    async def by(self, community: int, user: str) -> Sequence[AuditEntry]:
        """All that somebody did, newest first."""
        ...


MOST_REFUSED = 200
"""Whoever knocks all day fills no disk, and drives nothing out of the log but other refusals."""
