"""All sittings of a calendar file: of single events, and of repeated ones on the days of the conference."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from itertools import chain

from bot.domain.errors import ScheduleImportError
from bot.domain.imports.draft import Draft, Remark, remark
from bot.domain.phrases import phrase
from bot.sources.file_checks import MOST_SESSIONS
from bot.sources.ical.entry import NEVER, CalendarEntry
from bot.sources.ical.series import MOST_SITTINGS, MOST_SITTINGS_ALONE, Days, EventSeries, Sitting, Span, stated
from bot.sources.ical.versions import newest
from bot.sources.ical.zone_names import zone_named
from bot.sources.ical.zones import Zones
from bot.sources.timestamps import LAST_YEAR

MOST_LISTED = 3
"""Spans of days in a remark, and remarks on one rule."""

SittingsByEntry = dict[int, Sequence[Sitting]]
"""The sittings of each event, by its number in the file."""


def all_sittings(entries: Sequence[CalendarEntry], zones: Zones, draft: Draft) -> list[Sitting]:
    """Return the sittings in the order of the events in the file; what is left out is reported in `draft`."""
    current = newest(entries, draft.skipped)
    changed: dict[str, list[CalendarEntry]] = defaultdict(list)
    for entry in current:
        if entry.uid and entry.recurrence:
            changed[entry.uid].append(entry)
    series = {
        number: EventSeries(entry, changed.pop(entry.uid, ()), zones)
        for number, entry in enumerate(current)
        if entry.repeats
    }
    sittings = _singles(current, changed)
    for event_series in series.values():
        what = "{!r} is changed, and struck out (EXDATE): left out"
        draft.skipped.extend(Remark(entry.where, what.format(entry.title)) for entry in event_series.struck_out)
    stamps = (stamp for entry in entries for stamp in entry.version[1:] if stamp.year <= LAST_YEAR)
    _expand(series, sittings, _home(entries, zones), max(stamps, default=NEVER), draft)
    return list(chain.from_iterable(sittings[number] for number in sorted(sittings)))


def _singles(current: Sequence[CalendarEntry], changed: Mapping[str, Sequence[CalendarEntry]]) -> SittingsByEntry:
    """Return the events that do not repeat, and changed sittings of events that are not in the file."""
    overriding = {id(entry) for group in changed.values() for entry in group}
    sittings: SittingsByEntry = {}
    for number, entry in enumerate(current):
        if entry.recurrence:
            if id(entry) in overriding or not entry.uid:
                sittings[number] = [stated(entry)]
        elif not entry.repeats:
            instead = any(_changes(other, entry) for other in changed.get(entry.uid, ()))
            sittings[number] = [] if instead else [Sitting(entry, entry.starts, entry.uid)]
    return sittings


def _changes(changed: CalendarEntry, single: CalendarEntry) -> bool:
    """Whether a changed sitting stands for a single event."""
    return stated(changed).uid in (stated(single).uid, f"{single.uid}/{single.starts.wall.date()}")


def _home(entries: Sequence[CalendarEntry], zones: Zones) -> tzinfo | None:
    """Return the zone of most events, else that of the whole file; None if there is none."""
    used = Counter(entry.starts.meaning.zone for entry in entries if entry.starts.meaning.name)
    stated_zone = zones.calendar.facts.get("X-WR-TIMEZONE", "")
    return used.most_common(1)[0][0] if used else zone_named(stated_zone)


def _expand(
    series: Mapping[int, EventSeries], sittings: SittingsByEntry, home: tzinfo | None, written: datetime, draft: Draft
) -> None:
    """Add the sittings of repeated events: short series as a whole, others on the days of everything else."""
    short = {number: event_series for number, event_series in series.items() if event_series.is_short()}
    room = MOST_SESSIONS - len(sittings)
    for number, event_series in short.items():
        sittings[number] = event_series.all_sittings()
        room = _room_left(room, sittings[number], draft.source)
    days = Days((sitting.starts for sittings in sittings.values() for sitting in sittings), home)
    for number, event_series in series.items():
        zone = days.zone(event_series)
        spans = days.spans(zone)
        if number not in short:
            sittings[number] = event_series.on(spans, zone) if spans else event_series.first_sittings(written)
            room = _room_left(room, sittings[number], draft.source)
        expanded = sittings[number]
        if number in short or not spans:
            sittings[number] = expanded[: MOST_SITTINGS if spans else MOST_SITTINGS_ALONE]
        else:
            # In a calendar of many years the last ones matter.
            sittings[number] = expanded[-MOST_SITTINGS:]
        _report(event_series, sittings[number], len(expanded), draft, short=number in short, spans=spans)


def _room_left(room: int, sittings: Sequence[Sitting], source: str) -> int:
    if len(sittings) > room:
        raise ScheduleImportError(
            "{source}: its events have more than {most_sessions} sittings, the limit for a conference: split it.",
            source=source,
            most_sessions=f"{MOST_SESSIONS:,}",
        )
    return room - len(sittings)


def _report(
    series: EventSeries, sittings: Sequence[Sitting], number: int, draft: Draft, *, short: bool, spans: Sequence[Span]
) -> None:
    """Report a rule that is not followed: only these `sittings` of `number` are imported."""
    where, title = series.master.where, series.master.title
    for fault in list(dict.fromkeys(series.faults))[:MOST_LISTED]:
        draft.warnings.append(
            remark(
                where,
                "{title} repeats, but {fault}: {taken}",
                title=repr(title),
                fault=fault,
                taken=_taken_text(sittings),
            )
        )
    if len(sittings) < number:
        draft.warnings.append(
            remark(
                where,
                "{title} has more than {count} sittings: {taken}",
                title=repr(title),
                count=len(sittings),
                taken=_taken_text(sittings),
            )
        )
    if short:
        if not sittings:
            draft.skipped.append(remark(where, "every sitting of {title} is struck out (EXDATE)", title=repr(title)))
        return
    days = ", ".join(f"{first}" if first == last else f"{first} to {last}" for first, last in spans[-MOST_LISTED:])
    if spans and not sittings:
        draft.skipped.append(
            remark(
                where, "{title} repeats, but not on the days of the conference ({days})", title=repr(title), days=days
            )
        )
    elif spans:
        what = phrase(
            "{title} repeats on other days too than those of the conference ({days})", title=repr(title), days=days
        )
        draft.warnings.append(remark(where, "{what}: {taken}", what=what, taken=_taken_text(sittings)))
    else:
        what = phrase("{title} repeats for long, and no other session says when the conference is", title=repr(title))
        draft.warnings.append(remark(where, "{what}: {taken}", what=what, taken=_taken_text(sittings)))


def _taken_text(sittings: Sequence[Sitting]) -> str:
    if not sittings:
        return "no sitting of it is taken"
    first, last = (f"{sitting.starts.wall:%Y-%m-%d %H:%M}" for sitting in (sittings[0], sittings[-1]))
    return (
        phrase("only {first} is imported", first=first)
        if len(sittings) == 1
        else phrase("{count} sittings from {first} to {last} are imported", count=len(sittings), first=first, last=last)
    )
