"""Instants, wall times and conference days.

An instant is an aware `datetime` in UTC. A wall time is what hangs on the wall of the conference: naive, and
only meaningful together with a zone.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.domain.errors import UnknownZoneError

DAY_CHANGE = timedelta(hours=4)
"""A session that starts before 04:00 belongs to the evening before (pretalx writes `day_start` 04:00)."""


class WallFault(StrEnum):
    """What a wall time can suffer on the night the clocks change."""

    MISSING = "does not exist"
    TWICE = "exists twice"


@lru_cache(maxsize=256)
def zone_named(name: str) -> ZoneInfo:
    """The IANA zone `name`; raises `UnknownZoneError` for anything else."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        message = f"There is no time zone {name!r}: give an IANA name such as Europe/Brussels."
        raise UnknownZoneError(message) from error


def is_zone(name: str) -> bool:
    """Whether `name` is in the IANA database."""
    try:
        zone_named(name)
    except UnknownZoneError:
        return False
    return True


def resolve_wall(wall: datetime, zone: tzinfo) -> tuple[datetime, WallFault | None]:
    """The instant of a naive `wall` time in `zone`, by fold=0, and what was odd about it, if anything."""
    local = wall.replace(tzinfo=zone, fold=0)
    instant = local.astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) != wall:
        return instant, WallFault.MISSING
    if wall.replace(tzinfo=zone, fold=1).utcoffset() != local.utcoffset():
        return instant, WallFault.TWICE
    return instant, None


def day_of(instant: datetime, zone: tzinfo) -> date:
    """The conference day that `instant` belongs to: the local date, where a day lasts until 04:00."""
    return (instant.astimezone(zone).replace(tzinfo=None) - DAY_CHANGE).date()


def day_bounds(day: date, zone: tzinfo) -> tuple[datetime, datetime]:
    """The instants [start, end) of a conference day: 04:00 to 04:00, 23 to 25 hours apart."""
    opens = datetime.combine(day, time()) + DAY_CHANGE
    return resolve_wall(opens, zone)[0], resolve_wall(opens + timedelta(days=1), zone)[0]


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Hours of the night in which nothing is sent; `begins` may be later than `ends` (22:00 to 07:00)."""

    begins: time
    ends: time

    def end_after(self, instant: datetime, zone: tzinfo) -> datetime | None:
        """The instant at which the quiet around `instant` ends, or None if `instant` is not quiet."""
        local = instant.astimezone(zone).replace(tzinfo=None)
        if not self._covers(local.time()):
            return None
        ends = datetime.combine(local.date(), self.ends)
        if ends <= local:
            ends += timedelta(days=1)
        return resolve_wall(ends, zone)[0]

    def _covers(self, moment: time) -> bool:
        if self.begins <= self.ends:
            return self.begins <= moment < self.ends
        return moment >= self.begins or moment < self.ends

    def __str__(self) -> str:
        return f"{self.begins:%H:%M}-{self.ends:%H:%M}"
