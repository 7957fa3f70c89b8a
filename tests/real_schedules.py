"""Real schedules, read as an import reads them; they are no part of the project."""

from functools import cache
from pathlib import Path

from bot.domain.imports.resolve import resolve_draft
from bot.domain.schedule.conference import Schedule
from bot.sources import read_draft, read_venues

REINVENT = ("reinvent2024_facts.csv", "America/Los_Angeles", "reinvent_venues.csv")
FOSDEM = ("fosdem_2026.xml", "Europe/Brussels", "fosdem_venues.csv")


@cache
def real_schedule(folder: Path, file: str, zone: str, venues: str) -> Schedule:
    """Return the schedule in a file of `folder`."""
    venue_list = read_venues(folder / "venues" / venues)
    return resolve_draft(read_draft(folder / "schedules" / file), "real", zone, venue_list).schedule
