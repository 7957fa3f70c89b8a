"""An agenda as a calendar to subscribe to (RFC 5545, with the properties of RFC 7986 and of calendar programs)."""

from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from hashlib import sha256

from icalendar import Alarm, Calendar, Event, Timezone, vDuration, vText, vUri

from bot.app.messages import Text, Typed, When
from bot.app.text.agenda import seat_text
from bot.app.text.catalog import s
from bot.app.text.clashes import clash_text
from bot.app.text.departure import departure_text, walk_text
from bot.app.text.local_times import Reader
from bot.app.text.sessions import place_text, session_name
from bot.app.text.visible import visible
from bot.app.text.written_times import written
from bot.domain.attendee.agenda import Stop
from bot.domain.attendee.calendar_state import Shown
from bot.domain.attendee.departure import Origin
from bot.domain.attendee.private_address import CalendarEvent
from bot.domain.schedule.conference import Schedule
from bot.domain.times.zones import zone_by_name
from bot.domain.travel.venue import Venue

PRODUCT = "-//Hallway//Agenda//EN"
INTERVAL = timedelta(hours=1)
"""How often a calendar should look for changes."""
LONGEST = 4_000
"""Characters of a description."""
CONFIRMED, TENTATIVE, CANCELLED = "CONFIRMED", "TENTATIVE", "CANCELLED"


@dataclass(frozen=True, slots=True)
class Entry:
    """An event to show; `alarm` is when it reminds, with the text of the reminder."""

    uid: str
    starts_at: datetime
    ends_at: datetime
    title: str
    place: str = ""
    position: tuple[float, float] | None = None
    venue: str = ""
    description: str = ""
    url: str = ""
    alarm: datetime | None = None
    alarm_text: str = ""
    status: str = CONFIRMED

    @property
    def shown(self) -> Shown:
        """What is remembered of it."""
        return Shown(sha256(repr(astuple(self)).encode()).hexdigest()[:16], self.starts_at, self.ends_at, self.title)


def entries_of(
    stops: Iterable[Stop], schedule: Schedule, reader: Reader, urls: Mapping[str, str], *, with_walks: bool
) -> Mapping[str, Entry]:
    """Return the events of an agenda by UID.

    Args:
        stops: of all days.
        schedule: that the sessions are from.
        reader: the clock in which times are written in titles.
        urls: the addresses of sessions by session id, for those that have one.
        with_walks: whether each walk to a session is an event of its own.
    """
    found: dict[str, Entry] = {}
    for stop in stops:
        entry = _session_entry(stop, schedule, reader, urls.get(stop.session.id, stop.session.link))
        found[entry.uid] = entry
        if with_walks and (walk := _walk_entry(stop, schedule, reader)):
            found[walk.uid] = walk
    return found


def calendar_text(
    entries: Mapping[str, Entry], events: Mapping[str, CalendarEvent], schedule: Schedule, *, with_walks: bool
) -> bytes:
    """Return the calendar.

    Args:
        entries: what the agenda has, by UID.
        events: what calendars have after they read this, by UID: also what they have to cancel.
        schedule: gives the name and the time zone.
        with_walks: whether walks that were cancelled belong to this calendar.
    """
    conference = schedule.conference
    calendar = Calendar()
    name = s("My agenda: {conference}", conference=visible(conference.title))
    for key, value in (
        ("prodid", PRODUCT),
        ("version", "2.0"),
        ("calscale", "GREGORIAN"),
        ("method", "PUBLISH"),
        ("name", name),
        ("x-wr-calname", name),
        ("x-wr-timezone", conference.zone),
        ("x-published-ttl", vDuration(INTERVAL)),
    ):
        calendar.add(key, value)
    calendar.add("refresh-interval", vDuration(INTERVAL), parameters={"VALUE": "DURATION"})
    moments = [each for event in events.values() for each in (event.starts_at, event.ends_at)]
    if moments:
        years = min(moments).year, max(moments).year
        calendar.add_component(_timezone(conference.zone, *years))
    for uid, event in sorted(events.items(), key=lambda pair: (pair[1].starts_at, pair[0])):
        if entry := entries.get(uid):
            calendar.add_component(_event(entry, event, conference.zone))
        elif event.cancelled and (with_walks or not uid.startswith("walk.")):
            gone = Entry(uid, event.starts_at, event.ends_at, event.title, status=CANCELLED)
            calendar.add_component(_event(gone, event, conference.zone))
    return bytes(calendar.to_ical())


def _session_entry(stop: Stop, schedule: Schedule, reader: Reader, url: str) -> Entry:
    session, departure = stop.session, stop.departure
    name, leave = session_name(session), departure_text(departure, stop.attendance, session, reader)
    walks = stop.assumed and departure.leg is not None and not departure.stays and not session.online
    if walks:
        name = s("{name}, leave by {time}", name=name, time=_time(departure.leave_by, reader))
    clashes = [clash_text(session, clash, reader) for clash in stop.clashes]
    advice = [leave, seat_text(stop, reader)] if stop.assumed else clashes
    facts = [_plain(each) for each in advice] + [", ".join(session.speakers), session.abstract]
    silent = session.is_block and session.needs_no_walk
    alarm = departure.leave_by if stop.assumed and departure.leave_by < session.ends_at and not silent else None
    entry = Entry(
        f"{session.id}@{schedule.conference.slug}.hallway",
        session.starts_at,
        session.ends_at,
        visible(name),
        "" if silent else visible(place_text(session)),
        description=_paragraphs(facts),
        url=url,
        alarm=alarm,
        alarm_text=visible(_plain(leave)),
        status=CONFIRMED if stop.assumed else TENTATIVE,
    )
    return _located(entry, schedule, session.venue)


def _paragraphs(facts: Iterable[str]) -> str:
    """The facts below each other, without the characters that hide or reverse text."""
    lines = (visible(line) for fact in facts if fact for line in (*fact.splitlines(), ""))
    return "\n".join(lines).strip()[:LONGEST]


def _walk_entry(stop: Stop, schedule: Schedule, reader: Reader) -> Entry | None:
    departure, session = stop.departure, stop.session
    known = departure.leg is not None and departure.origin is not Origin.UNKNOWN and not departure.stays
    if not known or departure.leg is None or not stop.assumed or departure.arrival <= departure.leave_by:
        return None
    title = s("{walk} to {place}", walk=_plain(walk_text(departure.leg)), place=session.venue)
    description = _plain(departure_text(departure, stop.attendance, session, reader))
    uid = f"walk.{session.id}@{schedule.conference.slug}.hallway"
    walk = Entry(uid, departure.leave_by, departure.arrival, visible(title), visible(session.venue))
    return _located(replace(walk, description=description), schedule, session.venue)


def _located(entry: Entry, schedule: Schedule, name: str) -> Entry:
    venue: Venue | None = schedule.travel.book.named(name) if name else None
    if venue is None or venue.lat is None or venue.lon is None:
        return entry
    return replace(entry, position=(venue.lat, venue.lon), venue=visible(venue.name))


def _event(entry: Entry, state: CalendarEvent, zone: str) -> Event:
    tz, event = zone_by_name(zone), Event()
    event.add("uid", entry.uid)
    event.add("dtstamp", state.changed_at)
    event.add("last-modified", state.changed_at)
    event.add("dtstart", entry.starts_at.astimezone(tz))
    event.add("dtend", entry.ends_at.astimezone(tz))
    event.add("summary", entry.title)
    event.add("sequence", state.sequence)
    event.add("status", entry.status)
    event.add("transp", "TRANSPARENT" if entry.status == CANCELLED else "OPAQUE")
    if entry.place:
        event.add("location", entry.place)
    if entry.description:
        event.add("description", entry.description)
    if entry.url:
        event.add("url", vUri(entry.url))
    if entry.position:
        _add_position(event, entry, entry.position)
    if entry.alarm:
        event.add_component(_alarm(entry, entry.alarm))
    return event


def _add_position(event: Event, entry: Entry, position: tuple[float, float]) -> None:
    """GEO for most programs; Apple's calendar wants a property of its own to show the way there."""
    event.add("geo", position)
    parameters = {"VALUE": "URI", "X-TITLE": vText(entry.venue.replace('"', "'")), "X-APPLE-RADIUS": "100"}
    where = f"geo:{position[0]},{position[1]}"
    event.add("x-apple-structured-location", vUri(where), parameters=parameters)


def _alarm(entry: Entry, at: datetime) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", entry.alarm_text or entry.title)
    alarm.add("trigger", at - entry.starts_at)
    return alarm


@lru_cache(64)
def _timezone(zone: str, first: int, last: int) -> Timezone:
    # Whole years beside those of the events, so that every program finds the offset of each event.
    start, end = date(first - 1, 1, 1), date(last + 1, 12, 31)
    return Timezone.from_tzinfo(zone_by_name(zone), zone, first_date=start, last_date=end)


def _time(at: datetime, reader: Reader) -> str:
    return written(reader.here().time(at))


def _plain(text: Text) -> str:
    """The text without markup; times are those at the conference."""
    return "".join(_part(part) for part in text)


def _part(part: object) -> str:
    if isinstance(part, When):
        return written(replace(part, own=None))
    return part.line if isinstance(part, Typed) else str(part)
