"""Positions on the earth as people give them: coordinates, and links of maps. No link is opened."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from bot.domain.errors import BadInputError

MAX_LATITUDE, MAX_LONGITUDE = 90, 180
MAX_LINK_CHARACTERS = 2_000
MAX_COUNTRY = 3
"""Characters of the last part of a host of Google: `com`, `de`."""
_NUMBER = r"[+-]?\d{1,3}(?:\.\d{1,15})?"


def _angle(name: str) -> str:
    """An expression for degrees, perhaps with minutes, seconds and a letter of the compass."""
    return (
        rf"(?P<{name}>{_NUMBER})°?(?: ?(?P<{name}m>\d{{1,2}}(?:\.\d{{1,9}})?)['′])?"
        rf"(?: ?(?P<{name}s>\d{{1,2}}(?:\.\d{{1,9}})?)[\"″])?(?: ?(?P<{name}d>[NSEWnsew]))?"
    )


_PAIR = re.compile(rf"{_angle('lat')}(?: ?[,;] ?| ){_angle('lon')}")
_PIN = re.compile(rf"!3d({_NUMBER})!4d({_NUMBER})")
"""The pin in a link of Google Maps; what follows `@` is only the middle of the picture."""
_VIEW = re.compile(rf"@({_NUMBER}),({_NUMBER})")
_OSM_VIEW = re.compile(rf"map=\d{{1,2}}(?:\.\d{{1,9}})?/({_NUMBER})/({_NUMBER})")
_SHORT_HOSTS = frozenset({"maps.app.goo.gl", "goo.gl", "g.co", "maps.apple", "osm.org"})
_PARAMETERS = ("coordinate", "ll", "q", "query", "daddr", "destination", "center", "sll", "cbll")
"""Parameters of links that may have coordinates, the most exact first."""


@dataclass(frozen=True, slots=True)
class Position:
    """WGS 84 degrees."""

    lat: float
    lon: float


def read_position(text: str) -> Position | None:
    """Read `36.1215, -115.1739`, `36°07'17"N 115°10'26"W`, a `geo:` address or a link of a map.

    Returns:
        None if the text is nothing of that kind.

    Raises:
        BadInputError: it is a link without coordinates, or the coordinates are not on the earth.
    """
    typed = " ".join(text.split())[:MAX_LINK_CHARACTERS]
    if typed.casefold().startswith("geo:"):
        return _pair(typed[4:].partition(";")[0].partition("?")[0])
    if "://" in typed:
        return _linked(typed)
    return _pair(typed)


def _linked(link: str) -> Position:
    try:
        parts = urlsplit(link)
        host = (parts.hostname or "").casefold()
    except ValueError:
        parts, host = SplitResult("", "", "", "", ""), ""
    if not _is_map(host) and host not in _SHORT_HOSTS:
        raise BadInputError("I read links of OpenStreetMap, Google Maps and Apple Maps only. Coordinates work, too.")
    found = next((position for text in _candidates(parts) if (position := _pair(text))), None)
    if found is None:
        raise BadInputError(
            "This link does not say where it leads, and I open no links. "
            "Open it, and send me the long address of the map."
        )
    return found


def _is_map(host: str) -> bool:
    """Whether a host is one of the three maps: `www.openstreetmap.org`, `maps.google.co.uk`, `maps.apple.com`."""
    labels = host.split(".")
    is_google = "google" in (labels[-2:-1] + labels[-3:-2]) and len(labels[-1]) <= MAX_COUNTRY
    return is_google or labels[-2:] == ["openstreetmap", "org"] or labels[-3:] == ["maps", "apple", "com"]


def _candidates(parts: SplitResult) -> Iterator[str]:
    """The texts of a link that may be coordinates, the most exact first."""
    path, values = unquote(parts.path.replace("+", " ")), dict(parse_qsl(parts.query))
    whole = f"{path}?{unquote(parts.query)}"
    if match := _PIN.search(whole):
        yield f"{match[1]},{match[2]}"
    if "mlat" in values and "mlon" in values:
        yield f"{values['mlat']},{values['mlon']}"
    for name in _PARAMETERS:
        # Google writes q=loc:36.1,-115.2 and q=36.1,-115.2(Label).
        yield values.get(name, "").removeprefix("loc:").partition("(")[0].strip()
    yield from (part.strip() for part in path.split("/"))
    for expression, text in ((_OSM_VIEW, parts.fragment), (_VIEW, path)):
        if match := expression.search(text):
            yield f"{match[1]},{match[2]}"


def _pair(text: str) -> Position | None:
    match = _PAIR.fullmatch(text.strip())
    if match is None:
        return None
    lat, lon = _degrees(match, "lat"), _degrees(match, "lon")
    if (match["latd"] or "").upper() in ("E", "W") and (match["lond"] or "").upper() in ("N", "S"):
        lat, lon = lon, lat
    if abs(lat) > MAX_LATITUDE or abs(lon) > MAX_LONGITUDE:
        raise BadInputError(
            "{text} is no place on the earth: latitude comes first, such as 36.1215, -115.1739.",
            text=repr(text.strip()),
        )
    return Position(lat, lon)


def _degrees(match: re.Match[str], name: str) -> float:
    minutes, seconds = float(match[f"{name}m"] or 0), float(match[f"{name}s"] or 0)
    whole = abs(float(match[name])) + minutes / 60 + seconds / 3600
    is_negative = match[name].startswith("-") or (match[f"{name}d"] or "").upper() in ("S", "W")
    return round(-whole if is_negative else whole, 6)
