"""The counted walks of a conference, from which its walking times are learned."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.walks.publishing import LegState
from bot.domain.walks.voice import Voice
from bot.domain.walks.walk import Cells, Walk, WalkedLeg


@dataclass(frozen=True, slots=True)
class Promise:
    """How many people followed the advice for a leg within one hour, without names.

    Attributes:
        hour: its begin, UTC.
        followed: people who said that they were on their way.
        arrived: those of them who said within the promised minutes that they were there.
        late: those of them who said later that they were there, or that they were not there yet.
        minutes: the sum of the promised minutes of all of them.
    """

    leg: WalkedLeg
    hour: datetime
    followed: int = 0
    arrived: int = 0
    late: int = 0
    minutes: int = 0

    def __add__(self, other: "Promise") -> "Promise":
        """Return the sum of both, with the hour of this one."""
        return Promise(
            self.leg,
            self.hour,
            self.followed + other.followed,
            self.arrived + other.arrived,
            self.late + other.late,
            self.minutes + other.minutes,
        )


class WalkCounts(Protocol):
    """The counted walks. A person is named by their platform and user id there; only a keyed hash of it is stored."""

    async def record(self, conference: str, platform: str, user: str, walk: Walk) -> Voice | None:
        """Count a walk.

        Returns:
            The person's earlier voice about this leg; None if this is their first walk on it.
        """
        ...

    async def cells(self, conference: str) -> Cells:
        """Return all counted walks."""
        ...

    async def states(self, conference: str) -> Mapping[WalkedLeg, LegState]:
        """Return, for each walked leg, how many people walked it, and how many of them since it was published."""
        ...

    async def waiting(self) -> Mapping[str, int]:
        """Return how many people walked since something was published, for each conference with a key."""
        ...

    async def mark_published(self, conference: str, legs: Collection[WalkedLeg]) -> None:
        """Record that these legs, and the values shared by all legs, were published from the walks so far."""
        ...

    async def count(self, conference: str, promise: Promise) -> None:
        """Add to the promises of a leg in an hour."""
        ...

    async def promises(self, conference: str) -> Sequence[Promise]:
        """Return the promises, by leg and hour."""
        ...

    async def forget(self, platform: str, user: str) -> None:
        """Remove the walks of a person from all conferences."""
        ...

    async def close(self, conference: str) -> bool:
        """Delete the key of a conference and all keyed hashes, so that no walk can be linked to a person any more.

        Returns:
            False if that was done before, or if nobody walked.
        """
        ...
