"""The sittings of repeated events (RRULE, RDATE, EXDATE, RECURRENCE-ID) on the days of the conference."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import TYPE_CHECKING, Any

from bot.domain.phrases import phrase
from bot.sources.ical.entry import CalendarEntry, sitting_id
from bot.sources.ical.properties import values
from bot.sources.ical.rules import Rule, RuleError, ends_within, read_rule, shifted, shifted_text, unshifted
from bot.sources.ical.zones import FileTime, Zones
from bot.sources.timestamps import DAY, read_length

if TYPE_CHECKING:
    from recurring_ical_events import CalendarQuery

SHORT = timedelta(days=14)
"""A series of at most this length is imported as a whole: its days are days of the conference."""
NEAR = timedelta(days=3)
"""Days of the conference with at most so many days between them are one span (over a weekend)."""
MOST_DAYS = 400
MOST_SITTINGS = 200
"""The most sittings of one series; an event repeats every hour at most."""
COST_OF_SITTING = 50
"""Steps, as `rules.BUDGET` counts them."""
LONGEST_QUOTE = 40
ALONE = timedelta(days=366)
"""Without any other session, a series without an end is expanded for a year after the file was written."""
MOST_SITTINGS_ALONE = 60
MARK = "X-HALLWAY-ENTRY"

Span = tuple[date, date]
"""First and last day."""


@dataclass(frozen=True, slots=True)
class Sitting:
    """One sitting: `starts`, `uid` and perhaps `length` are its own, everything else is that of `entry`."""

    entry: CalendarEntry
    starts: FileTime
    uid: str
    length: timedelta | None = None


def stated(entry: CalendarEntry) -> Sitting:
    """Return the sitting that the event itself states, as one of several."""
    return Sitting(entry, entry.starts, sitting_id(entry.uid, entry.recurrence or entry.starts))


class Days:
    """The days of the conference: those of single sessions and of short series.

    Args:
        home: the zone of the file, if it states one.
    """

    def __init__(self, moments: Iterable[FileTime], home: tzinfo | None) -> None:
        self._moments = list(moments)
        self._home = home or UTC
        self._spans: dict[tzinfo | None, Sequence[Span]] = {}

    def zone(self, series: "EventSeries") -> tzinfo | None:
        """Return the zone for the days of a series; for UTC or a mere offset, the zone of the file."""
        return self._home if isinstance(series.zone, timezone) else series.zone

    def spans(self, zone: tzinfo | None) -> Sequence[Span]:
        """Return the spans of days in the clock of `zone`, at most the last `MOST_DAYS` days."""
        if zone not in self._spans:
            days = sorted({moment.wall_in(zone).date() for moment in self._moments})
            self._spans[zone] = _last(list(_joined(days)))
        return self._spans[zone]


def _joined(days: Sequence[date]) -> Iterator[Span]:
    """Join days into spans."""
    first = last = None
    for day in days:
        if first is None or last is None:
            first = day
        elif day - last > NEAR:
            yield first, last
            first = day
        last = day
    if first and last:
        yield first, last


def _last(spans: Sequence[Span]) -> Sequence[Span]:
    joined: list[Span] = []
    days_left = MOST_DAYS
    for first, last in reversed(spans):
        if days_left <= 0:
            break
        joined.append((max(first, last - DAY * (days_left - 1)), last))
        days_left -= (last - first).days + 1
    return joined[::-1]


class EventSeries:
    """A repeated event with the sittings that were changed one by one."""

    def __init__(self, master: CalendarEntry, changed: Sequence[CalendarEntry], zones: Zones) -> None:
        self.master = master
        self.faults: list[str] = []
        # The ends of sittings whose RDATE has one, by their clock time.
        self._lengths: dict[datetime, timedelta] = {}
        self._entries = [master, *changed]
        self._zones, self._zone = zones, master.starts.zone
        self._rules = list(self._read_rules())
        self._extra = list(self._read_extra())
        self._struck = set(self._read_struck())

    @property
    def zone(self) -> tzinfo | None:
        """The zone in which the event repeats at the same clock time; None for the conference's."""
        return self._zone

    @property
    def struck_out(self) -> Sequence[CalendarEntry]:
        """The changed sittings that an EXDATE strikes out all the same."""
        return [entry for entry in self._entries[1:] if self._recurrence(entry) in self._struck]

    def is_short(self) -> bool:
        """Whether the series states its end, at most `SHORT` after its start."""
        start = self.master.starts.wall
        if any(at > start + SHORT for at in self._extra):
            return False
        return all(rule.limited and self._ends_within(rule) for rule in list(self._rules))

    def _ends_within(self, rule: Rule) -> bool:
        try:
            self._zones.budget.spend(rule.cost(rule.starts + SHORT))
            return ends_within(rule, SHORT)
        except RuleError as error:
            self._drop(rule, error)
            return True

    def all_sittings(self) -> Sequence[Sitting]:
        """Return every sitting of a short series."""
        start = self.master.starts.wall
        return self.on([(start.date(), (start + SHORT).date())], self._zone, near=timedelta.max)

    def on(self, spans: Sequence[Span], zone: tzinfo | None, near: timedelta = NEAR) -> Sequence[Sitting]:
        """Return the sittings on these days of `zone`, and explicitly dated ones that are at most `near` away."""
        dates = {entry.starts.wall_in(zone).date() for entry in self._entries} | {
            self._moment(at).wall_in(zone).date() for at in self._extra
        }
        others = [(day, day) for day in sorted(dates) if _is_near(day, spans, near)]
        wanted = sorted([*spans, *others])
        if zone is self._zone:
            return self._sittings(wanted)
        sittings = self._sittings(list(_joined(sorted({day for span in wanted for day in _around(span)}))))
        return [sitting for sitting in sittings if _is_in(sitting.starts.wall_in(zone).date(), wanted)]

    def first_sittings(self, written: datetime) -> Sequence[Sitting]:
        """Return the first sittings, for a file in which no other session shows the days of the conference.

        Args:
            written: when the file was written: a series without an end is expanded from then on.
        """
        start = self.master.starts.wall
        if not all(rule.limited for rule in self._rules):
            start = max(start, written.replace(tzinfo=None))
        return self._sittings([(start.date(), (start + ALONE).date())])

    def _sittings(self, spans: Sequence[Span]) -> Sequence[Sitting]:
        """Return the sittings that start on these days, in order."""
        days = sum((last - first).days + 1 for first, last in spans)
        for rule in list(self._rules):
            try:
                until = datetime.combine(spans[-1][1] if spans else rule.starts, time())
                self._zones.budget.spend(rule.cost(until) + rule.times(days) * COST_OF_SITTING)
            except RuleError as error:
                self._drop(rule, error)
        try:
            query = self._query()
            occurrences = [at for span in spans for at in query.between(*_bounds(span))]
        except (ValueError, TypeError, LookupError, AttributeError, ArithmeticError):
            # The library's errors for invalid data are not documented.
            self.faults.append("its rule cannot be read")
            return list({sitting.uid: sitting for sitting in map(stated, self._entries)}.values())
        sittings = {sitting.uid or str(sitting.starts.at): sitting for sitting in map(self._sitting, occurrences)}
        return sorted(sittings.values(), key=lambda sitting: sitting.starts.wall_in(self._zone))

    def _sitting(self, occurrence: Mapping[str, Any]) -> Sitting:
        number, start = int(occurrence[MARK]), unshifted(occurrence["DTSTART"].dt)
        entry = self._entries[number]
        if number and start == entry.starts.wall_in(self._zone):
            return Sitting(entry, entry.starts, sitting_id(entry.uid, self._moment(self._recurrence(entry))))
        starts = self._moment(start)
        # Behind a change of all later sittings: the rule gave it an earlier or later start.
        moved = entry.starts.wall_in(self._zone) - self._recurrence(entry) if number else timedelta()
        return Sitting(entry, starts, sitting_id(entry.uid, self._moment(start - moved)), self._lengths.get(start))

    def _moment(self, wall: datetime) -> FileTime:
        return replace(self.master.starts, at=wall.replace(tzinfo=self.master.starts.at.tzinfo))

    def _recurrence(self, entry: CalendarEntry) -> datetime:
        """Return the clock time that a changed sitting had first."""
        if isinstance(entry.recurrence, FileTime):
            return entry.recurrence.wall_in(self._zone)
        return datetime.combine(entry.recurrence or self.master.starts.wall, self.master.starts.wall.time())

    def _query(self) -> "CalendarQuery":
        """Return the events for the library: as clock times, in years in which rules end soon."""
        from icalendar import Calendar, Event, vRecur  # noqa: PLC0415 — it takes longer to import than all else
        from recurring_ical_events import of  # noqa: PLC0415 — as above

        calendar = Calendar()
        for number, entry in enumerate(self._entries):
            event = Event()
            event[MARK], event["UID"] = str(number), "1"
            event.add("DTSTART", shifted(entry.starts.wall_in(self._zone)))
            if number:
                how = {"RANGE": "THISANDFUTURE"} if entry.moves_later_ones else {}
                event.add("RECURRENCE-ID", shifted(self._recurrence(entry)), parameters=how)
            calendar.add_component(event)
        master = calendar.subcomponents[0]
        for rule in self._rules:
            master.add("RRULE", vRecur.from_ical(shifted_text(rule)))
        if self._extra:
            master.add("RDATE", list(map(shifted, self._extra)))
        if self._struck:
            master.add("EXDATE", list(map(shifted, self._struck)))
        return of(calendar)

    def _read_rules(self) -> Iterator[Rule]:
        for rule in self.master.properties.get("RRULE", ()):
            try:
                yield read_rule(rule.value, self.master.starts.wall, self._zone)
            except RuleError as error:
                self.faults.append(str(error))
        if "EXRULE" in self.master.properties:
            self.faults.append("the rule of its exceptions (EXRULE) is not followed")

    def _read_extra(self) -> Iterator[datetime]:
        for extra in values(self.master.properties, "RDATE", MOST_SITTINGS + 1):
            begins, _, ends = extra.value.partition("/")
            at = self._zones.read(replace(extra, value=begins))
            if isinstance(at, date):
                at = self._moment(datetime.combine(at, self.master.starts.wall.time()))
            if at is None or not at.likely:
                self.faults.append(phrase("the RDATE {value} cannot be read", value=repr(extra.value[:LONGEST_QUOTE])))
                continue
            wall = at.wall_in(self._zone)
            until = self._zones.read(replace(extra, value=ends))
            if isinstance(until, FileTime) and until.likely:
                self._lengths[wall] = until.wall_in(self._zone) - wall
            elif length := _duration(ends):
                self._lengths[wall] = length
            yield wall

    def _read_struck(self) -> Iterator[datetime]:
        """Yield the clock times that do not take place."""
        for struck in values(self.master.properties, "EXDATE"):
            at = self._zones.read(struck)
            if isinstance(at, FileTime) and at.likely:
                yield at.wall_in(self._zone)
            elif isinstance(at, date):
                yield datetime.combine(at, self.master.starts.wall.time())
            else:
                self.faults.append(
                    phrase("the EXDATE {value} cannot be read", value=repr(struck.value[:LONGEST_QUOTE]))
                )

    def _drop(self, rule: Rule, error: RuleError) -> None:
        self._rules.remove(rule)
        self.faults.append(str(error))


def _around(span: Span) -> Iterator[date]:
    """Yield the days of a span, and one before and behind: a day in another zone."""
    first, last = span
    return (first + DAY * number for number in range(-1, (last - first).days + 2))


def _is_in(day: date, spans: Sequence[Span]) -> bool:
    return any(first <= day <= last for first, last in spans)


def _is_near(day: date, spans: Sequence[Span], near: timedelta) -> bool:
    """Whether the day is in none of the spans, but at most `near` away from one."""
    away = [max(first - day, day - last) for first, last in spans]
    return bool(away) and timedelta() < min(away) <= near


def _duration(text: str) -> timedelta | None:
    try:
        return read_length(text) if text else None
    except ValueError:
        return None


def _bounds(span: Span) -> tuple[datetime, datetime]:
    first, last = span
    return shifted(datetime.combine(first, time())), shifted(datetime.combine(last, time.max))
