"""An organizers' announcement: content, audience, method, time and state."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.announcements.audience import EVERYONE, Audience
from bot.domain.announcements.moment import Anchor, Moment
from bot.domain.schedule.conference import Schedule

KEEPS = timedelta(hours=24)
"""Lifetime of an announcement; one tied to a session expires when the session ends, but not within the hour."""
AT_LEAST = timedelta(hours=1)
FORSAKEN = 2 * KEEPS
"""After this time pending deliveries are abandoned."""
LOOK_AGAIN = timedelta(minutes=1)
"""Interval for checking an announcement that follows the schedule: another process may have moved its session."""
URGENT_A_DAY = 3
OFF, UNLISTED = "its session was cancelled", "its session is no longer in the schedule"
EARLIER, EARLIER_DAY = "its session moved, and the time is over", "the day begins earlier, and the time is over"
OFF_DAY, PASSED = "nothing takes place that day any more", "it is too late for it now"
"""Why an announcement is held, to follow `is on hold:`."""


class Stage(StrEnum):
    """State of an announcement.

    `asked`: an urgent one that was confirmed once and needs a second confirmation. `held`: its session was cancelled,
    or moved so that its time is over; the author decides.
    """

    DRAFT = "draft"
    ASKED = "asked"
    PLANNED = "planned"
    HELD = "held"
    GOING = "going"
    PAUSED = "paused"
    DONE = "done"
    CANCELLED = "cancelled"
    RECALLED = "recalled"


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
WAITING = (Stage.PLANNED, Stage.HELD)
RUNNING = (Stage.GOING, Stage.PAUSED)
OVER = (Stage.DONE, Stage.CANCELLED, Stage.RECALLED)


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
        why: the reason if it is held or was cancelled automatically.
        planned_at: the time it was planned for, when it was confirmed or when the schedule last changed.
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
    planned_at: datetime | None = None

    @property
    def communities(self) -> tuple[int, ...]:
        """Ids of all communities that get the announcement."""
        return (self.community, *self.linked)

    def without_author(self) -> "Announcement | None":
        """Return the announcement after its author was deleted.

        None if nobody has received it or will: then it has to be deleted, too.
        """
        was_never_sent = self.stage in UNCONFIRMED or (self.stage is Stage.CANCELLED and self.fired_at is None)
        return None if was_never_sent else replace(self, author=NOBODY)

    def changed(self, **what: object) -> "Announcement":
        """Return a draft with other values; it must be confirmed again."""
        return replace(self, **what, version=self.version + 1, stage=Stage.DRAFT)  # type: ignore[arg-type]  # fields

    def due_at(self, schedule: Schedule, now: datetime) -> datetime | None:
        """Return the send time, or None if the session or day that it is tied to no longer takes place."""
        return self.moment.due_at(schedule) if self.moment.follows else self.moment.at or now

    def replanned(self, schedule: Schedule, now: datetime) -> "Announcement":
        """Return the announcement after a change of the schedule: planned for another time, held, or unchanged.

        A held announcement is planned again if its time is still to come.
        """
        due = self.due_at(schedule, now)
        if self.stage not in WAITING or not self.moment.follows:
            return self
        if due is not None and due > now:
            return replace(self, stage=Stage.PLANNED, planned_at=due, why="")
        why = self._why_held(schedule, due, now)
        if self.stage is Stage.HELD or not why:
            return self
        return replace(self, stage=Stage.HELD, version=self.version + 1, why=why)

    def _why_held(self, schedule: Schedule, due: datetime | None, now: datetime) -> str:
        """Return why the announcement may not go out at `now`; "" if it may."""
        latest = self.moment.latest(schedule)
        if due is None or latest is None:
            return OFF_DAY if self.moment.day else OFF if self.moment.session in schedule.by_id else UNLISTED
        if self.planned_at not in (None, due):
            return EARLIER_DAY if self.moment.day else EARLIER
        return PASSED if now > latest else ""

    def is_outdated(self, schedule: Schedule, now: datetime) -> bool:
        """Whether a waiting message is no longer true, because its session has begun or does not take place."""
        if not self.moment.follows or self.moment.before <= 0:
            return False
        anchored, session = self.moment.anchored_at(schedule), schedule.by_id.get(self.moment.session)
        if anchored is None:
            return True
        has_moved = self.planned_at not in (None, self.moment.due_at(schedule))
        return now >= (session.ends_at if session and not has_moved else anchored)

    def expires_at(self, schedule: Schedule, fired_at: datetime) -> datetime:
        """Return when the announcement expires, if sending began at `fired_at`."""
        session = schedule.by_id.get(self.moment.session)
        if session is None or self.moment.anchor is Anchor.END:
            return fired_at + KEEPS
        return max(session.ends_at, fired_at + AT_LEAST)
