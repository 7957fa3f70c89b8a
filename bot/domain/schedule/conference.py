"""A conference and its schedule, indexed for the questions people ask of it."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from itertools import islice, takewhile
from zoneinfo import ZoneInfo

from bot.domain.schedule.session import Session
from bot.domain.schedule.travel import Leg, Travel
from bot.domain.schedule.venue import Venue
from bot.domain.schedule.zones import zone_named


@dataclass(frozen=True, slots=True)
class Conference:
    """A schedule's frame. `zone` is an IANA name; the minutes are how early one should be at a session.

    `check_in` is the cut-off after which a reserved seat lapses, `walk_up` the advice for those without one.
    `revision` rises with every change to the schedule, its venues or its legs.
    """

    slug: str
    title: str
    zone: str
    check_in: int = 10
    walk_up: int = 20
    revision: int = 0

    @property
    def tz(self) -> ZoneInfo:
        """The zone as an object."""
        return zone_named(self.zone)


@dataclass(frozen=True, slots=True)
class Topic:
    """What organizers wrote about one thing that everybody asks: badge pick-up, Wi-Fi, lunch."""

    name: str
    text: str
    place: str = ""
    hours: str = ""


@dataclass(frozen=True)
class Schedule:
    """All sessions of a conference with its venues, told legs and topics. Sessions are in order of their start."""

    conference: Conference
    venues: tuple[Venue, ...] = ()
    legs: tuple[Leg, ...] = ()
    sessions: tuple[Session, ...] = ()
    topics: tuple[Topic, ...] = field(default=())

    def __post_init__(self) -> None:
        """Put the sessions in order, whatever order they came in."""
        ordered = sorted(self.sessions, key=lambda session: (session.starts_at, session.code))
        object.__setattr__(self, "sessions", tuple(ordered))

    @cached_property
    def travel(self) -> Travel:
        """The ways between its venues."""
        return Travel.of(self.venues, self.legs)

    @cached_property
    def by_id(self) -> dict[str, Session]:
        """Sessions by stable id."""
        return {session.id: session for session in self.sessions}

    @cached_property
    def listed(self) -> tuple[Session, ...]:
        """The sessions that the newest version of the schedule has."""
        return tuple(session for session in self.sessions if session.listed)

    @cached_property
    def by_code(self) -> dict[str, Session]:
        """Sessions by code in capitals; one that is listed stands before one that vanished."""
        by_code = {session.code.upper(): session for session in self.sessions if not session.listed}
        return by_code | {session.code.upper(): session for session in self.sessions if session.listed}

    @cached_property
    def days(self) -> tuple[date, ...]:
        """The conference days that have sessions, in order."""
        return tuple(sorted(self._by_day))

    @cached_property
    def tracks(self) -> tuple[str, ...]:
        """The names of the tracks, in order."""
        return tuple(sorted({session.track for session in self.sessions if session.track}))

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
        """What takes place and starts after `now`, soonest first."""
        first = bisect_right(self._starts, now)
        return (session for session in self.sessions[first:] if session.takes_place)

    def codes_from(self, prefix: str, limit: int) -> list[Session]:
        """Up to `limit` sessions whose code in capitals begins with `prefix`, by code."""
        codes = self._codes
        first = bisect_left(codes, prefix)
        fitting = takewhile(lambda code: code.startswith(prefix), islice(codes, first, first + limit))
        return [self.by_code[code] for code in fitting]

    def under_way(self, now: datetime) -> list[Session]:
        """What is being held at `now`."""
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
