"""The version of a chosen session that its attendee was last notified of."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self

from bot.domain.schedule.session import Session, SessionState


@dataclass(frozen=True, slots=True)
class LastNotified:
    """Time, place and state of a session as last sent to an attendee; other facts are not compared.

    `since` is when the schedule first differed from it (else when it was sent). `notifications` is how many changes of
    this session were sent: each one doubles the wait before the next.
    """

    starts_at: datetime
    ends_at: datetime
    venue: str
    room: str
    state: SessionState
    since: datetime
    notifications: int = 0

    @classmethod
    def of(cls, session: Session, since: datetime, notifications: int = 0) -> Self:
        """Snapshot `session` as it is now."""
        return cls(session.starts_at, session.ends_at, session.venue, session.room, session.state, since, notifications)

    def agrees(self, session: Session) -> bool:
        """Whether `session` has the same time, place and state."""
        return self == LastNotified.of(session, self.since, self.notifications)

    def session(self, now_is: Session) -> Session:
        """The session as it was when last sent; other facts are those of `now_is`."""
        return replace(
            now_is,
            starts_at=self.starts_at,
            ends_at=self.ends_at,
            venue=self.venue,
            room=self.room,
            state=self.state,
        )
