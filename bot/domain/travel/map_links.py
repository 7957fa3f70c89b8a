"""Links to a walk on a map. They need no key, and nobody but the reader opens them."""

from enum import StrEnum

from bot.domain.travel.venue import Venue


class MapApp(StrEnum):
    """Where the links of walks lead."""

    OSM = "osm"
    APPLE = "apple"
    GOOGLE = "google"


_FORMS = {
    MapApp.OSM: "https://www.openstreetmap.org/directions?engine=fossgis_osrm_foot&route={0},{1};{2},{3}",
    MapApp.APPLE: "https://maps.apple.com/?saddr={0},{1}&daddr={2},{3}&dirflg=w",
    MapApp.GOOGLE: "https://www.google.com/maps/dir/?api=1&origin={0},{1}&destination={2},{3}&travelmode=walking",
}


def map_link(start: Venue, end: Venue, app: MapApp) -> str | None:
    """Return the link to the walk between two venues; None if one of them has no coordinates."""
    if start.lat is None or start.lon is None or end.lat is None or end.lon is None:
        return None
    degrees = (f"{degree:.6f}" for degree in (start.lat, start.lon, end.lat, end.lon))
    return _FORMS[app].format(*degrees)
