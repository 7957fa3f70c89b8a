"""What organizers announce, whom it reaches and what became of it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from bot.app.ports.delivery import Delivery, DeliveryFilter, DeliveryState
from bot.domain.announcements.announcement import Announcement
from bot.domain.announcements.audience import AudienceFilter
from bot.domain.attendee.attendee import Attendee

ACTED = timedelta(days=30)
"""Who has acted as an organizer so lately is one, as far as a store can tell; who sends asks the platform."""


class Announcements(Protocol):
    """What organizers announce."""

    async def add(self, announcement: Announcement) -> Announcement:
        """Keep a new one; gives it with its id."""
        ...

    async def get(self, id_: int) -> Announcement | None:
        """The announcement; in a transaction that writes, nobody else changes it until that ends."""
        ...

    async def save(self, announcement: Announcement, wake_at: datetime | None) -> None:
        """Keep everything about it, found by its id, and when somebody has to look at it next."""
        ...

    async def of(self, community: int, limit: int) -> Sequence[Announcement]:
        """The newest of a community, newest first."""
        ...

    async def urgent(self, communities: Collection[int], since: datetime) -> Mapping[int, int]:
        """How many urgent ones each of these communities got that were confirmed since then, its own and others'."""
        ...

    async def claim(
        self, scopes: Collection[DeliveryFilter], now: datetime, until: datetime, limit: int
    ) -> Sequence[Announcement]:
        """Take those that somebody has to look at now, for nobody else until `until`."""
        ...

    async def next_due(self, scopes: Collection[DeliveryFilter]) -> datetime | None:
        """When somebody has to look at one next."""
        ...


@dataclass(frozen=True, slots=True)
class AudienceCount:
    """How many of an audience there are; `dms` by the quiet hours of those whom a direct message may go to.

    `silent` have not agreed to get announcements so; `unreachable` have, and their platform refuses.
    """

    people: int = 0
    silent: int = 0
    unreachable: int = 0
    dms: Mapping[str, int] = field(default_factory=dict)

    @property
    def reached(self) -> int:
        """How many get a direct message."""
        return sum(self.dms.values())


class Audiences(Protocol):
    """The people of communities who are in an audience."""

    async def crowd(self, communities: Collection[int], conference: str, sieve: AudienceFilter) -> AudienceCount:
        """How many they are; nobody is read one by one.

        Who is in several communities of a platform counts once: as somebody who agreed if they did in one of them.
        """
        ...

    async def after(
        self, communities: Collection[int], conference: str, sieve: AudienceFilter, attendee: int, limit: int
    ) -> Sequence[Attendee]:
        """The next `limit` of them who agreed to get announcements, by id, from the one after `attendee` on."""
        ...


@dataclass(frozen=True, slots=True)
class DeliveryStats:
    """What became of an announcement so far.

    `states` counts its deliveries, `reasons` those that failed by why, `instead` those that went another way than a
    direct message. `next_at` is when the next of them is due, None if none is left.
    """

    states: Mapping[DeliveryState, int] = field(default_factory=dict)
    reasons: Mapping[str, int] = field(default_factory=dict)
    instead: int = 0
    next_at: datetime | None = None

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.states.values())

    @property
    def left(self) -> int:
        """Those that may still be sent."""
        return sum(self.states.get(state, 0) for state in LEFT)


LEFT = (DeliveryState.OWED, DeliveryState.CLAIMED, DeliveryState.HELD)


def percentile_ranks(number: int) -> tuple[int, int]:
    """Which of so many sorted values, counted from 0, are the median and the 99th percentile (nearest rank)."""
    return (number - 1) // 2, -(-99 * number // 100) - 1


class AnnouncementDeliveries(Protocol):
    """The deliveries of one announcement."""

    async def tally(self, announcement: int, community: int | None = None) -> DeliveryStats:
        """How far it is, in all or in one community."""
        ...

    async def delays(self, announcement: int) -> tuple[timedelta, timedelta] | None:
        """Median and 99th percentile of how late those that were sent went out, recalled or not; None if none was."""
        ...

    async def transition(self, announcement: int, to: DeliveryState, now: datetime, error: str = "") -> int:
        """Hold what is owed, owe what is held, or end both; says how many. What is claimed is not touched.

        What is ended in doubt is uncertain.
        """
        ...

    async def after(self, announcement: int, delivery: int, limit: int) -> Sequence[Delivery]:
        """The next of its deliveries, whatever became of them, by id."""
        ...

    async def record_amendments(self, marks: Mapping[int, tuple[DeliveryState, str]]) -> None:
        """Keep what became of messages that were edited or recalled."""
        ...
