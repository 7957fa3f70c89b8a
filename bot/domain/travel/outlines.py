"""Outlines of buildings, which come from a map: a list of venues does not have them."""

from collections.abc import Iterable
from dataclasses import replace

from bot.domain.travel.venue import Venue


def with_outlines(venues: Iterable[Venue], old: Iterable[Venue]) -> tuple[Venue, ...]:
    """Return venues with the outlines that they had before at the same coordinates."""
    known = {(venue.name, venue.lat, venue.lon): venue.outline for venue in old if venue.outline}
    return tuple(
        replace(venue, outline=venue.outline or known.get((venue.name, venue.lat, venue.lon), ())) for venue in venues
    )
