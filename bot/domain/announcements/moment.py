"""The time at which an announcement goes out. It may follow a session or a day of the schedule."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.domain.schedule.conference import Schedule

TOLERANCE = timedelta(hours=1)
"""How long after its time an announcement may still begin that was due at the start or the end of something."""


class Anchor(StrEnum):
    """The start of a relative time: the start or the end of a session, or the first session of a day."""

    START = "start"
    END = "end"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class Moment:
    """Send time: `at`, or `before` minutes ahead of the anchor; immediately if neither is given.

    Attributes:
        session: the id of the session that the time is tied to; "" for none.
        before: minutes ahead of the anchor; negative for a time after it.
        anchor: the point of the session or day to count from.
        day: the day that the time is tied to, as YYYY-MM-DD; "" for none.
    """

    at: datetime | None = None
    session: str = ""
    before: int = 0
    anchor: Anchor = Anchor.START
    day: str = ""

    @property
    def follows(self) -> bool:
        """Whether the time moves with the schedule."""
        return bool(self.session or self.day)

    def anchored_at(self, schedule: Schedule) -> datetime | None:
        """Return the instant of the anchor; None if the session, or every session of the day, does not take place."""
        if self.day:
            day, zone = date.fromisoformat(self.day), schedule.conference.tz
            starts = (
                session.starts_at for session in schedule.sessions if session.takes_place and session.day(zone) == day
            )
            return min(starts, default=None)
        session = schedule.by_id.get(self.session)
        if session is None or not session.takes_place:
            return None
        return session.ends_at if self.anchor is Anchor.END else session.starts_at

    def due_at(self, schedule: Schedule) -> datetime | None:
        """Return the send time; None for immediately, or if the session or day of the anchor does not take place."""
        if not self.follows:
            return self.at
        anchored = self.anchored_at(schedule)
        return anchored - timedelta(minutes=self.before) if anchored else None

    def latest(self, schedule: Schedule) -> datetime | None:
        """Return the latest time to start sending: "10 minutes before" is wrong after the start."""
        due, anchored = self.due_at(schedule), self.anchored_at(schedule)
        if not self.follows or due is None or anchored is None:
            return None
        return anchored if self.before > 0 else due + TOLERANCE
