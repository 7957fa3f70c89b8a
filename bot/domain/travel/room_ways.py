"""Ways between two rooms, as an indoor map knows them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.domain.travel.leg import Leg
from bot.domain.travel.preference import ordered
from bot.domain.travel.venue import Place
from bot.domain.travel.walker import Walker
from bot.domain.travel.way import LegSource
from bot.domain.travel.weather import Weather

MOST_MINUTES, MOST_METRES = 240, 20_000
"""No indoor map has a longer way."""
TOLD = (LegSource.LEARNED, LegSource.ORGANIZER)


@dataclass(frozen=True, slots=True)
class RoomWay:
    """The way from one room to another, the same in both directions.

    Attributes:
        minutes: the median at normal pace. The 90th percentile is the usual one of its source.
        metres: on foot, None if unknown.
        as_of: the day on which it was found.
    """

    origin: Place
    target: Place
    minutes: float
    metres: int | None = None
    as_of: date | None = None


RoomWays = Mapping[tuple[Place, Place], RoomWay]


def by_rooms(ways: Iterable[RoomWay]) -> RoomWays:
    """Index ways by both directions; the way that is entered for a direction goes before the one for the other."""
    listed = list(ways)
    back = {(way.target, way.origin): way for way in listed}
    return back | {(way.origin, way.target): way for way in listed}


def with_room_leg(legs: Sequence[Leg], walk: Leg, walker: Walker, weather: Weather | None = None) -> tuple[Leg, ...]:
    """Return the legs between two venues with the walk between two of their rooms; the best for this person first.

    It replaces walks that are routed between the venues or estimated. Walks that organizers set or people walked stay.

    Args:
        legs: of each mode the best.
        walk: the way between the rooms.
        walker: the person.
        weather: what organizers announced for that day.
    """
    if any(leg.mode.is_walked and leg.source in TOLD for leg in legs):
        return tuple(legs)
    rides = [replace(leg, other=None, weather=None) for leg in legs if not leg.mode.is_walked]
    return ordered((walk, *rides), walker, weather)
