"""Counts of people, agendas and nudges, without names: for organizers, and for the metrics."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Protocol

from bot.domain.nudges.nudge import NudgeKind

LATE_AFTER = timedelta(minutes=1)
"""A nudge is late if it was sent more than this after its time and the patience of its kind."""


class NudgeOutcome(StrEnum):
    """The result of a nudge that was promised."""

    ON_TIME = "on-time"
    LATE = "late"
    UNCERTAIN = "uncertain"
    REFUSED = "refused"
    EXPIRED = "expired"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class PeopleCount:
    """The people of one platform: all, those who get reminders, and those who go to a session of a conference."""

    platform: str
    people: int
    reminded: int
    agendas: int


@dataclass(frozen=True, slots=True)
class NudgeCount:
    """The number of nudges of one kind on one platform with the same outcome."""

    platform: str
    kind: NudgeKind
    outcome: NudgeOutcome
    count: int


class Numbers(Protocol):
    """Counts, without names. Communities that Hallway left are not counted."""

    async def people(self, community: int | None = None, conference: str | None = None) -> Sequence[PeopleCount]:
        """Count the people by platform.

        Args:
            community: only its people; None counts all.
            conference: only agendas of this conference; None counts those of any.
        """
        ...

    async def nudges(self, community: int | None = None) -> Sequence[NudgeCount]:
        """Count the nudges whose outcome is known, by platform, kind and outcome. Reads all of them.

        Nudges that were withdrawn because they were no longer true, announcements, and messages to channels are left
        out: nobody was promised them.

        Args:
            community: only nudges to its people; None counts all.
        """
        ...

    async def going(self, community: int, conference: str, groups: Sequence[tuple[str, int]]) -> Mapping[int, int]:
        """Count the people of a community who go to at least one session of a group, by the number of the group.

        A group to which nobody goes is left out.

        Args:
            community: its id.
            conference: the slug of the conference.
            groups: pairs of a session's id and the number of a group.
        """
        ...
