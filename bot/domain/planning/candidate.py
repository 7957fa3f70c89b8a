"""Sessions that a plan may contain, and their value to one person."""

import re
from dataclasses import dataclass
from datetime import timedelta
from enum import IntEnum

from bot.domain.schedule.drop_in import is_drop_in
from bot.domain.schedule.session import Session

LONGEST_WORTH = timedelta(minutes=90)
"""Longer sessions are worth no more: otherwise the best day is one workshop."""
RECORDED_WORTH, SPONSORED_WORTH = 0.6, 0.5
"""Factors of what can be watched later, and of what somebody paid for. Without them the best day is twelve sponsored
lightning talks in one hall."""
_SPONSORED = re.compile(r"\bsponsor", re.IGNORECASE)
_HOUR = timedelta(hours=1)


class Firmness(IntEnum):
    """How firmly a session belongs to the plan. A firmer one is never exchanged for any number of others."""

    WISH = 0
    MUST = 1
    GOING = 2
    SEAT = 3


BONUS = {Firmness.WISH: 0.0, Firmness.MUST: 1e6, Firmness.GOING: 1e7, Firmness.SEAT: 1e8}
"""What is added to the value of a session, so that one solution serves all: far more than a whole week is worth."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A session that a plan may contain.

    Attributes:
        value: its value to the person, 0 or more: see `value_of`.
        early: minutes before the start at which the person has to be at the door.
    """

    session: Session
    value: float
    firmness: Firmness = Firmness.WISH
    early: float = 0

    @property
    def is_firm(self) -> bool:
        """Whether it is more than a wish: chosen, or a must."""
        return self.firmness is not Firmness.WISH

    @property
    def worth(self) -> float:
        """The value with the bonus for firm sessions."""
        return self.value + BONUS[self.firmness]


def value_of(session: Session, interest: float) -> float:
    """Return interest x hours (1.5 at most) x 0.6 if recorded x 0.5 if sponsored; 0 for drop-ins."""
    if is_drop_in(session):
        return 0.0
    value = interest * (min(session.length, LONGEST_WORTH) / _HOUR)
    value *= RECORDED_WORTH if session.can_be_watched else 1
    return value * (SPONSORED_WORTH if is_sponsored(session) else 1)


def is_sponsored(session: Session) -> bool:
    """Whether the title, the kind or the track says that a sponsor paid for the session."""
    return any(_SPONSORED.search(text[:300]) for text in (session.title, session.kind, session.track))
