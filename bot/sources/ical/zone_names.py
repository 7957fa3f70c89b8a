"""What a TZID means: an IANA name in any spelling, Windows' names, offsets, abbreviations."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timezone, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from bot.domain.errors import UnknownZoneError
from bot.domain.times.zones import zone_by_name
from bot.sources.ical.properties import read_offset

_NOWHERE = frozenset(("factory", "localtime", "posixrules"))
"""Names in the zone database that are no place."""
_ABBREVIATED = frozenset(("EST", "MST", "HST"))
"""Names in the zone database that are the winter time only; people mean the zone, in summer too."""
_GENERAL = frozenset(("ET", "CT", "MT", "PT", "AT"))
"""Abbreviations for both halves of the year."""
_UTC = frozenset(("utc", "etc/utc", "etc/uct", "etc/gmt", "gmt", "uct", "z", "zulu", "etc/zulu", "universal"))
_OFFSET = re.compile(r"(?:(?:UTC|GMT) ?)?([+-])(\d{1,2})(?::?([0-5]\d))?", re.IGNORECASE)
LONGEST_ABBREVIATION = 5
YEAR = 2025
"""The year whose winter and summer decide which abbreviations there are."""


def zone_named(name: str) -> ZoneInfo | None:
    """Return the zone of an IANA or Windows name.

    Letter case, blanks for underscores, and a path in front (`/vendor.org/Europe/Berlin`, `tzone://Microsoft/Utc`) are
    accepted. None if it is anything else, such as `EST`, which is the name of a fixed offset there.
    """
    for spelling in _spellings(name):
        if spelling.upper() in _ABBREVIATED:
            continue
        found = _names().get(spelling.replace(" ", "_").casefold()) or _windows().get(spelling.casefold())
        if found:
            try:
                return zone_by_name(found)
            except UnknownZoneError:
                return None
    return None


def is_utc(zone: tzinfo) -> bool:
    """Whether the zone is one of the names of UTC."""
    return zone is UTC or (isinstance(zone, ZoneInfo) and zone.key.casefold() in _UTC)


def unnumbered(name: str) -> str:
    """Return `Eastern Standard Time` for `Eastern Standard Time 1`, as Outlook numbers zones; "" for other names."""
    before, _, number = name.rpartition(" ")
    return before if number.isdecimal() else ""


def fixed_offset(name: str) -> timezone | None:
    """Return the offset that a name such as UTC+2 or GMT+02:00 is."""
    match = _OFFSET.fullmatch(name)
    if not match:
        return None
    try:
        return read_offset(f"{match[1]}{int(match[2]):02}{match[3] or '00'}")
    except ValueError:
        return None


def is_abbreviation(name: str) -> bool:
    """Whether clocks somewhere are called so, such as CEST."""
    word = name.upper()
    return len(word) <= LONGEST_ABBREVIATION and (word in _GENERAL or word in _abbreviations())


def _spellings(name: str) -> Iterator[str]:
    """Yield the name, and the ends of a path."""
    yield name
    parts = [part for part in name.split("/") if part]
    for number in (3, 2, 1) if name.startswith("/") or "://" in name else (3, 2):
        if len(parts) > number:
            yield "/".join(parts[-number:])


@cache
def _names() -> Mapping[str, str]:
    """IANA names by their small letters."""
    return {name.casefold(): name for name in sorted(available_timezones()) if name.casefold() not in _NOWHERE}


@cache
def _windows() -> Mapping[str, str]:
    from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON  # noqa: PLC0415 — slow to import

    return {name.casefold(): zone for name, zone in WINDOWS_TO_OLSON.items()}


@cache
def _abbreviations() -> frozenset[str]:
    zones = [zone_by_name(name) for name in _names().values()]
    moments = [datetime(YEAR, month, 1, tzinfo=UTC) for month in (1, 7)]
    words = {zone.tzname(moment.astimezone(zone)) or "" for zone in zones for moment in moments}
    return frozenset(word for word in words if word.isalpha())
