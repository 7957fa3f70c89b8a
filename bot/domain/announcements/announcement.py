"""An organizers' announcement: content, audience, method, time and state."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.announcements.audience import EVERYONE, Audience
from bot.domain.schedule.conference import Schedule

KEEPS = timedelta(hours=24)
"""Lifetime of an announcement; one tied to a session expires when the session ends, but not within the hour."""
AT_LEAST = timedelta(hours=1)
FORSAKEN = 2 * KEEPS
"""After this time pending deliveries are abandoned."""
LOOK_AGAIN = timedelta(minutes=10)
"""Interval for checking an announcement that waits for a session: the session may move."""
URGENT_A_DAY = 3


class Stage(StrEnum):
    """State of an announcement; `asked`: an urgent one that was confirmed once and needs a second confirmation."""

    DRAFT = "draft"
    ASKED = "asked"
    PLANNED = "planned"
    GOING = "going"
    PAUSED = "paused"
    DONE = "done"
    CANCELLED = "cancelled"


class How(StrEnum):
    """Delivery method."""

    CHANNEL = "channel"
    DM = "dm"
    BOTH = "both"


class Job(StrEnum):
    """An amendment of messages that were already sent."""

    EDIT = "edit"
    RECALL = "recall"


NOBODY = 0
"""The author of an announcement whose author was forgotten."""
UNCONFIRMED = (Stage.DRAFT, Stage.ASKED)
RUNNING = (Stage.GOING, Stage.PAUSED)
OVER = (Stage.DONE, Stage.CANCELLED)


@dataclass(frozen=True, slots=True)
class Moment:
    """Send time: `at`, or `before` minutes ahead of `session` (an id); immediately if neither is given."""

    at: datetime | None = None
    session: str = ""
    before: int = 0


@dataclass(frozen=True, slots=True)
class Words:
    """Content of an announcement. All of it is untrusted text."""

    text: str
    title: str = ""
    link: str = ""
    picture: str = ""


@dataclass(frozen=True, slots=True)
class ProgressMessage:
    """The message in which the author sees the progress: the platform's ids, None if none was sent yet.

    `possible` is False if the author cannot be sent one, or if the platform gave no id with which to edit it.
    """

    channel: str | None = None
    message: str | None = None
    possible: bool = True


@dataclass(frozen=True, slots=True)
class Announcement:
    """An announcement with its state.

    Attributes:
        community, author: ids of the community and of the attendee who wrote it.
        channels: platform ids; empty means the community's channel for announcements.
        linked: ids of linked communities that get it too; after sending, those that got it.
        skipped: linked communities that did not get it, with the reason.
        version: rises with every change that must be confirmed or sent.
        cursor: id of the last attendee with a stored delivery; None once all are stored.
        job, worked: the running amendment, and the id of the last delivery it has processed.
        progress: the message that shows the author its progress.
        why: the reason if it was cancelled automatically.
    """

    id: int
    community: int
    author: int
    words: Words
    created_at: datetime
    audience: Audience = EVERYONE
    channels: tuple[str, ...] = ()
    how: How = How.CHANNEL
    urgent: bool = False
    notify: bool = False
    moment: Moment = field(default_factory=Moment)
    linked: tuple[int, ...] = ()
    skipped: tuple[tuple[int, str], ...] = ()
    stage: Stage = Stage.DRAFT
    version: int = 1
    confirmed_at: datetime | None = None
    fired_at: datetime | None = None
    finished_at: datetime | None = None
    cursor: int | None = 0
    job: Job | None = None
    worked: int = 0
    progress: ProgressMessage = ProgressMessage()
    why: str = ""

    @property
    def communities(self) -> tuple[int, ...]:
        """Ids of all communities that get it."""
        return (self.community, *self.linked)

    def without_author(self) -> "Announcement | None":
        """The announcement after its author was forgotten; None, as it has to go, if nobody has got it or will."""
        was_never_sent = self.stage in UNCONFIRMED or (self.stage is Stage.CANCELLED and self.fired_at is None)
        return None if was_never_sent else replace(self, author=NOBODY)

    def changed(self, **what: object) -> "Announcement":
        """Return a draft with other values; it must be confirmed again."""
        return replace(self, **what, version=self.version + 1, stage=Stage.DRAFT)  # type: ignore[arg-type]  # fields

    def due_at(self, schedule: Schedule, now: datetime) -> datetime | None:
        """Return the send time, or None if its session no longer takes place."""
        if not self.moment.session:
            return self.moment.at or now
        session = schedule.by_id.get(self.moment.session)
        if session is None or not session.takes_place:
            return None
        return session.starts_at - timedelta(minutes=self.moment.before)

    def expires_at(self, schedule: Schedule, fired_at: datetime) -> datetime:
        """Return when it expires, if sending began at `fired_at`."""
        session = schedule.by_id.get(self.moment.session)
        return max(session.ends_at, fired_at + AT_LEAST) if session else fired_at + KEEPS
