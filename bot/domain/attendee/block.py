"""An attendee's own entry between sessions: lunch, a meeting. It is planned like a session of this attendee only."""

import copy
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.schedule.conference import Schedule
from bot.domain.schedule.session import BLOCK, BLOCK_ID, Session

MOST_BLOCKS = 50
"""Blocks of one attendee at one conference: ten a day for five days."""
LONGEST_TITLE = 100
"""Characters."""
LONGEST = timedelta(hours=16)
UNTITLED = "Blocked"
_SHARED = ("by_id", "by_code", "day_by_id", "travel", "has_seats", "drop_ins", "_by_day", "_by_talk", "by_title")
"""Indexes of a schedule that are worth computing once, not once for each attendee with blocks."""


@dataclass(frozen=True, slots=True)
class Block:
    """One entry. `number` is unique among all attendees; `venue` is "" for a block without a place."""

    number: int
    starts_at: datetime
    ends_at: datetime
    title: str = UNTITLED
    venue: str = ""

    @property
    def id(self) -> str:
        """The id of the session that stands for the block."""
        return f"{BLOCK_ID}{self.number}"

    @property
    def session(self) -> Session:
        """The session that stands for the block on an agenda."""
        return Session(self.id, self.id, self.title, self.starts_at, self.ends_at, self.venue, kind=BLOCK)


def with_blocks(schedule: Schedule, blocks: Iterable[Block]) -> Schedule:
    """Return the schedule as one attendee has it: their blocks can be found by id, and no list contains them.

    Without blocks it is the very same schedule. Everything that blocks do not change is shared with it.
    """
    own = {block.id: block.session for block in blocks}
    if not own:
        return schedule
    for name in _SHARED:
        getattr(schedule, name)
    overlaid = copy.copy(schedule)
    zone = schedule.conference.tz
    overlaid.__dict__.update(
        by_id={**schedule.by_id, **own},
        by_code={**schedule.by_code, **{id_.upper(): session for id_, session in own.items()}},
        day_by_id={**schedule.day_by_id, **{id_: session.day(zone) for id_, session in own.items()}},
    )
    return overlaid
