"""Time zones as people type them: a city, a country, an IANA name; an abbreviation is asked about."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files

from bot.domain.times.zone_names import zones_called
from bot.domain.times.zones import NO_ZONES, zone_by_name

SEASONS = (datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 7, 1, tzinfo=UTC))

ABBREVIATIONS: Mapping[str, tuple[str, ...]] = {
    "aest": ("Australia/Sydney", "Australia/Brisbane"),
    "aedt": ("Australia/Sydney",),
    "bst": ("Europe/London", "Asia/Dhaka"),
    "cet": ("Europe/Berlin", "Europe/Paris"),
    "cest": ("Europe/Berlin", "Europe/Paris"),
    "cst": ("America/Chicago", "Asia/Shanghai", "America/Havana"),
    "cdt": ("America/Chicago",),
    "eet": ("Europe/Athens", "Europe/Helsinki"),
    "eest": ("Europe/Athens", "Europe/Helsinki"),
    "est": ("America/New_York", "America/Panama"),
    "edt": ("America/New_York",),
    "gmt": ("Europe/London", "Africa/Accra"),
    "hst": ("Pacific/Honolulu",),
    "ist": ("Asia/Kolkata", "Europe/Dublin", "Asia/Jerusalem"),
    "jst": ("Asia/Tokyo",),
    "kst": ("Asia/Seoul",),
    "met": ("Europe/Berlin",),
    "msk": ("Europe/Moscow",),
    "mst": ("America/Denver", "America/Phoenix"),
    "mdt": ("America/Denver",),
    "nzst": ("Pacific/Auckland",),
    "pst": ("America/Los_Angeles", "Asia/Manila"),
    "pdt": ("America/Los_Angeles",),
    "wet": ("Europe/Lisbon",),
    "west": ("Europe/Lisbon",),
}
"""Abbreviations and the zones in which people say them. Most stand for half a year only, and some for several zones."""


def possible_zones(text: str) -> tuple[Sequence[str], bool]:
    """Return the zones that a text may mean, and whether the only one of them is certain.

    A city and an IANA name are certain, a country with one zone too. An abbreviation never is: EST is an hour off in
    summer.
    """
    typed = " ".join(text.casefold().split())
    if typed in ABBREVIATIONS:
        return ABBREVIATIONS[typed], False
    found = [zone for zone in zones_called(text) if zone.casefold() not in NO_ZONES]
    zones = tuple(found) or _by_country().get(typed, ())
    return zones, len(zones) == 1


@cache
def _by_country() -> Mapping[str, tuple[str, ...]]:
    """The zones of each country by its English name and its code, from the tables of the IANA database."""
    folder = files("tzdata") / "zoneinfo"
    zones: dict[str, dict[object, str]] = {}
    for code, _, zone, *_ in _rows((folder / "zone.tab").read_text("utf-8")):
        clocks = zones.setdefault(code, {})
        # Büsingen has Berlin's clock: nobody has to choose between them.
        clocks.setdefault(tuple(moment.astimezone(zone_by_name(zone)).utcoffset() for moment in SEASONS), zone)
    countries = {code: name for code, name, *_ in _rows((folder / "iso3166.tab").read_text("utf-8"))}
    named = {name.casefold(): tuple(zones[code].values()) for code, name in countries.items() if code in zones}
    others = {"uk": "GB", "england": "GB", "usa": "US", "us": "US", "czechia": "CZ", "holland": "NL"}
    return {**named, **{name: tuple(zones[code].values()) for name, code in others.items()}}


def _rows(table: str) -> list[list[str]]:
    return [line.split("\t") for line in table.splitlines() if line and not line.startswith("#")]
