"""A conference and its schedule, indexed for lookups."""

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass, field
from datetime import date, datetime
from functools import cached_property
from itertools import islice, takewhile
from zoneinfo import ZoneInfo

from bot.domain.schedule.common_ends import peaks_of
from bot.domain.schedule.drop_in import is_drop_in
from bot.domain.schedule.folding import fold
from bot.domain.schedule.organizer_changes import OrganizerChanges
from bot.domain.schedule.seats import is_seated
from bot.domain.schedule.session import Session
from bot.domain.schedule.weather_changes import weather_of
from bot.domain.times.zones import zone_by_name
from bot.domain.travel.peaks import Peaks
from bot.domain.travel.room_ways import RoomWay
from bot.domain.travel.travel import Travel
from bot.domain.travel.venue import Venue
from bot.domain.travel.way import Way
from bot.domain.travel.weather import WeatherByDay

_PARTS_OF_ROOM = re.compile(r"[,|()]")
_NO_WORDS = re.compile(r"[^\w]+")


def kind_words(kind: str) -> str:
    """The words of a session's kind as they are compared: `builders session` for `Builders' Session`."""
    return _NO_WORDS.sub(" ", kind[:100].casefold().replace("'", "").replace("’", "")).strip()


@dataclass(frozen=True, slots=True)
class KindLine:
    """What organizers set for sessions of one kind, in minutes before the start; None for what they did not set.

    `kind` is compared with whole words of a session's kind; "" stands for every session that is no drop-in.
    """

    kind: str
    check_in: int | None = None
    walk_up: int | None = None


@dataclass(frozen=True, slots=True)
class Conference:
    """A conference.

    Attributes:
        zone: IANA time zone name.
        check_in: minutes before the start at which a reserved seat lapses.
        walk_up: minutes to arrive early without a seat, where others have reserved ones.
        seats: whether attendees have reserved seats there. A schedule may show that by itself.
        lines: what organizers set for all sessions or for some kinds. It holds whether or not seats are reserved.
        crowd: how many times as long a walk takes while a large part of the conference changes rooms.
        revision: rises with every change of the schedule, its venues or its ways.
        c3nav: the address of its indoor map, "" without one.
    """

    slug: str
    title: str
    zone: str
    check_in: int = 10
    walk_up: int = 20
    revision: int = 0
    seats: bool = False
    lines: tuple[KindLine, ...] = ()
    c3nav: str = ""
    crowd: float = 1.0

    def line_of(self, kind: str, *, is_drop_in: bool) -> KindLine:
        """Return what organizers set for a kind of session: the kind with the most letters that fits wins."""
        words = f" {kind_words(kind)} "
        fitting = [line for line in self.lines if (f" {line.kind} " in words if line.kind else not is_drop_in)]
        fitting.sort(key=lambda line: -len(line.kind))
        check_ins = (line.check_in for line in fitting if line.check_in is not None)
        walk_ups = (line.walk_up for line in fitting if line.walk_up is not None)
        return KindLine(kind, next(check_ins, None), next(walk_ups, None))

    @property
    def tz(self) -> ZoneInfo:
        """The time zone."""
        return zone_by_name(self.zone)


@dataclass(frozen=True, slots=True)
class Topic:
    """What organizers wrote about one topic: badge pick-up, Wi-Fi, lunch."""

    name: str
    text: str
    place: str = ""
    hours: str = ""


@dataclass(frozen=True)
class Schedule:
    """All sessions of a conference, ordered by start, with its venues, known ways and topics."""

    conference: Conference
    venues: tuple[Venue, ...] = ()
    ways: tuple[Way, ...] = ()
    sessions: tuple[Session, ...] = ()
    topics: tuple[Topic, ...] = field(default=())
    organizer_changes: OrganizerChanges = field(default_factory=OrganizerChanges)
    room_ways: tuple[RoomWay, ...] = ()

    def __post_init__(self) -> None:
        """Sort the sessions and the ways: a stored schedule equals what was stored."""
        ordered = sorted(self.sessions, key=lambda session: (session.starts_at, session.code))
        object.__setattr__(self, "sessions", tuple(ordered))
        ways = sorted(self.ways, key=lambda way: (way.origin, way.target, way.mode.value, way.source.name))
        object.__setattr__(self, "ways", tuple(ways))
        if self.room_ways:
            rooms = sorted(self.room_ways, key=lambda way: (astuple(way.origin), astuple(way.target)))
            object.__setattr__(self, "room_ways", tuple(rooms))

    @cached_property
    def travel(self) -> Travel:
        """Travel between its venues."""
        travel = Travel.of(self.venues, self.ways, self.conference.tz, self.room_ways)
        travel = travel.in_weather(self.weather) if self.weather else travel
        return travel if self.conference.crowd == 1 else travel.in_crowds(self.peaks, self.conference.crowd)

    @cached_property
    def weather(self) -> WeatherByDay:
        """What organizers announced for some days."""
        return weather_of(self.organizer_changes)

    @cached_property
    def peaks(self) -> Peaks:
        """When a large part of the conference changes rooms at once."""
        return peaks_of(self.sessions, self.conference.tz)

    @cached_property
    def by_id(self) -> dict[str, Session]:
        """Sessions by stable id."""
        return {session.id: session for session in self.sessions}

    @cached_property
    def listed(self) -> tuple[Session, ...]:
        """The sessions that are in the newest version of the schedule."""
        return tuple(session for session in self.sessions if session.listed)

    @cached_property
    def by_code(self) -> dict[str, Session]:
        """Sessions by upper-case code; a listed session wins over an unlisted one."""
        by_code = {session.code.upper(): session for session in self.sessions if not session.listed}
        return by_code | {session.code.upper(): session for session in self.sessions if session.listed}

    @cached_property
    def folded_titles(self) -> tuple[str, ...]:
        """The titles of `sessions` in their order, folded, so that typed text is compared with them quickly."""
        return tuple(fold(session.title) for session in self.sessions)

    @cached_property
    def by_title(self) -> dict[str, tuple[Session, ...]]:
        """Sessions by their folded title."""
        by_title: dict[str, list[Session]] = defaultdict(list)
        for title, session in zip(self.folded_titles, self.sessions, strict=True):
            if title:
                by_title[title].append(session)
        return {title: tuple(found) for title, found in by_title.items()}

    @cached_property
    def drop_ins(self) -> frozenset[str]:
        """The ids of what people drop in to at any time: meals, services, the exhibition."""
        return frozenset(session.id for session in self.sessions if is_drop_in(session))

    @cached_property
    def days(self) -> tuple[date, ...]:
        """The conference days that have sessions, in order."""
        return tuple(sorted(self._by_day))

    @cached_property
    def has_seats(self) -> bool:
        """Whether seats are reserved, so that people without one have to queue."""
        return self.conference.seats or any(map(is_seated, self.sessions))

    @cached_property
    def has_repeats(self) -> bool:
        """Whether any talk has several sittings."""
        return len(self._by_talk) < len(self.sessions)

    @cached_property
    def span(self) -> tuple[datetime, datetime] | None:
        """When the first session starts and the last one ends; None if none takes place."""
        held = [session for session in self.sessions if session.takes_place]
        return (held[0].starts_at, max(session.ends_at for session in held)) if held else None

    @cached_property
    def tracks(self) -> tuple[str, ...]:
        """The names of the tracks, in order."""
        return tuple(sorted({session.track for session in self.sessions if session.track}))

    @cached_property
    def venues_by_room(self) -> dict[str, frozenset[str]]:
        """The names of the venues that have a room, by the folded name of the room or a part of it (`k.1.105`)."""
        rooms = {(session.room, session.venue) for session in self.sessions if session.room and session.venue}
        venues: dict[str, set[str]] = defaultdict(set)
        for room, venue in rooms:
            for part in (room, *_PARTS_OF_ROOM.split(room)):
                venues[fold(part)].add(venue)
        return {part: frozenset(found) for part, found in venues.items() if part}

    @cached_property
    def levels(self) -> tuple[str, ...]:
        """The levels that sessions have, in order."""
        return tuple(sorted({session.level for session in self.sessions if session.level}))

    @cached_property
    def day_by_id(self) -> dict[str, date]:
        """The conference day of each session, by session id."""
        zone = self.conference.tz
        return {session.id: session.day(zone) for session in self.sessions}

    def on(self, day: date) -> Sequence[Session]:
        """The sessions of one conference day."""
        return self._by_day.get(day, ())

    def repeats(self, session: Session) -> Sequence[Session]:
        """The other sittings of the same talk that take place."""
        sittings = self._by_talk.get(session.talk, ())
        return [other for other in sittings if other.id != session.id and other.takes_place]

    def starting_after(self, now: datetime) -> Iterable[Session]:
        """Sessions that take place and start after `now`, soonest first."""
        first = bisect_right(self._starts, now)
        return (session for session in self.sessions[first:] if session.takes_place)

    def codes_from(self, prefix: str, limit: int) -> list[Session]:
        """Return up to `limit` sessions whose upper-case code begins with `prefix`, by code."""
        codes = self._codes
        first = bisect_left(codes, prefix)
        fitting = takewhile(lambda code: code.startswith(prefix), islice(codes, first, first + limit))
        return [self.by_code[code] for code in fitting]

    def under_way(self, now: datetime) -> list[Session]:
        """The sessions in progress at `now`."""
        last = bisect_right(self._starts, now)
        return [session for session in self.sessions[:last] if session.ends_at > now and session.takes_place]

    @cached_property
    def _codes(self) -> list[str]:
        return sorted(self.by_code)

    @cached_property
    def _starts(self) -> list[datetime]:
        return [session.starts_at for session in self.sessions]

    @cached_property
    def _by_day(self) -> dict[date, list[Session]]:
        days: dict[date, list[Session]] = defaultdict(list)
        for session in self.sessions:
            days[self.day_by_id[session.id]].append(session)
        return dict(days)

    @cached_property
    def _by_talk(self) -> dict[str, list[Session]]:
        talks: dict[str, list[Session]] = defaultdict(list)
        for session in self.sessions:
            talks[session.talk].append(session)
        return dict(talks)
