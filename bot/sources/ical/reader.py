"""A whole calendar, as Sched, Indico, pretalx and calendar programs write it, as a draft."""

import re
import warnings
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.domain.errors import EmptyScheduleError
from bot.domain.imports.draft import Draft, DraftSession, Remark, remark
from bot.domain.phrases import phrase
from bot.sources.calendar_lines import Calendar, events
from bot.sources.format import Raw
from bot.sources.ical.entry import CalendarEntry, Facts
from bot.sources.ical.properties import Properties, first_property, split_properties
from bot.sources.ical.series import Sitting
from bot.sources.ical.sittings import all_sittings
from bot.sources.ical.zone_names import zone_named
from bot.sources.ical.zones import FileTime, Zones
from bot.sources.text import plain, plain_html, plain_title, read_affiliated_names, title_says_cancelled
from bot.sources.timestamps import FIRST_YEAR, LAST_YEAR, lasting, time_problem

_PRETALX = re.compile(r"pretalx-.{1,200}?-([A-Z0-9]{6})(?:-\d+)?@")
_SPEAKERS = re.compile(r"Speakers: (.+)")
_NO_ZONES = {"", "UTC", "GMT", "ETC/UTC", "Z"}
LONGEST_QUOTE = 100
"""Characters of a value that a remark quotes."""


def read_calendar(raw: Raw) -> Draft:
    """Parse all events of a calendar, with the sittings of repeated events on the days of the conference."""
    calendar, draft = Calendar(), Draft("ical", raw.name)
    # The whole file first: a time zone may be defined behind the events that use it.
    texts = list(events(raw.data.lstrip(b"\xef\xbb\xbf \t\r\n"), raw.name, calendar))
    zones = Zones(calendar)
    with warnings.catch_warnings():
        # The library warns of what it reads in spite of faults.
        warnings.simplefilter("ignore")
        read = [(where, *_read(text)) for where, text in texts]
        titles = {_uid(facts): _title(facts) for _, facts, properties in read if "RECURRENCE-ID" not in properties}
        rows = (_entry(draft, where, facts, properties, zones, titles) for where, facts, properties in read)
        entries = [entry for entry in rows if entry]
        for sitting in all_sittings(entries, zones, draft):
            _add(draft, sitting, calendar, zones)
    draft.skipped.extend(calendar.broken)
    if not texts and not draft.skipped:
        raise EmptyScheduleError(
            "{name}: there is no event (VEVENT) in this calendar: export it with its sessions.", name=raw.name
        )
    return _with_zone(draft, calendar, entries, zones)


def _with_zone(draft: Draft, calendar: Calendar, entries: Sequence[CalendarEntry], zones: Zones) -> Draft:
    stated = plain(calendar.facts.get("X-WR-TIMEZONE") or calendar.facts.get("TIMEZONE-ID"))[:LONGEST_QUOTE]
    names = Counter(entry.starts.meaning.name for entry in entries if entry.starts.meaning.name)
    common = next((zone for zone, _ in names.most_common()), "")
    zone_stated = zone_named(stated) or zone_named(calendar.places.get(stated, ""))
    if stated.upper() not in _NO_ZONES and not zone_stated and common:
        what = phrase(
            "the file says that its time zone is {stated}, which does not exist: {common}, which its events "
            "name, is used",
            stated=repr(stated),
            common=common,
        )
        draft.warnings.append(Remark("calendar", what))
    zone = (
        common
        if common and (stated.upper() in _NO_ZONES or not zone_stated)
        else zone_stated.key
        if zone_stated
        else stated
    )
    draft.warnings.extend(zones.remarks())
    draft.warnings.extend(_naive(entries))
    if tentative := [entry for entry in entries if _state(entry) == "TENTATIVE"]:
        number = "1 event is" if len(tentative) == 1 else phrase("{count} events are", count=len(tentative))
        what = phrase(
            "{number} tentative: treated as taking place, such as {title}",
            number=number,
            title=repr(tentative[0].title),
        )
        draft.warnings.append(Remark(tentative[0].where, what))
    title = plain_title(_unescaped(calendar.facts.get("X-WR-CALNAME") or calendar.facts.get("NAME") or ""))
    return replace(draft, title=title, zone=zone)


def _naive(entries: Sequence[CalendarEntry]) -> Iterator[Remark]:
    """Yield a remark for each kind of event that only has a clock time."""
    naive: dict[str, list[CalendarEntry]] = defaultdict(list)
    for entry in entries:
        if entry.starts.zone is None and not entry.starts.meaning.abbreviation:
            naive[entry.starts.meaning.unknown].append(entry)
    for tzid, floating in naive.items():
        sample = f"{floating[0].title!r} at {floating[0].starts.wall:%Y-%m-%d %H:%M}"
        why = phrase(" that can be read (TZID {tzid}, {sample})", tzid=repr(tzid), sample=sample) if tzid else ""
        lacking = phrase("{count} events have no time zone of their own", count=len(floating))
        if len(floating) == 1:
            lacking = "1 event has no time zone of its own"
        what = phrase("{lacking}{why}: read as clock times in the conference's zone", lacking=lacking, why=why)
        yield Remark(floating[0].where if tzid else "calendar", what)


def _read(text: str) -> tuple[Facts, Properties]:
    """Return the properties of one event: those that the library reads, and those with times."""
    from icalendar import Event  # noqa: PLC0415 — it takes longer to import than all else

    rest, properties = split_properties(text)
    try:
        return dict(Event.from_ical(rest)), properties
    except (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, OSError):
        # The library's errors for invalid data are not documented.
        return {}, {}


def _entry(
    draft: Draft, where: str, facts: Facts, properties: Properties, zones: Zones, titles: Mapping[str, str]
) -> CalendarEntry | None:
    """Return an event with a title and a plausible start; anything else is reported."""
    uid, moved = _uid(facts), first_property(properties, "RECURRENCE-ID")
    # A cancelled sitting often says no more than that.
    title = _title(facts) or (titles.get(uid, "") if moved and uid else "")
    if not title:
        draft.skipped.append(Remark(where, "it has no title" if facts else "it is no event that can be read"))
        return None
    start = first_property(properties, "DTSTART")
    starts, recurrence = zones.read(start), zones.read(moved)
    if starts is None or (moved and recurrence is None):
        name, value = ("time", start) if starts is None else ("RECURRENCE-ID", moved)
        quoted = value.value[:LONGEST_QUOTE] if value else ""
        draft.skipped.append(
            remark(
                where,
                "{title} has no {name} that can be read ({quoted})",
                title=repr(title),
                name=name,
                quoted=repr(quoted),
            )
        )
        return None
    if not isinstance(starts, FileTime):
        draft.skipped.append(remark(where, "{title} is an entry for whole days, without a time", title=repr(title)))
        return None
    for moment in (starts, recurrence):
        year = moment.at.year if isinstance(moment, FileTime) else moment.year if moment else FIRST_YEAR
        if not FIRST_YEAR <= year <= LAST_YEAR:
            draft.impossible.append(remark(where, "{title} is in the year {year}", title=repr(title), year=year))
            return None
    zones.check(where, starts, start.parameters.get("TZID", "") if start else "")
    return CalendarEntry(where, uid, title, starts, facts, properties, recurrence)


def _add(draft: Draft, sitting: Sitting, calendar: Calendar, zones: Zones) -> None:
    """Add one sitting to the draft."""
    entry, (starts, fault) = sitting.entry, sitting.starts.resolved()
    length, late, by_clock = _length(sitting, starts, zones)
    if problem := time_problem(starts, length):
        draft.impossible.append(remark(entry.where, "{title} {problem}", title=repr(entry.title), problem=problem))
        return
    if fault:
        at, zone = sitting.starts.wall, sitting.starts.meaning.zone
        what = phrase(
            "{title}: {at} {fault} in {zone}: read as {astimezone}",
            title=repr(entry.title),
            at=f"{at:%Y-%m-%d %H:%M}",
            fault=fault,
            zone=zone,
            astimezone=f"{starts.astimezone(zone):%H:%M %Z}",
        )
        draft.warnings.append(Remark(entry.where, what))
    if late:
        what = phrase("{title} ends before it starts: read as ending on the next day", title=repr(entry.title))
        draft.warnings.append(Remark(entry.where, what))
    draft.sessions.append(_session(sitting, starts, length, calendar, by_clock=by_clock))


def _length(sitting: Sitting, starts: datetime, zones: Zones) -> tuple[timedelta, bool, bool]:
    """Return the length, whether the end was assumed to be past midnight, and whether both are clock times."""
    entry = sitting.entry
    if sitting.length is not None:
        return sitting.length, False, False
    end, first = zones.read(first_property(entry.properties, "DTEND")), entry.starts
    if not isinstance(end, FileTime) or not end.likely:
        duration = _dt(_single(entry.facts.get("DURATION")))
        return (duration if isinstance(duration, timedelta) else timedelta()), False, False
    if end.zone and first.zone and end.zone != first.zone:
        return *lasting(first.resolved()[0], end.resolved()[0]), False
    length, late = lasting(first.wall, end.wall)
    zone = sitting.starts.meaning.zone
    if zone is None or sitting.starts.at.tzinfo:
        return length, late, sitting.starts.zone is None
    # The clocks may change before it ends: 02:45 to 02:15 are 30 minutes then.
    ends = sitting.starts.wall + length
    real = ends.replace(tzinfo=zone, fold=int(length < timedelta())).astimezone(UTC) - starts
    return (real if real >= timedelta() else length), late, False


def _session(
    sitting: Sitting, starts: datetime, length: timedelta, calendar: Calendar, *, by_clock: bool
) -> DraftSession:
    entry, event = sitting.entry, sitting.entry.facts
    code = _PRETALX.match(entry.uid)
    title, speakers = _pretalx(entry.title) if code else (entry.title, _indico(entry.uid, event))
    location, state = plain_title(_single(event.get("LOCATION"))), _state(entry)
    method = calendar.facts.get("METHOD", "").upper()
    return DraftSession(
        entry.where,
        title,
        starts,
        length,
        location,
        location,
        uid=sitting.uid,
        code=code[1] if code else "",
        abstract=plain_html(_single(event.get("DESCRIPTION"))),
        speakers=speakers,
        track=_categories(event.get("CATEGORIES")),
        cancelled="CANCEL" in (state[:6], method) or title_says_cancelled(title),
        ends_by_clock=by_clock,
        abbreviation=sitting.starts.meaning.abbreviation,
        zone_source=sitting.starts.meaning.source,
        recording_url=_recording(event.get("ATTACH")),
    )


def _recording(attached: object) -> str:
    """The address of an attached video."""
    listed = attached if isinstance(attached, list) else [attached]
    videos = (
        attachment
        for attachment in listed
        if str(_attribute(attachment, "params", {}).get("FMTTYPE", "")).startswith("video/")
    )
    return next((plain(str(video)) for video in videos), "")


def _uid(event: Facts) -> str:
    return plain(_single(event.get("UID")))


def _title(event: Facts) -> str:
    return plain_title(_single(event.get("SUMMARY")))


def _state(entry: CalendarEntry) -> str:
    return plain(_single(entry.facts.get("STATUS"))).upper()


def _pretalx(title: str) -> tuple[str, tuple[str, ...]]:
    """Split off the speakers that follow the title."""
    before, dash, names = f"{title} ".rpartition(" - ")
    return (plain(before), tuple(filter(None, map(plain, names.split(","))))) if dash else (title, ())


def _indico(uid: str, event: Facts) -> tuple[str, ...]:
    """Split off the speakers that precede the description, with affiliations in brackets."""
    match = _SPEAKERS.match(str(_single(event.get("DESCRIPTION")))) if uid.startswith("indico-") else None
    return read_affiliated_names(match[1]) if match else ()


def _dt(value: object) -> object:
    """Return the value of a property; None if the library rejects it."""
    return _attribute(value, "dt", None)


def _attribute(value: object, name: str, default: Any) -> Any:  # noqa: ANN401 — the library has no types for it
    """Return an attribute of a property; `default` if the library could not read its value."""
    return default if hasattr(value, "expected_type") else getattr(value, name, default)


def _categories(value: object) -> str:
    listed = value if isinstance(value, list) else [value]
    words = (plain_title(word) for categories in listed for word in _attribute(categories, "cats", ()))
    return "; ".join(dict.fromkeys(word for word in words if word))


def _single(value: object) -> object:
    """Return the first of a repeated property."""
    return (value[0] if value else None) if isinstance(value, list) else value


def _unescaped(text: str) -> str:
    return re.sub(r"\\([,;\\])", r"\1", text)
