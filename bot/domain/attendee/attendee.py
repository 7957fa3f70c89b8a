"""A person in a community: choices, whereabouts, and how they want to be notified."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.attendee.last_notified import LastNotified
from bot.domain.attendee.proposal import Proposal
from bot.domain.schedule.session import Session
from bot.domain.times.hour_format import HourFormat, hours_of_locale
from bot.domain.times.zones import QuietHours
from bot.domain.travel.map_links import MapApp
from bot.domain.travel.walker import ANYBODY, DEFAULT_STRIDE_M, Pace, Walker


class Privacy(StrEnum):
    """Visibility of an attendee's sessions to others. The stay is never visible."""

    PRIVATE = "private"
    FRIENDS = "friends"
    COMMUNITY = "community"


@dataclass(frozen=True, slots=True)
class Community:
    """One Discord guild or Slack workspace (the `tenant` of a `platform`); follows one conference at a time.

    `reminders` is the platform's id of the channel in which private threads stand in for direct messages.
    `digest` is that of the channel in which changes of the schedule are posted, `notices` that of announcements.
    `left_at` is when Hallway was removed from it: nothing is owed there any more. `role` is the platform's id of the
    role whose members are organizers, and `role_name` what it was called when it was chosen. None is a channel or a
    role that was not chosen. `page` is the name of the public page of its schedule, None without one.
    `feedback` is whether its organizers want people to say whether a session was useful and whether a room is full.
    """

    id: int
    platform: str
    tenant: str
    conference: str | None = None
    name: str = ""
    reminders: str | None = None
    digest: str | None = None
    left_at: datetime | None = None
    role: str | None = None
    role_name: str = ""
    notices: str | None = None
    page: str | None = None
    feedback: bool = False

    @property
    def called(self) -> str:
        """The display name."""
        return self.name or self.tenant


@dataclass(frozen=True, slots=True)
class Here:
    """An "I'm here": the venue an attendee reported, and when."""

    venue: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Reach:
    """How to reach an attendee by direct message.

    Attributes:
        channel: the platform's id of the direct message channel, "" until opened.
        refused: why the platform refused a direct message; no other is tried until the attendee asks for it.
        informed: whether the attendee was informed of the refusal.
        thread: the platform's id of the private thread used instead.
    """

    channel: str = ""
    refused: str = ""
    informed: bool = False
    thread: str = ""


@dataclass(frozen=True, slots=True)
class Attendee:
    """A person in one community; `user` is the platform's id. Minutes are whole.

    `agreed_at` is when they first asked for nudges or took care of a schedule: before that they get no direct message.
    `arrive_early` raises the conference's advice and never lowers it. `threads` is whether a private thread
    may stand in for a refused direct message. `current` is whether this is the community in which the person used
    Hallway last: a direct message is answered for that one. `announcements` is when they agreed to get those of the
    organizers by direct message, None if they did not or muted them. `alarms` is whether leave-by nudges come in quiet
    hours, too. `hours` is the clock that they chose, None for that of their `locale`, which the platform sends ("" if
    it does not). `walker` is how they walk, and `map` where the links of their walks lead. `has_blocks` is whether they
    ever made an own entry: only then are those looked up.
    """

    id: int
    community: Community
    user: str
    name: str = ""
    zone: str | None = None
    stay: str | None = None
    here: Here | None = None
    walker: Walker = ANYBODY
    stride: float = DEFAULT_STRIDE_M
    notice: int = 10
    arrive_early: int = 0
    quiet: QuietHours | None = None
    nudges_on: bool = True
    agreed_at: datetime | None = None
    privacy: Privacy = Privacy.PRIVATE
    last_list: tuple[str, ...] = ()
    threads: bool = False
    reach: Reach = Reach()
    current: bool = True
    announcements: datetime | None = None
    alarms: bool = True
    hours: HourFormat | None = None
    locale: str = ""
    proposal: Proposal = Proposal()  # noqa: RUF009 — it cannot change
    map: MapApp = MapApp.OSM
    has_blocks: bool = False

    @property
    def pace(self) -> Pace:
        """Their walking speed."""
        return self.walker.pace

    @property
    def clock(self) -> HourFormat:
        """The clock in which they read times: the chosen one, else that of their locale, else 24 hours."""
        return self.hours or hours_of_locale(self.locale) or HourFormat.H24

    @property
    def may_be_asked(self) -> bool:
        """Whether they agreed to direct messages and get them, in a community in which Hallway still is."""
        return self.agreed_at is not None and self.nudges_on and self.community.left_at is None

    @property
    def notice_time(self) -> timedelta:
        """How long before the leave-by moment the nudge is due."""
        return timedelta(minutes=self.notice)


LEFT_AT_MOST_BEFORE = timedelta(hours=3)
"""Somebody who says that they are on their way to a session has left for it at most this long before its start.

The longest way of a large conference takes about 80 minutes, and one arrives some time before the start.
"""


class Choice(StrEnum):
    """How an attendee attends a session.

    STARRED: they are interested and have not decided. LATER: they do not go, and will watch the recording.
    """

    GOING = "going"
    BACKUP = "backup"
    STARRED = "starred"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class Attendance:
    """One attendee's choice of one session; `reserved` seats lapse at the check-in cut-off.

    `left_at` is when they said they were on their way; `backup_of` the session this one stands in for; `last_notified`
    what they were last notified of, None while that is what they chose; `chosen_at` when they chose it, None if that is
    not known: of sessions that clash, the one chosen first is assumed. `must` is whether a plan may not leave it out.
    """

    session: str
    choice: Choice = Choice.GOING
    reserved: bool = False
    backup_of: str | None = None
    left_at: datetime | None = None
    last_notified: LastNotified | None = None
    chosen_at: datetime | None = None
    must: bool = False

    @property
    def is_decided(self) -> bool:
        """Whether they go, if only as a backup: Hallway plans with it, and tells of its changes."""
        return self.choice in (Choice.GOING, Choice.BACKUP)

    def has_left_for(self, session: Session) -> bool:
        """Whether they have left for `session`, which is the chosen one.

        It does not count if they left hours before it, or before it was moved.
        """
        if self.left_at is None or session.starts_at - self.left_at > LEFT_AT_MOST_BEFORE:
            return False
        return self.last_notified is None or self.left_at > self.last_notified.since
