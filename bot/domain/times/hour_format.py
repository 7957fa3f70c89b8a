"""A clock of 12 or 24 hours: by a person's choice, else by the locale of their device."""

from datetime import datetime, time
from enum import StrEnum


class HourFormat(StrEnum):
    """How the hours of a day are written: `1:05 pm` or `13:05`."""

    H12 = "12"
    H24 = "24"


_H12_LANGUAGES = frozenset({"ar", "bn", "el", "hi", "ko"})
"""Languages written with 12 hours wherever they are spoken; from the CLDR (https://cldr.unicode.org), version 46."""
_H12_LOCALES = frozenset(
    {
        *("en", "en-us", "en-au", "en-ca", "en-in", "en-nz", "en-ph", "en-sg"),
        *("es-419", "es-ar", "es-co", "es-la", "es-mx", "es-us", "zh-tw", "zh-hk"),
    }
)
"""Locales written with 12 hours whose language is written with 24 elsewhere."""


def hours_of_locale(locale: str) -> HourFormat | None:
    """Return the clock of a locale such as `en-US` or `de`; None if there is none."""
    if not locale:
        return None
    known = locale.replace("_", "-").casefold()
    twelve = known in _H12_LOCALES or known.partition("-")[0] in _H12_LANGUAGES
    return HourFormat.H12 if twelve else HourFormat.H24


def clock_text(at: datetime | time, hours: HourFormat) -> str:
    """`13:05`, or `1:05 pm`."""
    if hours is HourFormat.H24:
        return f"{at:%H:%M}"
    return f"{at.hour % 12 or 12}:{at.minute:02} {'am' if at.hour < 12 else 'pm'}"  # noqa: PLR2004 — noon
