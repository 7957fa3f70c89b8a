"""Announcements, their audiences and their deliveries."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from bot.app.ports.delivery import Delivery, DeliveryFilter, DeliveryState
from bot.domain.announcements.announcement import Announcement
from bot.domain.announcements.audience import AudienceFilter
from bot.domain.attendee.attendee import Attendee

RECENT_ORGANIZER = timedelta(days=30)
"""A person who used an organizers' command within this time counts as an organizer when the store selects recipients.

Before it sends, the sender asks the platform.
"""


class Announcements(Protocol):
    """The announcements of organizers."""

    async def add(self, announcement: Announcement) -> Announcement:
        """Add an announcement and return it with its id."""
        ...

    async def get(self, id_: int) -> Announcement | None:
        """Return the announcement. In a write transaction its row is locked until the transaction ends."""
        ...

    async def save(self, announcement: Announcement, wake_at: datetime | None) -> None:
        """Update an announcement by its id.

        Args:
            announcement: with all its new values.
            wake_at: when `claim` returns it next, None for never.
        """
        ...

    async def of_community(self, community: int, limit: int) -> Sequence[Announcement]:
        """Return the newest `limit` announcements of a community, newest first."""
        ...

    async def waiting(self) -> Sequence[Announcement]:
        """Return the planned and held announcements by id. In a write transaction they are locked."""
        ...

    async def count_urgent(self, communities: Collection[int], since: datetime) -> Mapping[int, int]:
        """Count the urgent announcements that each community received and that were confirmed after `since`.

        Announcements of linked communities count too.
        """
        ...

    async def claim(
        self, scopes: Collection[DeliveryFilter], now: datetime, until: datetime, limit: int
    ) -> Sequence[Announcement]:
        """Lease announcements that have work to do by `now`; no other process can claim them before `until`."""
        ...

    async def next_due(self, scopes: Collection[DeliveryFilter]) -> datetime | None:
        """Return when the next announcement has work to do, None if none has."""
        ...


@dataclass(frozen=True, slots=True)
class AudienceCount:
    """The size of an audience.

    Attributes:
        people: all members.
        silent: those who have not agreed to get announcements as direct messages.
        unreachable: those who have agreed, but whose platform refuses direct messages.
        dms: the others, counted by their quiet hours ("" for none).
    """

    people: int = 0
    silent: int = 0
    unreachable: int = 0
    dms: Mapping[str, int] = field(default_factory=dict)

    @property
    def reached(self) -> int:
        """The number of members who get a direct message."""
        return sum(self.dms.values())


class Audiences(Protocol):
    """The members of communities who are in an audience."""

    async def count(self, communities: Collection[int], conference: str, audience: AudienceFilter) -> AudienceCount:
        """Count the audience in the database.

        A person in several communities of one platform counts once, and counts as having agreed if they agreed in
        one of them.
        """
        ...

    async def next_page(
        self, communities: Collection[int], conference: str, audience: AudienceFilter, attendee: int, limit: int
    ) -> Sequence[Attendee]:
        """Return the next `limit` members who agreed to get announcements, by id, after the id `attendee`."""
        ...


@dataclass(frozen=True, slots=True)
class DeliveryStats:
    """The progress of an announcement.

    Attributes:
        states: its deliveries by state.
        reasons: the failed deliveries by error.
        instead: deliveries that went to a private thread instead of a direct message.
        next_at: when the next delivery is due, None if none is left.
    """

    states: Mapping[DeliveryState, int] = field(default_factory=dict)
    reasons: Mapping[str, int] = field(default_factory=dict)
    instead: int = 0
    next_at: datetime | None = None

    @property
    def total(self) -> int:
        """The number of deliveries."""
        return sum(self.states.values())

    @property
    def remaining(self) -> int:
        """The number of deliveries that may still be sent."""
        return sum(self.states.get(state, 0) for state in LEFT)


LEFT = (DeliveryState.OWED, DeliveryState.CLAIMED, DeliveryState.HELD)


def percentile_ranks(number: int) -> tuple[int, int]:
    """Return the indices of the median and the 99th percentile in `number` sorted values (nearest rank)."""
    return (number - 1) // 2, -(-99 * number // 100) - 1


class AnnouncementDeliveries(Protocol):
    """The deliveries of one announcement."""

    async def stats(self, announcement: int, community: int | None = None) -> DeliveryStats:
        """Return the progress of an announcement, in total or in one community."""
        ...

    async def delays(self, announcement: int) -> tuple[timedelta, timedelta] | None:
        """Return the median and 99th percentile of the delay after the due time, None if nothing was sent.

        Recalled messages were sent and count too.
        """
        ...

    async def transition(self, announcement: int, to: DeliveryState, now: datetime, error: str = "") -> int:
        """Change the state of the announcement's unsent deliveries and return their number.

        Claimed deliveries do not change.

        Args:
            announcement: the id.
            to: `HELD` holds owed deliveries and `OWED` resumes held ones. Any other state ends both; those that may
                already have been sent become `UNCERTAIN` instead.
            now: the current time.
            error: the reason, stored with ended deliveries.
        """
        ...

    async def next_page(self, announcement: int, delivery: int, limit: int) -> Sequence[Delivery]:
        """Return the next `limit` deliveries in any state, by id, after the id `delivery`."""
        ...

    async def record_amendments(self, states: Mapping[int, tuple[DeliveryState, str]]) -> None:
        """Store the states and errors of messages that were edited or recalled, by delivery id."""
        ...
