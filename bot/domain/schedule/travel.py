"""Travel between venues: minutes, metres, steps and their source."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from zoneinfo import ZoneInfo

from bot.domain.schedule.lodging import Lodging, read_lodging
from bot.domain.schedule.positions import Position
from bot.domain.schedule.venue import Place, Venue, VenueBook
from bot.domain.schedule.walker import DEFAULT_STRIDE_M, Pace
from bot.domain.schedule.way import LegSource, Mode, Way

EARTH_RADIUS_M = 6_371_000
DETOUR = 1.35
"""Typical ratio of walking distance to great-circle distance."""
MINUTES_OUT, MINUTES_IN = 5, 5


@dataclass(frozen=True, slots=True)
class Leg:
    """A leg from door to door.

    `minutes` is whole and at least 0; `metres` are on foot, None if unknown; `samples` is how many walks a learned
    figure rests on.
    """

    origin: str
    target: str
    minutes: int
    source: LegSource
    metres: int | None = None
    mode: Mode = Mode.WALK
    samples: int | None = None

    def steps(self, stride: float = DEFAULT_STRIDE_M) -> int:
        """Return the steps at `stride` metres each; 0 if the metres are unknown or the leg is not walked."""
        return 0 if self.metres is None or self.mode is not Mode.WALK else round(self.metres / stride)


def great_circle_m(one: Venue, other: Venue) -> float | None:
    """Return the metres between two venues (haversine formula), or None if either has no coordinates."""
    if one.lat is None or one.lon is None or other.lat is None or other.lon is None:
        return None
    lat1, lat2 = math.radians(one.lat), math.radians(other.lat)
    dlon = math.radians(other.lon - one.lon)
    chord = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin(dlon / 2) ** 2
    return 2 * EARTH_RADIUS_M * math.asin(min(1.0, math.sqrt(chord)))


def _located(position: Position) -> Venue:
    return Venue("", lat=position.lat, lon=position.lon)


def _estimated(origin: str, target: str, crow: float, pace: Pace) -> Leg:
    minutes = math.ceil(crow * DETOUR / pace + MINUTES_OUT + MINUTES_IN)
    return Leg(origin, target, minutes, LegSource.ESTIMATE, round(crow * DETOUR))


@dataclass(frozen=True, slots=True)
class Travel:
    """All known legs of one conference. A leg in `legs` counts for both directions unless both are given."""

    book: VenueBook
    legs: Mapping[tuple[str, str], Leg] = field(default_factory=dict)
    _memo: dict[tuple[str, str, Pace], Leg | None] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def of(cls, venues: Iterable[Venue], ways: Iterable[Way] = (), zone: ZoneInfo | None = None) -> "Travel":
        """Build from `venues` and `ways`; if a pair has several ways, the best source wins."""
        del zone
        rank = list(LegSource)
        best: dict[tuple[str, str], Leg] = {}
        for way in sorted(ways, key=lambda way: rank.index(way.source), reverse=True):
            best[way.origin, way.target] = Leg(
                way.origin, way.target, math.ceil(way.minutes), way.source, way.metres, way.mode, way.samples
            )
        return cls(VenueBook.of(venues), best)

    def leg(self, origin: Place, target: Place, pace: Pace = Pace.NORMAL) -> Leg | None:
        """Return the leg from `origin` to `target`, or None if nothing is known about it.

        Same room: 0 min. Same venue: the venue's own figure. Otherwise the best source; without one, the estimate
        great circle x 1.35 at `pace` + 5 min to get out + 5 min to get in, rounded up.
        """
        if origin.venue == target.venue and origin.room and origin.room == target.room:
            return Leg(origin.venue, target.venue, 0, LegSource.INSIDE, 0)
        # Each attendee may have a hotel of their own: its legs are not kept.
        if lodging := read_lodging(origin.venue):
            return self._from_lodging(lodging, origin.venue, target.venue, pace)
        if lodging := read_lodging(target.venue):
            way = self._from_lodging(lodging, target.venue, origin.venue, pace)
            return replace(way, origin=origin.venue, target=target.venue) if way else None
        key = (origin.venue, target.venue, pace)
        if key not in self._memo:
            self._memo[key] = self._between(*key)
        return self._memo[key]

    def longest_to(self, target: Place, pace: Pace = Pace.NORMAL) -> Leg | None:
        """Return the longest known leg to `target` from any venue: the safe choice if the start is unknown."""
        others = [venue for venue in self.book.venues if venue.name != target.venue]
        # With a single venue the longest leg is the one inside it.
        ways = (self.leg(Place(venue.name), target, pace) for venue in others or self.book.venues)
        return max((leg for leg in ways if leg), key=lambda leg: leg.minutes, default=None)

    def nearest_to(self, position: Position) -> tuple[Venue, float] | None:
        """Return the nearest venue with coordinates, and its distance in metres as the crow flies; None without any."""
        here = _located(position)
        found = [(venue, crow) for venue in self.book.venues if (crow := great_circle_m(here, venue)) is not None]
        return min(found, key=lambda pair: pair[1], default=None)

    def _from_lodging(self, lodging: Lodging, stay: str, venue: str, pace: Pace) -> Leg | None:
        """The leg from a hotel that is no venue to a venue: estimated, or by way of the venue that it is near."""
        if lodging.position:
            known = self.book.named(venue)
            crow = great_circle_m(_located(lodging.position), known) if known else None
            return None if crow is None else _estimated(stay, venue, crow, pace)
        rest = 0
        if lodging.venue != venue:
            on = self.leg(Place(lodging.venue), Place(venue), pace)
            if on is None:
                return None
            rest = on.minutes
        return Leg(stay, venue, lodging.minutes + rest, LegSource.OWN)

    def _between(self, origin: str, target: str, pace: Pace) -> Leg | None:
        start, end = self.book.named(origin), self.book.named(target)
        if origin == target:
            minutes = start.minutes_inside if start else Venue(origin).minutes_inside
            return Leg(origin, target, minutes, LegSource.INSIDE, minutes * Pace.NORMAL)
        crow = great_circle_m(start, end) if start and end else None
        metres = None if crow is None else round(crow * DETOUR)
        if leg := self._listed_leg(origin, target):
            on_foot = leg.metres if leg.metres is not None else metres
            return Leg(origin, target, leg.minutes, leg.source, on_foot, leg.mode, leg.samples)
        return None if crow is None else _estimated(origin, target, crow, pace)

    def _listed_leg(self, origin: str, target: str) -> Leg | None:
        return self.legs.get((origin, target)) or self.legs.get((target, origin))
