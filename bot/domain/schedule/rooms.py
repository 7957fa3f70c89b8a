"""Room names without the city that calendar programs append to each."""

from collections import Counter
from collections.abc import Iterable

FEW, SHARE = 3, 2


def trailing_cities(locations: Iterable[str]) -> str:
    """Return the suffix that at least half of all locations share (`, Amsterdam, Netherlands`), or ""."""
    located = [location for location in locations if location]
    ends: Counter[str] = Counter()
    for location in located:
        parts = location.split(",")
        ends.update({",".join(("", *parts[-count:])) for count in (1, 2, 3) if count < len(parts)})
    # A suffix must follow several different rooms: one room with half the sessions is not a city.
    common = [
        end
        for end, uses in ends.items()
        if uses >= FEW
        and uses * SHARE >= len(located)
        and len({location for location in located if location.endswith(end)}) >= FEW
    ]
    return max(common, key=len, default="")


def without_city(room: str, city: str) -> str:
    """Return the room without `city`."""
    return room.removesuffix(city).rstrip() if city else room
