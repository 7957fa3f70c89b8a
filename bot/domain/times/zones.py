"""Time zones, wall times and conference days.

An instant is an aware `datetime` in UTC. A wall time is a naive `datetime` as a clock at the conference shows it; it
needs a zone.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.domain.errors import UnknownZoneError
from bot.domain.times.hour_format import HourFormat, clock_text

DAY_CHANGE = timedelta(hours=4)
"""A conference day starts at 04:00: earlier sessions belong to the day before (as pretalx's `day_start`)."""


MAX_ZONE_CHARACTERS = 64
"""More than the longest name in the IANA database, which has 32. `ZoneInfo` recurses on a name of many parts."""
NO_ZONES = frozenset({"factory", "localtime", "posixrules"})
"""Files beside the time zones that are no zone of a place: `localtime` is the zone of the server."""


class WallTimeProblem(StrEnum):
    """Problems of a wall time in the night of a clock change."""

    MISSING = "does not exist"
    TWICE = "exists twice"


@lru_cache(maxsize=256)
def zone_by_name(name: str) -> ZoneInfo:
    """Return the IANA zone `name`.

    Raises:
        UnknownZoneError: there is no such zone.
    """
    message = f"There is no time zone {name[:MAX_ZONE_CHARACTERS]!r}: give an IANA name such as Europe/Brussels."
    if len(name) > MAX_ZONE_CHARACTERS or name.casefold() in NO_ZONES:
        raise UnknownZoneError(message)
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UnknownZoneError(message) from error


def is_zone(name: str) -> bool:
    """Whether `name` is in the IANA database."""
    try:
        zone_by_name(name)
    except UnknownZoneError:
        return False
    return True


def resolve_wall(wall: datetime, zone: tzinfo) -> tuple[datetime, WallTimeProblem | None]:
    """Return the instant of a naive `wall` time in `zone` (fold=0), and its problem, if any."""
    local = wall.replace(tzinfo=zone, fold=0)
    instant = local.astimezone(UTC)
    if wall.replace(tzinfo=zone, fold=1).utcoffset() == local.utcoffset():
        return instant, None
    # Both times that exist twice and times that do not exist have two offsets.
    if instant.astimezone(zone).replace(tzinfo=None) != wall:
        return instant, WallTimeProblem.MISSING
    return instant, WallTimeProblem.TWICE


def day_of(instant: datetime, zone: tzinfo) -> date:
    """Return the conference day of `instant`: the local date, days starting at 04:00."""
    return (instant.astimezone(zone).replace(tzinfo=None) - DAY_CHANGE).date()


def day_bounds(day: date, zone: tzinfo) -> tuple[datetime, datetime]:
    """Return the instants [start, end) of a conference day: 04:00 to 04:00, 23 to 25 hours."""
    opens = datetime.combine(day, time()) + DAY_CHANGE
    return resolve_wall(opens, zone)[0], resolve_wall(opens + timedelta(days=1), zone)[0]


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Daily hours without messages; may pass midnight (22:00 to 07:00)."""

    begins: time
    ends: time

    def end_after(self, instant: datetime, zone: tzinfo) -> datetime | None:
        """Return when the quiet hours around `instant` end, or None if `instant` is outside them."""
        local = instant.astimezone(zone).replace(tzinfo=None)
        if not self._covers(local.time()):
            return None
        ends = datetime.combine(local.date(), self.ends)
        if ends <= local:
            ends += timedelta(days=1)
        return resolve_wall(ends, zone)[0]

    def begin_before(self, instant: datetime, zone: tzinfo) -> datetime | None:
        """Return when the quiet hours around `instant` began, or None if `instant` is outside them."""
        local = instant.astimezone(zone).replace(tzinfo=None)
        if not self._covers(local.time()):
            return None
        begins = datetime.combine(local.date(), self.begins)
        if begins > local:
            begins -= timedelta(days=1)
        return resolve_wall(begins, zone)[0]

    def _covers(self, moment: time) -> bool:
        if self.begins <= self.ends:
            return self.begins <= moment < self.ends
        return moment >= self.begins or moment < self.ends

    def written(self, hours: HourFormat) -> str:
        """`22:00-07:00`, or `10:00 pm-7:00 am`."""
        return f"{clock_text(self.begins, hours)}-{clock_text(self.ends, hours)}"

    def __str__(self) -> str:
        return f"{self.begins:%H:%M}-{self.ends:%H:%M}"
