"""Decides by tags which ways of the map people walk on, and how."""

from collections.abc import Callable

PATHS = frozenset({
    *("footway", "path", "pedestrian", "steps", "service", "cycleway", "corridor", "crossing", "platform", "elevator"),
})  # fmt: skip
ROADS = frozenset({
    *("living_street", "residential", "unclassified", "road", "track", "bridleway"),
    *("primary", "secondary", "tertiary", "primary_link", "secondary_link", "tertiary_link"),
})  # fmt: skip
"""Values of `highway`. A trunk road or a motorway is walked only where the map allows it."""
ALLOWED_ONLY = frozenset({"trunk", "trunk_link", "motorway", "motorway_link"})
OPEN = frozenset({"yes", "designated", "permissive", "destination", "customers", "official"})
CLOSED = frozenset({"no", "private", "use_sidepath", "agricultural", "forestry", "delivery", "military"})
COVERED = frozenset({"yes", "arcade", "colonnade"})
STEPS, INSIDE = 1, 2
"""Flags: it has steps, or cannot be rolled on; it is inside or under a roof."""
Get = Callable[[str], str | None]
"""Returns the value of a tag, None without it."""


def walked(get: Get) -> int | None:
    """Return the flags of a way, or None if nobody walks on it."""
    highway = get("highway")
    if highway is None:
        is_platform = "platform" in (get("railway"), get("public_transport"))
        is_walked = is_platform or get("indoor") in ("yes", "corridor")
    else:
        is_walked = highway in PATHS or highway in ROADS or highway in ALLOWED_ONLY
    if not is_walked or not _is_open(get, highway):
        return None
    # A road for cars is neither stairs nor inside.
    return 0 if highway in ROADS else _flags(get, highway)


def _is_open(get: Get, highway: str | None) -> bool:
    if highway in ALLOWED_ONLY:
        return get("foot") in OPEN
    if get("foot") in CLOSED:
        return False
    return get("access") not in CLOSED or get("foot") in OPEN


def _flags(get: Get, highway: str | None) -> int:
    has_steps = highway == "steps" or get("conveying") not in (None, "no") or get("wheelchair") == "no"
    is_inside = highway == "corridor" or get("covered") in COVERED or get("indoor") not in (None, "no")
    is_inside = is_inside or get("tunnel") == "building_passage"
    return (STEPS if has_steps else 0) | (INSIDE if is_inside else 0)
