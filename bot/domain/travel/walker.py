"""How one person walks: pace, step, how sure they want to be, and which ways suit them."""

from dataclasses import dataclass
from enum import IntEnum

DEFAULT_STRIDE_M = 0.75
SHARES = (75, 90, 97)
"""How sure one may ask to be: the percentage of walks for which the advised minutes are enough."""
DEFAULT_SURE = 90


class Pace(IntEnum):
    """Walking speed in metres a minute."""

    SLOW = 55
    NORMAL = 75
    FAST = 95


@dataclass(frozen=True, slots=True)
class Walker:
    """What the choice of a way depends on.

    Attributes:
        sure: the percentage of walks for which the advised minutes are enough: 75, 90 or 97.
        step_free: whether steps are no way for this person.
        likes_walking: whether a walk is better than a ride that takes about as long.
    """

    pace: Pace = Pace.NORMAL
    sure: int = DEFAULT_SURE
    step_free: bool = False
    likes_walking: bool = False


ANYBODY = Walker()
