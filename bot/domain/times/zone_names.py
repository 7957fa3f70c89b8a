"""Names of time zones that programs write in place of IANA's: a city alone, Rails' names, other capitals."""

import re
from functools import cache
from zoneinfo import available_timezones

from bot.domain.times.zones import NO_ZONES, is_zone

RAILS = {
    "International Date Line West": "Etc/GMT+12",
    "American Samoa": "Pacific/Pago_Pago",
    "Midway Island": "Pacific/Midway",
    "Hawaii": "Pacific/Honolulu",
    "Alaska": "America/Juneau",
    "Pacific Time": "America/Los_Angeles",
    "Mountain Time": "America/Denver",
    "Arizona": "America/Phoenix",
    "Central Time": "America/Chicago",
    "Saskatchewan": "America/Regina",
    "Guadalajara": "America/Mexico_City",
    "Central America": "America/Guatemala",
    "Eastern Time": "America/New_York",
    "Indiana (East)": "America/Indiana/Indianapolis",
    "Quito": "America/Lima",
    "Atlantic Time (Canada)": "America/Halifax",
    "Newfoundland": "America/St_Johns",
    "Brasilia": "America/Sao_Paulo",
    "Georgetown": "America/Guyana",
    "Greenland": "America/Nuuk",
    "Mid-Atlantic": "Atlantic/South_Georgia",
    "Cape Verde Is.": "Atlantic/Cape_Verde",
    "Edinburgh": "Europe/London",
    "Bern": "Europe/Zurich",
    "Kyiv": "Europe/Kyiv",
    "St. Petersburg": "Europe/Moscow",
    "West Central Africa": "Africa/Algiers",
    "Pretoria": "Africa/Johannesburg",
    "Abu Dhabi": "Asia/Muscat",
    "Ekaterinburg": "Asia/Yekaterinburg",
    "Islamabad": "Asia/Karachi",
    "Chennai": "Asia/Kolkata",
    "Mumbai": "Asia/Kolkata",
    "New Delhi": "Asia/Kolkata",
    "Sri Jayawardenepura": "Asia/Colombo",
    "Astana": "Asia/Almaty",
    "Hanoi": "Asia/Bangkok",
    "Beijing": "Asia/Shanghai",
    "Osaka": "Asia/Tokyo",
    "Sapporo": "Asia/Tokyo",
    "Solomon Is.": "Pacific/Guadalcanal",
    "New Caledonia": "Pacific/Noumea",
    "Marshall Is.": "Pacific/Majuro",
    "Wellington": "Pacific/Auckland",
    "Nuku'alofa": "Pacific/Tongatapu",
    "Tokelau Is.": "Pacific/Fakaofo",
    "Chatham Is.": "Pacific/Chatham",
    "Samoa": "Pacific/Apia",
}
"""Names of `ActiveSupport::TimeZone`, as frab writes them, that are not the city of their IANA zone."""
_OFFSET = re.compile(r"^\((?:GMT|UTC)[^)]{0,10}\)\s*+")
_ASIDE = re.compile(r" ?\(US & Canada\)")
_NO_LETTER = re.compile(r"[\W_]+")
_REGIONS = {"africa", "america", "antarctica", "arctic", "asia", "atlantic", "australia", "europe", "indian", "pacific"}


def zones_called(name: str) -> tuple[str, ...]:
    """Return the IANA zones that `name` may mean, most likely first; empty if there is none."""
    if is_zone(name):
        return (name,)
    return _by_key().get(_key(_ASIDE.sub("", _OFFSET.sub("", name.strip()))), ())


def _key(name: str) -> str:
    return _NO_LETTER.sub(" ", name.casefold()).strip()


@cache
def _by_key() -> dict[str, tuple[str, ...]]:
    """Map names without capitals and punctuation to zones: Rails' first, then whole names, then their cities."""
    found: dict[str, dict[str, None]] = {}
    for name, zone in RAILS.items():
        found.setdefault(_key(name), {})[zone] = None
    # America/Argentina/Buenos_Aires before its old name America/Buenos_Aires.
    known = (zone for zone in available_timezones() if zone.casefold() not in NO_ZONES)
    zones = sorted(known, key=lambda zone: (-zone.count("/"), zone))
    for zone in zones:
        found.setdefault(_key(zone), {})[zone] = None
    for zone in zones:
        region, slash, _ = zone.partition("/")
        if slash and region.casefold() in _REGIONS:
            found.setdefault(_key(zone.rpartition("/")[2]), {})[zone] = None
    return {key: tuple(zones) for key, zones in found.items()}
