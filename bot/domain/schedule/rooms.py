"""Rooms as people look for them: without the city that a calendar program puts behind each."""

from collections import Counter
from collections.abc import Iterable

FEW, SHARE = 3, 2


def trailing_cities(locations: Iterable[str]) -> str:
    """What stands behind a comma at the end of at least half of all locations (`, Amsterdam, Netherlands`), if any."""
    known = [location for location in locations if location]
    ends: Counter[str] = Counter()
    for location in known:
        parts = location.split(",")
        ends.update({",".join(("", *parts[-count:])) for count in (1, 2, 3) if count < len(parts)})
    # One room that is listed for half the sessions is no city: a city stands behind several rooms.
    common = [
        end
        for end, uses in ends.items()
        if uses >= FEW and uses * SHARE >= len(known) and len({each for each in known if each.endswith(end)}) >= FEW
    ]
    return max(common, key=len, default="")


def without_city(room: str, city: str) -> str:
    """The room alone."""
    return room.removesuffix(city).rstrip() if city else room
