"""An announcement: what organizers tell, whom, how and when, and how far it has come."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.announcements.audience import EVERYONE, Audience
from bot.domain.schedule.conference import Schedule

KEEPS = timedelta(hours=24)
"""After its moment nobody is sent it any more; one before a session ends with that, but not within the hour."""
AT_LEAST = timedelta(hours=1)
FORSAKEN = 2 * KEEPS
"""After that nobody comes for what is still owed."""
LOOK_AGAIN = timedelta(minutes=10)
"""One that waits for a session is looked at as often: the session may move."""
URGENT_A_DAY = 3


class Stage(StrEnum):
    """How far an announcement has come; `asked` is an urgent one that was confirmed once of twice."""

    DRAFT = "draft"
    ASKED = "asked"
    PLANNED = "planned"
    GOING = "going"
    PAUSED = "paused"
    DONE = "done"
    CANCELLED = "cancelled"


class How(StrEnum):
    """Which way it goes out."""

    CHANNEL = "channel"
    DM = "dm"
    BOTH = "both"


class Job(StrEnum):
    """What is being done with what was sent already."""

    EDIT = "edit"
    RECALL = "recall"


UNCONFIRMED = (Stage.DRAFT, Stage.ASKED)
RUNNING = (Stage.GOING, Stage.PAUSED)
OVER = (Stage.DONE, Stage.CANCELLED)


@dataclass(frozen=True, slots=True)
class Moment:
    """When it goes out: `at` once, or `before` minutes ahead of a session; at once if neither is given."""

    at: datetime | None = None
    session: str = ""
    before: int = 0


@dataclass(frozen=True, slots=True)
class Words:
    """What it says; foreign text, all of it."""

    text: str
    title: str = ""
    link: str = ""
    picture: str = ""


@dataclass(frozen=True, slots=True)
class Announcement:
    """`author` is an attendee's id. `version` rises with every change that somebody has to confirm or is sent.

    `channels` are the platform's ids; without one it is the community's own for announcements. `linked` are further
    communities that get it too; once it went out, those that did, and `skipped` are the others with the reason.
    `cursor` is the last attendee who is owed theirs, None once everybody is. `worked` is
    the last delivery that the `job` is done with. `channel` and `message` are where its progress is shown. `why` is
    why it was cancelled, if nobody did it.
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
    channel: str = ""
    message: str = ""
    why: str = ""

    @property
    def communities(self) -> tuple[int, ...]:
        """Everybody's who gets it."""
        return (self.community, *self.linked)

    def changed(self, **what: object) -> "Announcement":
        """A draft with something else in it, which has to be confirmed anew."""
        return replace(self, **what, version=self.version + 1, stage=Stage.DRAFT)  # type: ignore[arg-type]  # fields

    def due_at(self, schedule: Schedule, now: datetime) -> datetime | None:
        """When it goes out; None if its session does not take place any more."""
        if not self.moment.session:
            return self.moment.at or now
        session = schedule.by_id.get(self.moment.session)
        if session is None or not session.takes_place:
            return None
        return session.starts_at - timedelta(minutes=self.moment.before)

    def expires_at(self, schedule: Schedule, fired_at: datetime) -> datetime:
        """Until when it is worth reading."""
        session = schedule.by_id.get(self.moment.session)
        return max(session.ends_at, fired_at + AT_LEAST) if session else fired_at + KEEPS
