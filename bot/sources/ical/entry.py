"""One event (VEVENT) of a calendar file."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from bot.sources.ical.properties import Properties, first_property, instant_of, number_of
from bot.sources.ical.zones import FileTime

NEVER = datetime.min.replace(tzinfo=UTC)
Facts = Mapping[str, object]
"""The properties that the library has read."""


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """One event with a title and a start.

    Attributes:
        where: its line in the file.
        recurrence: its RECURRENCE-ID: the start that this sitting of a repeated event had first.
    """

    where: str
    uid: str
    title: str
    starts: FileTime
    facts: Facts
    properties: Properties
    recurrence: FileTime | date | None = None

    @property
    def repeats(self) -> bool:
        """Whether the event has, or had, several sittings."""
        return not self.recurrence and bool({"RRULE", "RDATE", "EXDATE"} & self.properties.keys())

    @property
    def version(self) -> tuple[int, datetime, datetime]:
        """SEQUENCE, LAST-MODIFIED (else DTSTAMP) and DTSTAMP: greater is newer."""
        stamp = instant_of(self.properties, "DTSTAMP")
        modified = instant_of(self.properties, "LAST-MODIFIED") or stamp
        return number_of(self.properties, "SEQUENCE"), modified or NEVER, stamp or NEVER

    @property
    def moves_later_ones(self) -> bool:
        """Whether it changes the sittings after it too (RANGE=THISANDFUTURE)."""
        recurrence_id = first_property(self.properties, "RECURRENCE-ID")
        return recurrence_id is not None and recurrence_id.parameters.get("RANGE", "").upper() == "THISANDFUTURE"


def sitting_id(uid: str, first_start: FileTime | date) -> str:
    """Return the stable id of one sitting: it does not change when the sitting is moved.

    Args:
        uid: the UID of the event; "" gives "".
        first_start: the start that the rule gives the sitting.
    """
    if not uid:
        return ""
    if not isinstance(first_start, FileTime):
        return f"{uid}/{first_start}"
    moment = first_start.resolved()[0]
    return f"{uid}/{moment.astimezone(UTC) if moment.tzinfo else moment}"
