"""Sessions and the talks they are sittings of."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum

from bot.domain.schedule.online import is_online, link_of
from bot.domain.times.zones import day_of
from bot.domain.travel.venue import Place

BLOCK, BLOCK_ID = "block", "block:"
"""The kind of an attendee's own entry, and how its id begins."""
_REPEAT = re.compile(r"-R\d*$")


def base_code(code: str) -> str:
    """Return the code without its repeat suffix: ARC301-R1 → ARC301."""
    return _REPEAT.sub("", code)


class Recorded(StrEnum):
    """Whether a session can be watched later."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class SessionState(StrEnum):
    """Whether a session takes place. UNLISTED: it vanished from its feed without being cancelled."""

    SCHEDULED = "scheduled"
    CANCELLED = "cancelled"
    UNLISTED = "unlisted"


@dataclass(frozen=True, slots=True)
class Session:
    """One sitting of a talk. `starts_at` and `ends_at` are UTC; `venue` is "" where it is unknown.

    `id` is stable over imports; `revision` rises whenever the time, the place or the state changes.

    Attributes:
        recording_url: the address where it can be watched; "" without one.
        recording_at: when the schedule had such an address first.
        overflow: the room for those who do not get in; "" without one.
    """

    id: str
    code: str
    title: str
    starts_at: datetime
    ends_at: datetime
    venue: str = ""
    room: str = ""
    abstract: str = ""
    speakers: tuple[str, ...] = ()
    track: str = ""
    level: str = ""
    kind: str = ""
    language: str = ""
    recorded: Recorded = Recorded.UNKNOWN
    state: SessionState = SessionState.SCHEDULED
    revision: int = 1
    recording_url: str = ""
    recording_at: datetime | None = None
    overflow: str = ""

    @property
    def appointment(self) -> tuple[datetime, datetime, str, str, SessionState]:
        """What people plan with; the revision rises when it changes."""
        return self.starts_at, self.ends_at, self.venue, self.room, self.state

    @property
    def can_be_watched(self) -> bool:
        """Whether it is or will be recorded."""
        return self.recorded is Recorded.YES or bool(self.recording_url)

    @property
    def talk(self) -> str:
        """The code without its repeat mark: the same for all sittings of one talk (ARC301-R1 → ARC301)."""
        return base_code(self.code)

    @property
    def place(self) -> Place | None:
        """Venue and room; None if the venue is unknown."""
        return Place(self.venue, self.room) if self.venue else None

    @property
    def online(self) -> bool:
        """Whether it is held in a meeting link, so that nobody walks or queues."""
        return not self.venue and is_online(self.room)

    @property
    def is_block(self) -> bool:
        """Whether it is an attendee's own entry, such as lunch or a meeting."""
        return self.kind == BLOCK and self.id.startswith(BLOCK_ID)

    @property
    def needs_no_walk(self) -> bool:
        """Whether nobody goes anywhere for it: it is online, or an own entry without a place."""
        return self.online or (not self.venue and self.is_block)

    @property
    def link(self) -> str:
        """The address of an online session; "" if it has none."""
        return link_of(self.room) if self.online else ""

    @property
    def length(self) -> timedelta:
        """How long it lasts."""
        return self.ends_at - self.starts_at

    @property
    def cancelled(self) -> bool:
        """Whether it was cancelled."""
        return self.state is SessionState.CANCELLED

    @property
    def listed(self) -> bool:
        """Whether the newest version of the schedule contains it."""
        return self.state is not SessionState.UNLISTED

    @property
    def takes_place(self) -> bool:
        """Whether it is neither cancelled nor unlisted."""
        return self.state is SessionState.SCHEDULED

    def overlaps(self, other: "Session") -> bool:
        """Whether both are in progress at some moment; back-to-back sessions do not overlap."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at

    def day(self, zone: tzinfo) -> date:
        """The conference day it belongs to."""
        return day_of(self.starts_at, zone)
