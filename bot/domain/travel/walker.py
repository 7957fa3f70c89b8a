"""How one person walks: pace, step length, how sure they want to be, and which ways are suitable."""

from dataclasses import dataclass
from enum import IntEnum

DEFAULT_STRIDE_M = 0.75
SHARES = (75, 90, 97)
"""How sure a person may ask to be: the percentage of walks for which the advised minutes are enough."""
DEFAULT_SURE = 90


class Pace(IntEnum):
    """Walking speed in metres a minute."""

    SLOW = 55
    NORMAL = 75
    FAST = 95


@dataclass(frozen=True, slots=True)
class Walker:
    """The personal facts on which the choice of a way depends.

    Attributes:
        sure: the percentage of walks for which the advised minutes are enough: 75, 90 or 97.
        step_free: whether this person needs ways without steps.
        likes_walking: whether the person prefers a walk to a ride that takes about as long.
    """

    pace: Pace = Pace.NORMAL
    sure: int = DEFAULT_SURE
    step_free: bool = False
    likes_walking: bool = False


ANYBODY = Walker()
