"""The time zones of one calendar file, and the remarks on each that had to be guessed."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from bot.domain.imports.draft import Remark, remark
from bot.domain.phrases import phrase
from bot.domain.times.zones import WallTimeProblem, resolve_wall
from bot.sources.calendar_lines import Calendar
from bot.sources.ical.properties import Property, read_stamp
from bot.sources.ical.rules import ExpansionBudget
from bot.sources.ical.vtimezone import DefinedZone, ZoneDefinitionError, read_zone
from bot.sources.ical.zone_names import fixed_offset, is_abbreviation, is_utc, unnumbered, zone_named
from bot.sources.timestamps import FIRST_YEAR, LAST_YEAR

MOST_ZONES = 100
"""Maximum number of TZIDs; further ones are not looked up."""


@dataclass(frozen=True, slots=True)
class ZoneMeaning:
    """What a TZID means.

    Attributes:
        zone: None for the zone of the conference.
        name: the IANA name, if the conference may be in this zone.
        abbreviation: CEST and the like, which only the zone of the conference can settle.
        source: how the zone was found, if that is a guess.
        unknown: the TZID, if it means nothing.
    """

    zone: tzinfo | None = None
    name: str = ""
    abbreviation: str = ""
    source: str = ""
    unknown: str = ""


FLOATING = ZoneMeaning()
FURTHER = ZoneMeaning(unknown=phrase("and more than {most_zones} others", most_zones=MOST_ZONES))


@dataclass(frozen=True, slots=True)
class FileTime:
    """A time in a file: aware, or a clock time in the zone of `meaning`."""

    at: datetime
    meaning: ZoneMeaning = FLOATING

    @property
    def likely(self) -> bool:
        """Whether it is in a year in which there are conferences; only then zones can be applied."""
        return FIRST_YEAR <= self.at.year <= LAST_YEAR

    @property
    def zone(self) -> tzinfo | None:
        """The zone in which its clock shows `wall`; None for that of the conference."""
        return self.at.tzinfo or self.meaning.zone

    @property
    def wall(self) -> datetime:
        """What the clock shows."""
        return self.at.replace(tzinfo=None)

    def settled(self) -> tuple[datetime, WallTimeProblem | None]:
        """Return the aware time, or the clock time if only the conference's zone can settle it; and its problem."""
        if self.at.tzinfo is not None or self.meaning.zone is None:
            return self.at, None
        instant, problem = resolve_wall(self.at, self.meaning.zone)
        if not self.meaning.source:
            return instant, problem
        # The offset is stated, so that the report can show both clocks.
        offset = self.at.replace(tzinfo=self.meaning.zone).utcoffset() or timedelta()
        return instant.astimezone(timezone(offset)), problem

    def wall_in(self, zone: tzinfo | None) -> datetime:
        """Return what a clock of `zone` shows then; its own clock time if one of both is the conference's zone."""
        if zone is None or self.zone is None or zone is self.zone:
            return self.wall
        return self.settled()[0].astimezone(zone).replace(tzinfo=None)


@dataclass(slots=True)
class Zones:
    """Zones by TZID.

    Attributes:
        budget: what the rules of the file may still cost.
    """

    calendar: Calendar
    budget: ExpansionBudget = field(default_factory=ExpansionBudget)
    _meanings: dict[str, ZoneMeaning] = field(default_factory=dict)
    _defined: dict[str, DefinedZone | None] = field(default_factory=dict)
    _against: dict[str, list[tuple[str, datetime]]] = field(default_factory=lambda: defaultdict(list))

    def read(self, found: Property | None) -> FileTime | date | None:
        """Return the time of a property, a date for a whole day, or None if it cannot be read."""
        stamp = read_stamp(found.value) if found else None
        if found is None or not isinstance(stamp, datetime):
            return stamp
        return FileTime(stamp) if stamp.tzinfo else FileTime(stamp, self.meaning(found.parameters.get("TZID", "")))

    def meaning(self, tzid: str) -> ZoneMeaning:
        """Return what a TZID means in this file."""
        if not tzid:
            return FLOATING
        if tzid not in self._meanings:
            if len(self._meanings) >= MOST_ZONES:
                return FURTHER
            self._meanings[tzid] = self._looked_up(tzid)
        return self._meanings[tzid]

    def _looked_up(self, tzid: str) -> ZoneMeaning:
        named = zone_named(tzid) or zone_named(self.calendar.places.get(tzid, ""))
        if named:
            return ZoneMeaning(UTC) if is_utc(named) else ZoneMeaning(named, named.key)
        if defined := self._definition(tzid):
            return ZoneMeaning(defined, source=phrase("TZID {tzid} is read from the file's VTIMEZONE", tzid=repr(tzid)))
        if offset := fixed_offset(tzid):
            return ZoneMeaning(offset, source=phrase("TZID {tzid} is read as an offset from UTC", tzid=repr(tzid)))
        if guessed := zone_named(unnumbered(tzid)):
            return ZoneMeaning(
                guessed, guessed.key, source=phrase("TZID {tzid} is read as {key}", tzid=repr(tzid), key=guessed.key)
            )
        return ZoneMeaning(abbreviation=tzid.upper()) if is_abbreviation(tzid) else ZoneMeaning(unknown=tzid)

    def _definition(self, tzid: str) -> DefinedZone | None:
        """Return the zone that the file defines under this name, if it can be read."""
        if tzid not in self._defined:
            lines = self.calendar.zones.get(tzid)
            try:
                self._defined[tzid] = read_zone(tzid, lines, self.budget) if lines else None
            except ZoneDefinitionError:
                self._defined[tzid] = None
        return self._defined[tzid]

    def check(self, where: str, starts: FileTime, tzid: str) -> None:
        """Remember a start at which the file's VTIMEZONE contradicts the zone of that name."""
        zone = starts.meaning.zone
        if not isinstance(zone, ZoneInfo) or starts.at.tzinfo or not starts.likely:
            return
        defined = self._definition(tzid)
        if defined is None or starts.at < defined.first:
            return
        if defined.utcoffset(starts.at) != starts.at.replace(tzinfo=zone).utcoffset():
            self._against[tzid].append((where, starts.at))

    def remarks(self) -> Iterator[Remark]:
        """Yield a remark on each zone whose definition in the file was not followed."""
        for tzid, found in self._against.items():
            where, at = found[0]
            zone, own = self.meaning(tzid).zone, self._definition(tzid)
            times = phrase("{count} events start", count=len(found)) if len(found) > 1 else "1 event starts"
            yield remark(
                where,
                "{times} while the file's VTIMEZONE for {tzid} contradicts {zone}: {moment} is {offset} in {zone}, "
                "which is taken, and {file_offset} in the file",
                times=times,
                tzid=repr(tzid),
                zone=zone,
                moment=f"{at:%Y-%m-%d %H:%M}",
                offset=f"{at.replace(tzinfo=zone):%z}",
                file_offset=f"{at.replace(tzinfo=own):%z}",
            )
