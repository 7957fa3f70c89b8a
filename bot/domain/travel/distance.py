"""Distances on the earth, and the walk that is estimated from one."""

import math

from bot.domain.travel.venue import Venue
from bot.domain.travel.walker import Pace
from bot.domain.travel.way import LegSource, Way

EARTH_RADIUS_M = 6_371_000
DETOUR = 1.35
"""Typical ratio of walking distance to great-circle distance."""


def great_circle_m(one: Venue, other: Venue) -> float | None:
    """Return the metres between two venues (haversine formula), or None if either has no coordinates."""
    if one.lat is None or one.lon is None or other.lat is None or other.lon is None:
        return None
    lat1, lat2 = math.radians(one.lat), math.radians(other.lat)
    dlon = math.radians(other.lon - one.lon)
    chord = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin(dlon / 2) ** 2
    return 2 * EARTH_RADIUS_M * math.asin(min(1.0, math.sqrt(chord)))


def estimated_way(start: Venue, end: Venue) -> Way | None:
    """Return the walk by the distance: great circle x 1.35 at normal pace, and half of the minutes inside at both ends.

    None if one of both has no coordinates.
    """
    crow = great_circle_m(start, end)
    if crow is None:
        return None
    minutes = crow * DETOUR / Pace.NORMAL + (start.minutes_inside + end.minutes_inside) / 2
    return Way(start.name, end.name, minutes, LegSource.ESTIMATE, metres=round(crow * DETOUR))
