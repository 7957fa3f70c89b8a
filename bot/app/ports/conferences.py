"""The conferences and their schedules."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.domain.schedule.conference import Conference, Schedule


@dataclass(frozen=True, slots=True)
class ConferenceRecord:
    """A conference, and who may follow it.

    Attributes:
        published: every community may follow it. Otherwise only its owner and communities linked with the owner may.
        archived: it is not offered to communities any more. Communities that follow it keep it.
        owner: the id of the community that imported it in a chat; None if the operator imported it.
    """

    conference: Conference
    published: bool = True
    archived: bool = False
    owner: int | None = None


class Conferences(Protocol):
    """The conferences and their schedules."""

    async def get(self, slug: str) -> Conference | None:
        """Return the conference without its sessions."""
        ...

    async def published(self) -> Sequence[Conference]:
        """Return the conferences that every community may follow, by slug."""
        ...

    async def available(self, communities: Collection[int]) -> Sequence[Conference]:
        """Return the published conferences and those that one of `communities` owns, by slug; none that is archived."""
        ...

    async def record(self, slug: str) -> ConferenceRecord | None:
        """Return the conference with who may follow it."""
        ...

    async def records(self) -> Sequence[ConferenceRecord]:
        """Return all conferences, by slug."""
        ...

    async def save_record(self, record: ConferenceRecord) -> None:
        """Update a conference by its slug, without its schedule."""
        ...

    async def delete(self, slug: str) -> None:
        """Delete the conference with all its data: sessions, feed, edits, choices of attendees and links.

        Communities that followed it follow no conference afterwards.
        """
        ...

    async def load(self, slug: str) -> Schedule | None:
        """Return the whole schedule.

        In a write transaction the schedule is locked: no other transaction can change it until this one ends.
        """
        ...

    async def save(self, schedule: Schedule, stored: Schedule | None = None, owner: int | None = None) -> None:
        """Store the schedule. Only differences to the stored one are written.

        Args:
            schedule: replaces the schedule of its conference.
            stored: the result of `load` in this transaction, if there is one. It saves reading the sessions again.
            owner: the id of the community that a new conference belongs to; a new one without an owner is published.
                A stored conference keeps its owner, and stays published or not.
        """
        ...
