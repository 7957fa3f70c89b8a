"""A person's wishes for a day besides sessions, and how long their walks take."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.domain.planning.candidate import Candidate
from bot.domain.travel.venue import Place

LUNCH_WORTH = 1e4
"""More than any wishes of a week, less than what is firm: lunch is given up only for seats, choices and musts."""
MOVE_COST, MINUTE_COST = 0.1, 0.002
"""The worth of not changing venues, and of each minute without walking: an hour of a wished session is worth 1."""


@dataclass(frozen=True, slots=True)
class Lunch:
    """Time to eat: `length` somewhere between `opens` and `closes`."""

    opens: datetime
    closes: datetime
    length: timedelta
    worth: float = LUNCH_WORTH


@dataclass(frozen=True, slots=True)
class Wishes:
    """A person's wishes for one day.

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


_MINUTE = timedelta(minutes=1)
SLACK = 1e-6
"""Minutes by which rounding may be wrong."""
Minutes = Callable[[Place, Place, datetime], float]
"""The minutes from one place to another for a session that starts at a moment; 0 if nothing is known."""


def at_venue(place: Place) -> Place:
    """Return the venue of a place, as if all of its rooms were equally far away."""
    return Place(place.venue)


@dataclass(frozen=True, slots=True)
class Walks:
    """How long one person walks from place to place.

    Attributes:
        usual: minutes that are nearly always enough, used between sessions that the person can choose freely.
        least: minutes that are enough in half of all cases, used between two firm sessions.
        spot: one place for all those that are equally far from everywhere. The fewer there are, the faster is a search.
    """

    usual: Minutes
    least: Minutes
    spot: Callable[[Place], Place] = at_venue
    _memo: dict[tuple[Place, Place, datetime, bool], float] = field(default_factory=dict, compare=False, repr=False)

    def minutes(self, origin: Place | None, target: Place | None, at: datetime, *, least: bool = False) -> float:
        """Return the minutes from one place to another, to be there at a moment; 0 if one of them is unknown."""
        if origin is None or target is None:
            return 0
        key = (self.spot(origin), self.spot(target), at, least)
        if key not in self._memo:
            self._memo[key] = (self.least if least else self.usual)(key[0], key[1], at)
        return self._memo[key]

    def can_follow(
        self, later: Candidate, earlier: Candidate | None, place: Place | None, free: datetime | None
    ) -> bool:
        """Return whether the person can attend `later` after `earlier`.

        In the same room there is no walk. Between two firm sessions only the walk counts; otherwise the person also
        arrives early enough.

        Args:
            later: the session to go to.
            earlier: the session before, if there is one. The start of a day is as firm as a session.
            place: where the person is before `later`, if that is known.
            free: when the person can leave that place; None if there is time enough.
        """
        session = later.session
        if free is None:
            return True
        if session.starts_at < free:
            return False
        if earlier and session.place and session.place.room and session.place == earlier.session.place:
            return True
        gap = (session.starts_at - free) / _MINUTE + SLACK
        is_firm = later.is_firm and (earlier is None or earlier.is_firm)
        if is_firm and self.minutes(place, session.place, session.starts_at, least=True) <= gap:
            return True
        early = later.early if session.place else 0
        return self.minutes(place, session.place, session.starts_at) + early <= gap
