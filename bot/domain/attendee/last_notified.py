"""What somebody knows of a session they chose."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self

from bot.domain.schedule.session import Session, SessionState


@dataclass(frozen=True, slots=True)
class LastNotified:
    """The time, place and state that an attendee was last told; what they need not hear of is not in it.

    `since` is when the schedule came to differ from it (else when it was told), `told` how many changes of this
    session they have heard of: each time the next one is waited out longer.
    """

    starts_at: datetime
    ends_at: datetime
    venue: str
    room: str
    state: SessionState
    since: datetime
    told: int = 0

    @classmethod
    def of(cls, session: Session, since: datetime, told: int = 0) -> Self:
        """Somebody knows `session` as it is now."""
        return cls(session.starts_at, session.ends_at, session.venue, session.room, session.state, since, told)

    def agrees(self, session: Session) -> bool:
        """Whether there is nothing to tell about `session`."""
        return self == LastNotified.of(session, self.since, self.told)

    def session(self, now_is: Session) -> Session:
        """The session as they know it."""
        return replace(
            now_is,
            starts_at=self.starts_at,
            ends_at=self.ends_at,
            venue=self.venue,
            room=self.room,
            state=self.state,
        )
