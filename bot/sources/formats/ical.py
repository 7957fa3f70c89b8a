"""iCalendar, as Sched, Indico, pretalx and calendar programs write it."""

import re
import warnings
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from bot.domain.errors import EmptyScheduleError, HallwayError
from bot.domain.imports.draft import Draft, DraftSession, Remark
from bot.domain.schedule.zones import resolve_wall, zone_by_name
from bot.sources.calendar_lines import Calendar, events
from bot.sources.format import Format, Raw
from bot.sources.text import plain, plain_html, plain_title, title_says_cancelled
from bot.sources.timestamps import FIRST_YEAR, LAST_YEAR, combine, lasting, time_problem

_PRETALX = re.compile(r"pretalx-.+?-([A-Z0-9]{6})(?:-\d+)?@")
_SPEAKERS = re.compile(r"Speakers: (.+)")
_AFFILIATION = re.compile(r"\s*\([^)]*\)\s*$")
_BASIC = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})[T ](\d{2}):?(\d{2}):?(\d{2})?(Z?)", re.IGNORECASE)
_Z_AND_ZONE = re.compile(
    r"^((?:DTSTART|DTEND)[^:\r\n]*?);TZID=(?:\"[^\"\r\n]*\"|[^:;\r\n]*)([^:\r\n]*:\d{8}T\d{6}Z)",
    re.MULTILINE | re.IGNORECASE,
)
_ZONE = re.compile(r";TZID=(?:\"[^\"\r\n]*\"|[^:;\r\n]*)", re.IGNORECASE)
_NO_ZONES = {"", "UTC", "GMT", "ETC/UTC", "Z"}

Facts = Mapping[str, object]
Time = tuple[datetime, str]
"""An aware or naive time, and its zone name in the file."""


def recognise(raw: Raw) -> bool:
    """Whether it begins like a calendar."""
    return raw.head[:20].upper().startswith("BEGIN:VCALENDAR")


def parse(raw: Raw) -> Draft:
    """Parse all events of a calendar. Recurrence rules are reported, not expanded."""
    calendar, draft, zones = Calendar(), Draft("ical", raw.name), Counter[str]()
    found = False
    with warnings.catch_warnings():
        # The library warns where it takes `/vendor/Europe/Berlin` for Europe/Berlin, which is what is wanted.
        warnings.simplefilter("ignore")
        for where, text in events(raw.data.lstrip(b"\xef\xbb\xbf \t\r\n"), raw.name, calendar):
            found = True
            _add(draft, where, _facts(text), calendar, zones)
    draft.skipped.extend(calendar.broken)
    if not found and not draft.skipped:
        message = f"{raw.name}: there is no event (VEVENT) in this calendar: export it with its sessions."
        raise EmptyScheduleError(message)
    return _with_zone(draft, calendar, zones)


def _with_zone(draft: Draft, calendar: Calendar, zones: Counter[str]) -> Draft:
    stated = plain(calendar.facts.get("X-WR-TIMEZONE") or calendar.facts.get("TIMEZONE-ID"))
    named = next((zone for zone, _ in zones.most_common() if zone), "")
    zone = named if stated.upper() in _NO_ZONES and named else stated
    if naive := sum(row.starts.tzinfo is None for row in draft.sessions):
        what = f"{naive} events have no time zone of their own: taken as clock times of the conference's zone"
        draft.warnings.append(Remark("calendar", what))
    title = plain_title(_unescaped(calendar.facts.get("X-WR-CALNAME") or calendar.facts.get("NAME") or ""))
    return replace(draft, title=title, zone=zone)


def _facts(text: str) -> Facts:
    """Return the properties of one event; None if it cannot be read."""
    from icalendar import Event  # noqa: PLC0415 — it takes longer to import than all else

    try:
        # An instant in UTC has no zone, whatever else is written beside it.
        told = _Z_AND_ZONE.sub(r"\1\2", text)
        try:
            return dict(Event.from_ical(told))
        except OSError:
            # A zone called Europe is a folder of the zone database: what is left are clock times.
            return dict(Event.from_ical(_ZONE.sub("", told)))
    except (ValueError, LookupError, TypeError, AttributeError, ArithmeticError):
        # What the library makes of nonsense is not documented.
        return {}


def _add(draft: Draft, where: str, event: Facts, calendar: Calendar, zones: Counter[str]) -> None:
    uid, summary = plain(_one(event.get("UID"))), plain_title(_one(event.get("SUMMARY")))
    title, speakers = _pretalx(summary) if _PRETALX.match(uid) else (summary, _indico(uid, event))
    if not title:
        what = "it has no title" if event else "it is no event that can be read"
        draft.skipped.append(Remark(where, what))
        return
    start = _one(event.get("DTSTART"))
    if type(_dt(start)) is date:
        draft.skipped.append(Remark(where, f"{title!r} is an entry for whole days, without a time"))
        return
    begun = _time(start, calendar)
    if begun is None:
        draft.skipped.append(Remark(where, f"{title!r} has no time that can be read ({plain(start)!r})"))
        return
    starts, zone = begun
    zones[zone] += 1
    if fault := _unlikely(starts):
        draft.impossible.append(Remark(where, f"{title!r} {fault}"))
        return
    length, late = _length(event, starts, calendar)
    starts = _instant(draft, where, title, starts, zone)
    if fault := time_problem(starts, length):
        draft.impossible.append(Remark(where, f"{title!r} {fault}"))
        return
    if late:
        draft.warnings.append(Remark(where, f"{title!r} ends before it starts: taken to end on the next day"))
    if "RRULE" in event or "RDATE" in event:
        what = f"{title!r} repeats by a rule, which is not followed: only its first time is taken"
        draft.warnings.append(Remark(where, what))
    draft.sessions.append(_session(event, where, (title, speakers, uid), starts, length, calendar))


def _session(
    event: Facts,
    where: str,
    who: tuple[str, tuple[str, ...], str],
    starts: datetime,
    length: timedelta,
    calendar: Calendar,
) -> DraftSession:
    title, speakers, uid = who
    location, sitting = plain_title(_one(event.get("LOCATION"))), _one(event.get("RECURRENCE-ID"))
    code = _PRETALX.match(uid)
    state, method = plain(_one(event.get("STATUS"))).upper(), calendar.facts.get("METHOD", "").upper()
    return DraftSession(
        where,
        title,
        starts,
        length,
        location,
        location,
        uid=f"{uid}/{plain(_dt(sitting) or sitting)}" if sitting and uid else uid,
        code=code[1] if code else "",
        abstract=plain_html(_one(event.get("DESCRIPTION"))),
        speakers=speakers,
        track=_categories(event.get("CATEGORIES")),
        cancelled="CANCEL" in (state[:6], method) or title_says_cancelled(title),
    )


def _pretalx(title: str) -> tuple[str, tuple[str, ...]]:
    """Split off the speakers that follow the title."""
    before, dash, names = f"{title} ".rpartition(" - ")
    return (plain(before), tuple(filter(None, map(plain, names.split(","))))) if dash else (title, ())


def _indico(uid: str, event: Facts) -> tuple[str, ...]:
    """Split off the speakers that precede the description, with affiliations in brackets."""
    match = _SPEAKERS.match(str(_one(event.get("DESCRIPTION")))) if uid.startswith("indico-") else None
    names = re.split(r",(?![^(]*\))", match[1]) if match else ()
    return tuple(filter(None, (plain(_AFFILIATION.sub("", name)) for name in names)))


def _time(value: object, calendar: Calendar) -> Time | None:
    """Return the time of a property and its zone; None if it is not a time."""
    moment = _dt(value)
    zone = str(getattr(value, "params", {}).get("TZID", ""))
    if not isinstance(moment, datetime):
        moment = _basic(str(value))
    if moment is None:
        return None
    if key := getattr(moment.tzinfo, "key", ""):
        # Kept as a clock time until the nights on which the clocks change have been looked for.
        return (moment, "") if key == "UTC" else (moment.replace(tzinfo=None), key)
    return moment, _known(calendar.places.get(zone, zone)) if moment.tzinfo is None else ""


def _dt(value: object) -> object:
    """Return the value of a property, reading what the library rejects."""
    return None if hasattr(value, "expected_type") else getattr(value, "dt", None)


def _known(zone: str) -> str:
    try:
        return zone_by_name(zone).key if zone else ""
    except HallwayError:
        return ""


def _basic(text: str) -> datetime | None:
    """Read times the library rejects: 24:00, and dashes and colons."""
    match = _BASIC.fullmatch(text.strip())
    if not match:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups()[:-1])
    try:
        moment = combine(date(year, month, day), timedelta(hours=hour, minutes=minute, seconds=second))
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if match[7] else moment


def _unlikely(starts: datetime) -> str:
    return "" if FIRST_YEAR <= starts.year <= LAST_YEAR else f"is in the year {starts.year}"


def _length(event: Facts, starts: datetime, calendar: Calendar) -> tuple[timedelta, bool]:
    """Return the duration, and whether its end was assumed to be past midnight."""
    end, duration = _time(_one(event.get("DTEND")), calendar), _dt(_one(event.get("DURATION")))
    if end is None:
        return (duration if isinstance(duration, timedelta) else timedelta()), False
    ends, zone = end
    if zone and starts.tzinfo is not None:
        ends = resolve_wall(ends, zone_by_name(zone))[0] if not _unlikely(ends) else ends
    return lasting(starts, ends)


def _instant(draft: Draft, where: str, title: str, starts: datetime, zone: str) -> datetime:
    if starts.tzinfo is not None:
        return starts.astimezone(UTC)
    if not zone:
        return starts
    instant, fault = resolve_wall(starts, zone_by_name(zone))
    if fault:
        taken = f"{instant.astimezone(zone_by_name(zone)):%H:%M %Z}"
        draft.warnings.append(Remark(where, f"{title!r}: {starts:%Y-%m-%d %H:%M} {fault} in {zone}: taken as {taken}"))
    return instant


def _categories(value: object) -> str:
    listed = value if isinstance(value, list) else [value]
    words = (plain_title(word) for each in listed for word in getattr(each, "cats", ()))
    return "; ".join(dict.fromkeys(word for word in words if word))


def _one(value: object) -> object:
    """Return the first of a repeated property."""
    return (value[0] if value else None) if isinstance(value, list) else value


def _unescaped(text: str) -> str:
    return re.sub(r"\\([,;\\])", r"\1", text)


FORMAT = Format("ical", "iCalendar (.ics) of Sched, Indico, pretalx and calendar programs", recognise, parse)
