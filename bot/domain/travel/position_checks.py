"""Positions of venues that are slips: 0, 0; latitude and longitude swapped; far from all other venues."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from statistics import median_low
from zoneinfo import ZoneInfo

from bot.domain.errors import BadInputError
from bot.domain.travel.distance import great_circle_m
from bot.domain.travel.venue import Venue

FARTHEST_KM = 100
"""No two venues of a conference are farther apart."""
NOWHERE = 0.01
"""Degrees from 0, 0 within which there is nothing but the sea."""
LEAVE_EMPTY, CHECK = "leave lat and lon empty if they are unknown", "check the coordinates"
"""What to do about it in a list of venues, and in the chat."""
HOUR_DEGREES = 15
"""Degrees of longitude that the sun passes in an hour."""
ZONE_WIDTH, SURELY_ELSEWHERE = 35, 50
"""Degrees between the meridian of a zone's clock and a place that keeps it: nearly always, and never."""


class SlipError(BadInputError):
    """A position that looks wrong; it is used if somebody insists."""


def doubtful_position(venues: Sequence[Venue], zone: ZoneInfo | None = None, at: datetime | None = None) -> str:
    """Return what is wrong with the first position that looks like a slip, without a full stop; "" if none does.

    Args:
        venues: all venues of the conference.
        zone: its time zone, for the case that every position is swapped.
        at: a moment of the conference; needed with `zone`.
    """
    located = _located(venues)
    if not located:
        return ""
    center = _center(located)
    if zone and at and _all_swapped(center, zone, at):
        return f"{located[0].name} and all others have latitude and longitude swapped: latitude comes first"
    return next((wrong for venue in located if (wrong := _problem(venue, center, located))), "")


def check_position(venue: Venue, venues: Sequence[Venue]) -> None:
    """Check a position that somebody gives a venue.

    Args:
        venues: the venues of the conference.

    Raises:
        SlipError: it looks like a slip.
    """
    others = _located([other for other in venues if other.name != venue.name])
    if wrong := _problem(venue, _center(others or [venue]), others):
        # Who types coordinates has no columns to leave empty.
        raise SlipError("{wrong}.", wrong=wrong.replace(LEAVE_EMPTY, CHECK))


def _located(venues: Sequence[Venue]) -> list[Venue]:
    return [venue for venue in venues if venue.lat is not None and venue.lon is not None]


def _center(located: Sequence[Venue]) -> Venue:
    """The middle of most venues: a few wrong ones do not move it."""
    lat, lon = median_low([venue.lat or 0 for venue in located]), median_low([venue.lon or 0 for venue in located])
    return Venue("", lat=lat, lon=lon)


def _problem(venue: Venue, center: Venue, located: Sequence[Venue]) -> str:
    """What is wrong with one position; "" if nothing is."""
    if abs(venue.lat or 0) < NOWHERE and abs(venue.lon or 0) < NOWHERE:
        return f"{venue.name} is at 0, 0, which is in the sea: {LEAVE_EMPTY}"
    return _far(venue, center, located) if _km(venue, center) > FARTHEST_KM else ""


def _far(venue: Venue, center: Venue, located: Sequence[Venue]) -> str:
    swapped = replace(venue, lat=venue.lon, lon=venue.lat)
    if abs(swapped.lat or 0) <= 90 and _km(swapped, center) <= FARTHEST_KM:  # noqa: PLR2004 — the pole
        return f"{venue.name} has latitude and longitude swapped: latitude comes first"
    others = [other for other in located if other is not venue]
    nearest = min(others, key=lambda other: _km(venue, other))
    km = round(_km(venue, nearest))
    return f"{venue.name} is {km:,} km from {nearest.name}, the nearest other venue: a minus means west or south"


def _km(one: Venue, other: Venue) -> float:
    return (great_circle_m(one, other) or 0.0) / 1_000


def _all_swapped(center: Venue, zone: ZoneInfo, at: datetime) -> bool:
    """Whether the clock of the conference does not fit its longitude, but would fit its latitude."""
    offset = zone.utcoffset(at)
    if offset is None:
        return False
    meridian = offset.total_seconds() / 3600 * HOUR_DEGREES
    lat, lon = center.lat or 0.0, center.lon or 0.0
    return abs(lon) <= 90 and _apart(lon, meridian) > SURELY_ELSEWHERE and _apart(lat, meridian) < ZONE_WIDTH  # noqa: PLR2004 — the pole


def _apart(one: float, other: float) -> float:
    return abs((one - other + 180) % 360 - 180)
