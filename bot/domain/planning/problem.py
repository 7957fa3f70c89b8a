"""Candidates in the form that the search reads: numbers in place of times, venues and talks."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from bot.domain.planning.candidate import Candidate
from bot.domain.planning.wishes import Lunch, Walks, Wishes
from bot.domain.travel.venue import Place

ANY_TIME = float("-inf")
ATE = 1
"""The bit of a state that says that lunch is eaten; each bit above it is one remembered talk that is attended."""


def minutes_of(moment: datetime) -> float:
    """Return the minutes since 1970."""
    return moment.timestamp() / 60


@dataclass(frozen=True, slots=True)
class DayToPlan:
    """The candidates of one conference day, and what the person wants of it."""

    candidates: Sequence[Candidate]
    wishes: Wishes

    @classmethod
    def of(cls, candidates: Collection[Candidate], wishes: Wishes) -> Self:
        """Return the day with its candidates in one order, whatever order they come in."""

        def order(each: Candidate) -> tuple[datetime, datetime, str]:
            return each.session.starts_at, each.session.ends_at, each.session.id

        return cls(tuple(sorted(candidates, key=order)), wishes)


@dataclass(frozen=True, slots=True)
class Node:
    """A candidate in numbers.

    Attributes:
        arrive: when one has to be at the door.
        spot: the number of where it is; None for a session that moves nobody.
        bit: that of its talk if the talk is remembered, else 0.
        alive: the bits of the talks that have a sitting after it: others need not be remembered any more.
    """

    candidate: Candidate
    starts: float
    ends: float
    arrive: float
    spot: int | None
    bit: int
    alive: int

    @property
    def place(self) -> Place | None:
        """Its place; None for a session that moves nobody."""
        return self.candidate.session.place

    @property
    def room(self) -> Place | None:
        """Its room, if that is known."""
        place = self.place
        return place if place and place.room else None


@dataclass(frozen=True, slots=True)
class LunchTimes:
    """A lunch in minutes."""

    opens: float
    closes: float
    length: float
    worth: float

    @classmethod
    def of(cls, lunch: Lunch | None) -> Self | None:
        """Return the lunch in minutes; None if there is none to plan, or its window is shorter than it."""
        if lunch is None or lunch.opens + lunch.length > lunch.closes:
            return None
        length = lunch.length.total_seconds() / 60
        return cls(minutes_of(lunch.opens), minutes_of(lunch.closes), length, lunch.worth)

    def latest_end(self, arrive: float, walk: float) -> float | None:
        """Return when the session before has to end, so that one can eat and be there at `arrive` after a walk.

        One eats where the session before was, or where the next one is. None if there is no time for it in any case.
        """
        before, after = min(self.closes, arrive - walk) - self.length, min(self.closes, arrive) - self.length
        if before >= self.opens:
            return max(before, after - walk)
        return after - walk if after >= self.opens else None

    @property
    def latest(self) -> float:
        """When one has to be free at the latest if nothing follows."""
        return self.closes - self.length


@dataclass(frozen=True, slots=True)
class Day:
    """A day in numbers.

    Attributes:
        spots: the places, by number; the last one is where the day starts.
        alive: the bits of the talks that have a sitting on this day or later.
    """

    nodes: Sequence[Node]
    spots: Sequence[Place | None]
    wishes: Wishes
    lunch: LunchTimes | None
    alive: int

    @property
    def free_from(self) -> float:
        """When the person can leave the place where the day starts."""
        return minutes_of(self.wishes.free_from) if self.wishes.free_from else ANY_TIME


def days_in_numbers(days: Sequence[DayToPlan], walks: Walks, remembered: Collection[str]) -> list[Day]:
    """Return the days in numbers.

    Args:
        days: in order.
        walks: they say which places are one spot.
        remembered: the talks of which a plan may not have two sittings; that of others is not looked at.
    """
    bits = {talk: 2 << number for number, talk in enumerate(sorted(remembered))}
    last = _last_starts(days, bits)
    return [_day(day, walks, bits, last) for day in days]


def _last_starts(days: Sequence[DayToPlan], bits: Mapping[str, int]) -> Mapping[int, float]:
    """The start of the last sitting of each remembered talk, by its bit."""
    last: dict[int, float] = defaultdict(lambda: ANY_TIME)
    for day in days:
        for each in day.candidates:
            if bit := bits.get(each.session.talk):
                last[bit] = max(last[bit], minutes_of(each.session.starts_at))
    return last


def _day(day: DayToPlan, walks: Walks, bits: Mapping[str, int], last: Mapping[int, float]) -> Day:
    start = day.wishes.start
    numbers: dict[Place, int] = {}
    nodes = []
    for each in day.candidates:
        place = each.session.place
        spot = numbers.setdefault(walks.spot(place), len(numbers)) if place else None
        nodes.append(_node(each, spot, bits, last))
    spots = (*numbers, walks.spot(start) if start else None)
    alive = _alive(nodes[0].starts if nodes else float("inf"), last)
    return Day(nodes, spots, day.wishes, LunchTimes.of(day.wishes.lunch), alive)


def _node(each: Candidate, spot: int | None, bits: Mapping[str, int], last: Mapping[int, float]) -> Node:
    session = each.session
    starts, ends = minutes_of(session.starts_at), minutes_of(session.ends_at)
    arrive = starts if spot is None else starts - each.early
    return Node(each, starts, ends, arrive, spot, bits.get(session.talk, 0), _alive(ends, last))


def _alive(since: float, last: Mapping[int, float]) -> int:
    return sum(bit for bit, starts in last.items() if starts >= since)
