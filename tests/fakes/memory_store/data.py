"""What the memory store keeps: plain dicts of frozen values."""

from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from typing import Any

from bot.app.ports import Delivery, DeliveryFilter, Installation, Lease
from bot.app.ports.walks import Promise
from bot.domain.announcements.announcement import Announcement
from bot.domain.announcements.link import CommunityLink
from bot.domain.announcements.organizer import AuditEntry, Organizer
from bot.domain.attendee.attendee import Attendance, Attendee, Community
from bot.domain.attendee.block import Block
from bot.domain.attendee.feedback import Feedback
from bot.domain.attendee.private_address import PrivateAddress
from bot.domain.imports.edits import SessionEdit
from bot.domain.imports.feed import Feed
from bot.domain.imports.upload import UploadedCopy
from bot.domain.schedule.conference import Schedule
from bot.domain.walks.voice import Voice
from bot.domain.walks.walk import Cells, WalkedLeg


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """A delivery with the moment at which somebody has to look at it next, and whose it is."""

    delivery: Delivery
    scope: DeliveryFilter
    wake_at: datetime | None


@dataclass(frozen=True, slots=True)
class VoiceRow:
    """What one person says about a leg; None in the row that only counts the person."""

    conference: str
    voice: Voice | None
    fresh: bool = True


@dataclass(slots=True)
class Data:
    """Everything that is stored. All values are frozen, so a shallow copy of each dict is a snapshot."""

    schedules: dict[str, Schedule] = field(default_factory=dict)
    states: dict[str, tuple[bool, bool, int | None]] = field(default_factory=dict)
    communities: dict[int, Community] = field(default_factory=dict)
    attendees: dict[int, Attendee] = field(default_factory=dict)
    chosen: dict[tuple[int, str, str], Attendance] = field(default_factory=dict)
    addresses: dict[int, PrivateAddress] = field(default_factory=dict)
    feedback: dict[tuple[int, str, str], Feedback] = field(default_factory=dict)
    blocks: dict[tuple[int, str, int], Block] = field(default_factory=dict)
    outbox: dict[str, OutboxRow] = field(default_factory=dict)
    marks: dict[str, str] = field(default_factory=dict)
    feeds: dict[str, tuple[Feed, datetime]] = field(default_factory=dict)
    copies: dict[str, bytes] = field(default_factory=dict)
    edits: dict[str, tuple[SessionEdit, ...]] = field(default_factory=dict)
    uploads: dict[int, UploadedCopy] = field(default_factory=dict)
    installations: dict[tuple[str, str], tuple[Installation, datetime | None]] = field(default_factory=dict)
    handshakes: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    organizers: dict[tuple[int, str], Organizer] = field(default_factory=dict)
    audit_entries: dict[int, tuple[int, AuditEntry]] = field(default_factory=dict)
    announcements: dict[int, tuple[Announcement, datetime | None]] = field(default_factory=dict)
    links: dict[tuple[int, int], CommunityLink] = field(default_factory=dict)
    offers: dict[int, tuple[str, datetime]] = field(default_factory=dict)
    walk_keys: dict[str, str] = field(default_factory=dict)
    voices: dict[str, VoiceRow] = field(default_factory=dict)
    closed_walks: dict[str, Cells] = field(default_factory=dict)
    promises: dict[tuple[str, WalkedLeg, datetime], Promise] = field(default_factory=dict)
    last_id: int = 0
    version: int = 0
    claims: dict[str, datetime] = field(default_factory=dict)
    leases: dict[str, tuple[Lease, float]] = field(default_factory=dict)

    def new_id(self) -> int:
        """Never given before."""
        self.last_id += 1
        return self.last_id

    def snapshot(self) -> "Data":
        """The same values, apart from these."""
        values: dict[str, Any] = {name: getattr(self, name) for name in NAMES}
        for name, value in values.items():
            values[name] = dict(value) if isinstance(value, dict) else value
        fresh = Data(**values)
        fresh.version += 1
        return fresh

    def put(self, delivery: Delivery, scope: DeliveryFilter, wake_at: datetime | None) -> None:
        """The delivery as it is now."""
        self.outbox[delivery.nudge.key] = OutboxRow(delivery, scope, wake_at)

    def attendee(self, id_: int) -> Attendee:
        """With the community as it is now."""
        stored = self.attendees[id_]
        return replace(stored, community=self.communities[stored.community.id])


NAMES = tuple(attribute.name for attribute in fields(Data))


def is_open(community: Community) -> bool:
    """Whether Hallway was not removed from it."""
    return community.left_at is None
