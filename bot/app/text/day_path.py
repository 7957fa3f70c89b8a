"""The path of a day on the map: the venues in the order of the visits, and the lines between them."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from bot.app.ports.pictures import MapVenue, Point
from bot.domain.schedule.conference import Schedule
from bot.domain.schedule.session import Session

MAP_CREDIT = "© OpenStreetMap contributors, ODbL"
"""The credit to show with every outline and every routed line, which come from that map."""


def positions_of(schedule: Schedule) -> Mapping[str, Point]:
    """Return the positions of the venues that have one, by name."""
    return {
        venue.name: (venue.lat, venue.lon)
        for venue in schedule.venues
        if venue.lat is not None and venue.lon is not None
    }


def visits_of(sessions: Iterable[Session], positions: Mapping[str, Point]) -> Sequence[str]:
    """Return the venues in the order of the visits; two visits in a row to one venue count as one."""
    visits: list[str] = []
    for session in sessions:
        if session.venue in positions and visits[-1:] != [session.venue]:
            visits.append(session.venue)
    return visits


def venues_of(schedule: Schedule, visits: Sequence[str] = ()) -> tuple[MapVenue, ...]:
    """Return all venues that have a position, with the numbers of their visits and their outlines."""
    order: dict[str, list[int]] = {}
    for number, venue in enumerate(visits, 1):
        order.setdefault(venue, []).append(number)
    outlines = {venue.name: venue.outline for venue in schedule.venues}
    positions = positions_of(schedule)
    return tuple(MapVenue(name, at, tuple(order.get(name, ())), outlines[name]) for name, at in positions.items())


def lines_of(schedule: Schedule, walks: Iterable[Sequence[str]]) -> tuple[tuple[Point, ...], ...]:
    """Return each line between consecutive venues once: along the route if it is known, else straight.

    Args:
        walks: visits of one day each, of venues with a position.
    """
    positions = positions_of(schedule)
    routed = {(way.origin, way.target): way.line for way in schedule.ways if way.line}
    hops: list[tuple[Point, ...]] = []
    for pair in (pair for walk in walks for pair in pairwise(walk)):
        line = routed.get(pair) or tuple(reversed(routed.get((pair[1], pair[0]), ())))
        hops.append(line or (positions[pair[0]], positions[pair[1]]))
    return tuple(dict.fromkeys(hops))


def credit_of(venues: Iterable[MapVenue], lines: Iterable[Sequence[Point]]) -> str:
    """Return the authors to name for a map; "" if nothing on it comes from a map."""
    is_from_map = any(venue.outline for venue in venues) or any(len(line) > 2 for line in lines)  # noqa: PLR2004 — not straight
    return MAP_CREDIT if is_from_map else ""
