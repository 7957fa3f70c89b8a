"""From stored ways to what is known without walks, and from learned minutes back to ways."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from bot.domain.schedule.conference import Schedule
from bot.domain.travel.distance import estimated_way
from bot.domain.travel.travel import Travel
from bot.domain.travel.venue import Place, Venue
from bot.domain.travel.way import LegSource, Mode, Way
from bot.domain.walks.group import DOUBT, FIRM_DOUBT, Prior
from bot.domain.walks.publishing import Published
from bot.domain.walks.walk import WalkedLeg


def priors(schedule: Schedule) -> dict[WalkedLeg, Prior]:
    """Return what is known without walks about all legs between two venues: the median with its wait."""
    static = [way for way in schedule.ways if way.source is not LegSource.LEARNED]
    travel = Travel.of(schedule.venues, static, schedule.conference.tz)
    found = {WalkedLeg(way.origin, way.target, way.mode): _prior(way.minutes + way.wait, way.source) for way in static}
    for start in schedule.venues:
        for end in schedule.venues:
            legs = () if start == end else travel.ways(Place(start.name), Place(end.name))
            found |= {WalkedLeg(leg.origin, leg.target, leg.mode): _prior(leg.median, leg.source) for leg in legs}
    return {leg: prior for leg, prior in found.items() if prior.minutes > 0}


def publishable(legs: Iterable[WalkedLeg], schedule: Schedule, walked: Mapping[WalkedLeg, int]) -> list[WalkedLeg]:
    """Return the legs that may be published: what an organizer set stays until people have walked it."""
    given = {(way.origin, way.target, way.mode) for way in schedule.ways if way.source is LegSource.ORGANIZER}
    given |= {(way.target, way.origin, way.mode) for way in schedule.ways if _is_given_back(way)}
    return [leg for leg in legs if leg in walked or tuple(leg) not in given]


def with_learned(schedule: Schedule, published: Mapping[WalkedLeg, Published], today: date) -> tuple[Way, ...]:
    """Return the ways of a conference with learned minutes in place of those learned before."""
    stays = [way for way in schedule.ways if way.source is not LegSource.LEARNED or _leg_of(way) not in published]
    venues = {venue.name: venue for venue in schedule.venues}
    return (*stays, *(_learned(leg, minutes, schedule.ways, venues, today) for leg, minutes in published.items()))


def _prior(minutes: float, source: LegSource) -> Prior:
    return Prior(minutes, DOUBT if source is LegSource.ESTIMATE else FIRM_DOUBT)


def _is_given_back(way: Way) -> bool:
    return way.source is LegSource.ORGANIZER and way.both_ways


def _leg_of(way: Way) -> WalkedLeg:
    return WalkedLeg(way.origin, way.target, way.mode)


def _learned(
    leg: WalkedLeg, published: Published, ways: Sequence[Way], venues: Mapping[str, Venue], today: date
) -> Way:
    """The learned way; metres, steps and hours are those of the best other source."""
    base = _base(leg, ways, venues)
    return replace(
        base,
        origin=leg.origin,
        target=leg.target,
        minutes=float(published.minutes),
        p90=float(published.p90),
        source=LegSource.LEARNED,
        # People stop the time with their wait.
        wait=0.0,
        both_ways=False,
        samples=published.people or None,
        as_of=today,
        line=base.line if base.origin == leg.origin else base.line[::-1],
    )


def _base(leg: WalkedLeg, ways: Sequence[Way], venues: Mapping[str, Venue]) -> Way:
    rank = list(LegSource)
    others = [way for way in ways if way.mode is leg.mode and way.source is not LegSource.LEARNED]
    pairs = ((leg.origin, leg.target), (leg.target, leg.origin))
    found = [way for way in others if (way.origin, way.target) in pairs]
    if found:
        return min(found, key=lambda way: ((way.origin, way.target) != pairs[0], rank.index(way.source)))
    start, end = (venues.get(name, Venue(name)) for name in pairs[0])
    guess = estimated_way(start, end) if leg.mode is Mode.WALK else None
    return guess or Way(leg.origin, leg.target, 0.0, LegSource.LEARNED, mode=leg.mode)
