"""What a person wants of a day besides sessions, and how long walks take them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.domain.planning.candidate import Candidate
from bot.domain.schedule.venue import Place

LUNCH_WORTH = 1e4
"""More than any wishes of a week, less than what is firm: lunch is given up only for seats, choices and musts."""
MOVE_COST, MINUTE_COST = 0.1, 0.002
"""What one gives for not changing venues, and for each minute of walking: an hour of a wished session is worth 1."""


@dataclass(frozen=True, slots=True)
class Lunch:
    """Time to eat: `length` somewhere between `opens` and `closes`."""

    opens: datetime
    closes: datetime
    length: timedelta
    worth: float = LUNCH_WORTH


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a person wants of one day.

    Attributes:
        lunch: None if there is nothing to plan: it is over, or an entry of their own already.
        start: where the day starts; None if that is not known, or does not matter.
        free_from: when the person can leave `start`; None for the whole day.
        home: where the day ends; None if that is not known.
        move: the cost of each change of venue, with those from `start` and to `home`.
        minute: the cost of each minute between two venues.
    """

    lunch: Lunch | None = None
    start: Place | None = None
    free_from: datetime | None = None
    home: Place | None = None
    move: float = MOVE_COST
    minute: float = MINUTE_COST


Minutes = Callable[[Place, Place, datetime], float]
"""The minutes from one place to another for a session that starts at a moment; 0 if nothing is known."""


@dataclass(frozen=True, slots=True)
class Walks:
    """How long one person walks from venue to venue.

    Attributes:
        usual: minutes that are enough nearly always. They count between sessions that one may choose freely.
        least: minutes that are enough in half of all cases. With them one can attend two sessions that are both firm.
    """

    usual: Minutes
    least: Minutes
    _memo: dict[tuple[str, str, datetime, bool], float] = field(default_factory=dict, compare=False, repr=False)

    def minutes(self, origin: Place | None, target: Place | None, at: datetime, *, least: bool = False) -> float:
        """Return the minutes between the venues of two places; 0 if one of them is unknown."""
        if origin is None or target is None:
            return 0
        key = (origin.venue, target.venue, at, least)
        if key not in self._memo:
            reckon = self.least if least else self.usual
            self._memo[key] = reckon(Place(origin.venue), Place(target.venue), at)
        return self._memo[key]

    def can_follow(self, later: Candidate, earlier: Candidate, place: Place | None) -> bool:
        """Whether one can attend `later` after `earlier`, at whose end one is at `place`.

        In the same room one stays. Two firm sessions need only the walk; otherwise one also arrives early enough.
        """
        one, other = earlier.session, later.session
        if other.starts_at < one.ends_at:
            return False
        if other.place and other.place.room and other.place == one.place:
            return True
        gap = (other.starts_at - one.ends_at) / timedelta(minutes=1)
        if earlier.is_firm and later.is_firm and self.minutes(place, other.place, other.starts_at, least=True) <= gap:
            return True
        return self.minutes(place, other.place, other.starts_at) + later.early <= gap
