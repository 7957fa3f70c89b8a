"""The private addresses of attendees."""

from collections.abc import Mapping
from typing import Protocol

from bot.domain.attendee.private_address import CalendarEvent, PrivateAddress


class Addresses(Protocol):
    """The private addresses of attendees: at most one each. They are deleted with their attendee."""

    async def of_attendee(self, attendee: int) -> PrivateAddress | None:
        """Return the address of an attendee, None if there is none. A write transaction locks it."""
        ...

    async def put(self, attendee: int, address: PrivateAddress) -> None:
        """Store an address in place of an older one, which no longer works."""
        ...

    async def owner(self, digest: str) -> int | None:
        """Return the id of the attendee whose secret has this hash; None if there is none."""
        ...

    async def fingerprint(self, digest: str) -> str | None:
        """Return a text that changes with everything that an address shows: person, choices, schedules.

        Returns:
            None if no secret has this hash.
        """
        ...

    async def version(self) -> tuple[str, str]:
        """Return the state of the whole store, at a small part of the cost of a fingerprint.

        Returns:
            The connection that was asked, and a text: while it stays the same for one connection, no process has
            committed anything. It may change without a commit, too.
        """
        ...

    async def save_events(self, attendee: int, digest: str, events: Mapping[str, CalendarEvent]) -> None:
        """Store the events that calendars have; nothing happens if the address was replaced meanwhile."""
        ...
