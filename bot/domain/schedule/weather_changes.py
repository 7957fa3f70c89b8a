"""The weather among the changes of organizers: no file says anything about it, so it is stored nowhere else."""

from contextlib import suppress
from datetime import date

from bot.domain.schedule.organizer_changes import ChangeKind, OrganizerChanges
from bot.domain.travel.weather import Weather, WeatherByDay

WEATHER = "weather on "
"""A setting for one day: `weather on 2024-12-02`."""


def weather_name(day: date) -> str:
    """Return the name of the setting for a day."""
    return f"{WEATHER}{day.isoformat()}"


def weather_of(changes: OrganizerChanges) -> WeatherByDay:
    """Return the weather that was announced, by day."""
    found: dict[date, Weather] = {}
    for kind, name in changes.things:
        values = changes.values(kind, name) if kind is ChangeKind.SETTING and name.startswith(WEATHER) else None
        # A newer release may know more kinds of weather.
        with suppress(ValueError, KeyError):
            if values:
                found[date.fromisoformat(name.removeprefix(WEATHER))] = Weather(values["value"])
    return found
