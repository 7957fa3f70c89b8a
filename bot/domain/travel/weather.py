"""Rain and heat, as organizers announce them for a day: then ways with less time outside are better."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

MINUTES, METRES, MOST = 2, 100, 10
"""On such a day every 100 metres outside count like 2 more minutes, and a whole way like 10 more at most.

So a way that is all inside is taken in place of one with 300 metres outside if it takes up to 6 minutes more. The
minutes in messages stay those of the way.
"""


class Weather(StrEnum):
    """Why people would rather be inside."""

    RAIN = "rain"
    HOT = "hot"


WeatherByDay = Mapping[date, Weather]


def outside_minutes(metres: int | None) -> float:
    """Return the minutes that the metres outside of a way count like; 0 if they are unknown."""
    return min(MOST, (metres or 0) / METRES * MINUTES)
