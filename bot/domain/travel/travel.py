"""Travel between places: the ways there are, and the best one for a person at a moment."""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

from bot.domain.travel.boarding import boarded, can_take, naming_later
from bot.domain.travel.distance import estimated_way, great_circle_m
from bot.domain.travel.inside import extra_minutes, room_minutes
from bot.domain.travel.leg import LEAST, Leg, at_pace, leg_by, leg_with
from bot.domain.travel.lodging import Lodging, read_lodging
from bot.domain.travel.peaks import NO_PEAKS, Peaks
from bot.domain.travel.positions import Position
from bot.domain.travel.preference import ordered
from bot.domain.travel.room_ways import TOLD, RoomWay, RoomWays, by_rooms, with_room_leg
from bot.domain.travel.spread import Spread
from bot.domain.travel.venue import Place, Venue, VenueBook
from bot.domain.travel.walker import ANYBODY, Pace, Walker
from bot.domain.travel.way import LegSource, Way
from bot.domain.travel.weather import Weather, WeatherByDay


@dataclass(frozen=True, slots=True)
class _Option:
    """A way in the direction that is asked for."""

    way: Way
    reversed: bool = False

    @property
    def rank(self) -> tuple[bool, bool, int]:
        """What was entered or learned for this direction comes first, then what was for the other."""
        return self.way.source not in TOLD, self.reversed, list(LegSource).index(self.way.source)


@dataclass(frozen=True, slots=True)
class _Choice:
    """The ways from one venue to another for one person, the best source first, and their order by what runs.

    Each way has one part, or two with a change between them.
    """

    ways: tuple[tuple[Way, ...], ...]
    legs: tuple[Leg, ...]
    is_timed: bool = False
    orders: dict[tuple[Weather | None, tuple[bool, ...]], tuple[Leg, ...]] = field(default_factory=dict)

    def ordered(
        self, moment: datetime | None, walker: Walker, weather: Weather | None, *, arriving: bool
    ) -> tuple[Leg, ...]:
        """Return the best leg of each mode that runs at `moment`, in the zone of the conference; the best first."""
        runs = self._running(moment, arriving=arriving) if self.is_timed else ()
        key = weather, runs
        if key not in self.orders:
            legs = [leg for leg, is_open in zip(self.legs, runs, strict=True) if is_open] if runs else self.legs
            self.orders[key] = ordered(legs, walker, weather)
        return self.orders[key]

    def _running(self, moment: datetime | None, *, arriving: bool) -> tuple[bool, ...]:
        pairs = zip(self.ways, self.legs, strict=True)
        return tuple(all(can_take(way, leg, moment, arriving=arriving) for way in parts) for parts, leg in pairs)


@dataclass(frozen=True, slots=True)
class Travel:
    """All known ways of one conference.

    Attributes:
        zone: of the hours at which they run.
        has_door_times: whether the times inside a venue depend on the room.
        peaks: when a large part of the conference changes rooms at once.
        crowd: how many times as long all ways take then.
        has_rides: whether there is anything but walks.
        weather: what organizers announced for some days.
        room_ways: ways between two rooms that are known by themselves.
    """

    book: VenueBook
    stored: Mapping[tuple[str, str], tuple[_Option, ...]] = field(default_factory=dict)
    zone: ZoneInfo | None = None
    has_door_times: bool = False
    has_rides: bool = False
    peaks: Peaks = NO_PEAKS
    crowd: float = 1.0
    weather: WeatherByDay = field(default_factory=dict)
    room_ways: RoomWays = field(default_factory=dict)
    _memo: dict[tuple[str, str, float, Walker], _Choice] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def of(
        cls,
        venues: Iterable[Venue],
        ways: Iterable[Way] = (),
        zone: ZoneInfo | None = None,
        room_ways: Iterable[RoomWay] = (),
    ) -> "Travel":
        """Build from `venues` and `ways`, in any order."""
        options: dict[tuple[str, str], list[_Option]] = {}
        for way in ways:
            options.setdefault((way.origin, way.target), []).append(_Option(way))
            if way.both_ways:
                options.setdefault((way.target, way.origin), []).append(_Option(way, reversed=True))
        ranked = {pair: tuple(sorted(found, key=lambda each: each.rank)) for pair, found in options.items()}
        book = VenueBook.of(venues)
        rides = any(not option.way.mode.is_walked for found in ranked.values() for option in found)
        door_times = any(venue.door_times for venue in book.venues)
        return cls(book, ranked, zone, door_times, rides, room_ways=by_rooms(room_ways))

    def in_crowds(self, peaks: Peaks, crowd: float) -> "Travel":
        """Return the same ways where all of them take `crowd` times as long in `peaks`."""
        return replace(self, peaks=peaks, crowd=crowd, _memo={})

    def in_weather(self, weather: WeatherByDay) -> "Travel":
        """Return the same ways where less time outside is better on some days."""
        return replace(self, weather=weather, _memo={})

    def best(
        self,
        origin: Place,
        target: Place,
        walker: Walker = ANYBODY,
        moment: datetime | None = None,
        *,
        arriving: bool = False,
    ) -> Leg | None:
        """Return the best leg for this person at this moment, with its first alternative; None if none is known.

        Args:
            moment: when one sets out. Without one, ways that run at certain hours only are left out.
            arriving: whether one has to be there at `moment` instead.
        """
        ways = self.ways(origin, target, walker, moment, arriving=arriving)
        return ways[0] if ways else None

    def ways(
        self,
        origin: Place,
        target: Place,
        walker: Walker = ANYBODY,
        moment: datetime | None = None,
        *,
        arriving: bool = False,
    ) -> tuple[Leg, ...]:
        """Return the best way of each mode, the best first; the arguments are those of `best`."""
        if origin.venue == target.venue:
            return (self._inside(origin, target, walker),)
        # Each attendee may have a hotel of their own: its legs are not kept.
        if lodging := read_lodging(origin.venue):
            return self._from_lodging(lodging, origin.venue, target, walker, moment)
        if lodging := read_lodging(target.venue):
            back = self._from_lodging(lodging, target.venue, origin, walker, moment)
            return tuple(replace(leg, origin=origin.venue, target=target.venue) for leg in back)
        # Rooms count where something is known about them: elsewhere all rooms of two venues share their legs.
        extra = self._extra(origin) + self._extra(target) if self.has_door_times else 0.0
        key = (origin.venue, target.venue, extra, walker)
        if key not in self._memo:
            self._memo[key] = self._choice(*key)
        choice = self._memo[key]
        local = moment.astimezone(self.zone) if (choice.is_timed or self.weather) and moment and self.zone else moment
        weather = self.weather.get(local.date()) if self.weather and local else None
        legs = choice.ordered(local, walker, weather, arriving=arriving)
        if walk := self._room_walk(origin, target, LegSource.ROUTED, walker) if self.room_ways else None:
            legs = with_room_leg(legs, walk, walker, weather)
        if choice.is_timed and local:
            pairs = tuple(zip(choice.ways, choice.legs, strict=True))
            if more := boarded(pairs, legs, local, arriving=arriving):
                legs = ordered((*legs, *more), walker, weather)
            legs = naming_later(legs, pairs, local) if arriving else legs
        return self._crowded(legs, moment, arriving=arriving) if moment and self.crowd != 1 else legs

    def _crowded(self, legs: tuple[Leg, ...], moment: datetime, *, arriving: bool) -> tuple[Leg, ...]:
        """The legs, slower if one sets out in the crowd; all of them alike, so their order stays."""
        if not legs:
            return legs
        before = timedelta(minutes=legs[0].minutes * self.crowd if arriving else 0)
        return tuple(leg.times(self.crowd) for leg in legs) if self.peaks.covers(moment - before) else legs

    def longest_to(self, target: Place, walker: Walker = ANYBODY, moment: datetime | None = None) -> Leg | None:
        """Return the longest of the best legs to `target` from any venue: the safe choice if the start is unknown.

        Args:
            moment: when one has to be there.
        """
        others = [venue for venue in self.book.venues if venue.name != target.venue]
        # With a single venue the longest leg is the one inside it.
        starts = (Place(venue.name) for venue in others or self.book.venues)
        legs = (self.best(start, target, walker, moment, arriving=True) for start in starts)
        return max((leg for leg in legs if leg), key=lambda leg: leg.minutes, default=None)

    def nearest_to(self, position: Position) -> tuple[Venue, float] | None:
        """Return the nearest venue with coordinates, and its distance in metres as the crow flies; None without any."""
        here = _located(position)
        found = [(venue, crow) for venue in self.book.venues if (crow := great_circle_m(here, venue)) is not None]
        return min(found, key=lambda pair: pair[1], default=None)

    def _venue(self, name: str) -> Venue:
        return self.book.named(name) or Venue(name)

    def _extra(self, place: Place) -> float:
        return extra_minutes(self._venue(place.venue), place.room)

    def _room_walk(self, origin: Place, target: Place, source: LegSource, walker: Walker) -> Leg | None:
        known = self.room_ways.get((origin, target))
        if known is None:
            return None
        way = Way(origin.venue, target.venue, known.minutes, source, metres=known.metres, as_of=known.as_of)
        return leg_with(way, at_pace(way.spread, walker.pace), walker)

    def _inside(self, origin: Place, target: Place, walker: Walker) -> Leg:
        if origin.room and origin.room == target.room:
            return Leg(origin.venue, target.venue, 0, LegSource.INSIDE, 0, sure=walker.sure, step_free=True)
        if known := self._room_walk(origin, target, LegSource.INSIDE, walker):
            return known
        minutes = room_minutes(self._venue(origin.venue), origin.room, target.room)
        way = Way(origin.venue, target.venue, minutes, LegSource.INSIDE, metres=round(minutes * Pace.NORMAL))
        return leg_with(way, at_pace(way.spread, walker.pace), walker)

    def _choice(self, origin: str, target: str, extra: float, walker: Walker) -> _Choice:
        """Every way in this direction; if no ride is entered as a whole, quicker ones with a change, too."""
        inside = self._halves(origin, target)
        pairs: list[tuple[tuple[Way, ...], Leg]] = [
            ((way,), leg_by(way, walker, extra, inside)) for way in self._direct(origin, target)
        ]
        if self.has_rides and all(parts[0].mode.is_walked for parts, _ in pairs):
            least = math.inf if walker.step_free else min((leg.minutes for _, leg in pairs), default=math.inf)
            changes = [pair for pair in self._with_change(origin, target, walker) if pair[1].minutes < least]
            pairs += sorted(changes, key=lambda pair: pair[1].minutes)
        ways, legs = tuple(ways for ways, _ in pairs), tuple(leg for _, leg in pairs)
        return _Choice(ways, legs, any(way.is_timed for parts in ways for way in parts))

    def _with_change(self, origin: str, target: str, walker: Walker) -> Iterator[tuple[tuple[Way, ...], Leg]]:
        """The ways of two parts, at least one of them a ride."""
        for via in self.book.venues:
            if via.name in (origin, target):
                continue
            for one, other in product(self._direct(origin, via.name), self._direct(via.name, target)):
                if not (one.mode.is_walked and other.mode.is_walked):
                    yield (one, other), self._changing(one, other, via, walker)

    def _changing(self, one: Way, other: Way, via: Venue, walker: Walker) -> Leg:
        legs = [leg_by(way, walker, 0, self._halves(way.origin, way.target)) for way in (one, other)]
        spread = sum((leg.spread for leg in legs if leg.spread), Spread(0, 0))
        # Each part goes to a room and from a room; one that changes stays at the door.
        rooms = via.minutes_inside * Pace.NORMAL / walker.pace
        spread = spread.times(max(1 - rooms / spread.median, LEAST) if spread.median else 1)
        ride = one if other.mode.is_walked else other
        source = max((one, other), key=lambda way: list(LegSource).index(way.source)).source
        metres = None if one.metres is None or other.metres is None else one.metres + other.metres
        free = [leg.step_free for leg in legs]
        step_free = False if False in free else None if None in free else True
        whole = Way(one.origin, other.target, spread.median, source, mode=ride.mode, metres=metres, step_free=step_free)
        return replace(leg_with(whole, spread, walker), via=via.name)

    def _halves(self, origin: str, target: str) -> float:
        """The minutes from the usual room to the door, at both ends together."""
        return (self._venue(origin).minutes_inside + self._venue(target).minutes_inside) / 2

    def _direct(self, origin: str, target: str) -> tuple[Way, ...]:
        """Every way that is entered or estimated as a whole, the best source first; the last is by the distance."""
        guess = estimated_way(self._venue(origin), self._venue(target))
        stored = [
            replace(way, origin=origin, target=target, metres=guess.metres if walked and guess else way.metres)
            for way in (option.way for option in self.stored.get((origin, target), ()))
            for walked in (way.mode.is_walked and way.metres is None,)
        ]
        return (*stored, *((guess,) if guess else ()))

    def _from_lodging(
        self, lodging: Lodging, stay: str, place: Place, walker: Walker, moment: datetime | None
    ) -> tuple[Leg, ...]:
        """The leg from a hotel that is no venue: estimated, or by way of the venue that it is near."""
        if lodging.position:
            way = estimated_way(replace(_located(lodging.position), name=stay), self._venue(place.venue))
            return (leg_by(way, walker, self._extra(place), 0),) if way else ()
        # The minutes are the person's own: at their pace, and perhaps by car.
        spread = Way(stay, lodging.venue, lodging.minutes, LegSource.OWN).spread
        if lodging.venue != place.venue:
            ways = self.ways(Place(lodging.venue), place, walker, moment)
            onward = next((leg for leg in ways if leg.opens is None), None)
            if onward is None:
                return ()
            spread += onward.spread or Spread(onward.minutes, onward.minutes)
        return (leg_with(Way(stay, place.venue, spread.median, LegSource.OWN), spread, walker),)


def _located(position: Position) -> Venue:
    return Venue("", lat=position.lat, lon=position.lon)
