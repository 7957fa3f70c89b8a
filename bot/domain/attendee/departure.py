"""When to leave for one session, and from where."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Self

from bot.domain.attendee.attendee import Attendance, Attendee, Here
from bot.domain.schedule.conference import Conference, KindLine, Schedule
from bot.domain.schedule.drop_in import is_drop_in
from bot.domain.schedule.session import Session
from bot.domain.times.zones import day_of
from bot.domain.travel.leg import Leg
from bot.domain.travel.spread import Spread
from bot.domain.travel.venue import Place
from bot.domain.travel.walker import DEFAULT_SURE
from bot.domain.travel.way import LegSource, Mode
from bot.domain.travel.weather import Weather

STAYS_FOR = timedelta(hours=1)
"""An attendee stays in a room at most this long until the next session there."""
SPARE = 5
"""Minutes before the start to arrive where nobody queues: enough to find a chair."""
LONG_GAP = timedelta(hours=4)
"""After a longer gap than this an attendee is assumed to come from their hotel, where that is known."""


class Origin(StrEnum):
    """The evidence for the place where a leg starts."""

    HERE = "where you said you are"
    SESSION = "your session before"
    STAY = "your hotel"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Departure:
    """When to leave for a session and from where.

    Attributes:
        leave_by: the moment to leave, UTC.
        arrive_early: how many minutes before the start one arrives.
        line: how many minutes before the start a reserved seat lapses, or the line has to be joined; 0 without a line.
        origin: why the leg starts where it does.
        leg: the walk or ride; None if nothing is known about it.
        since: when the session before ended, if that was so long ago that the attendee may be elsewhere by now.
    """

    leave_by: datetime
    arrive_early: int
    line: int
    origin: Origin
    leg: Leg | None = None
    since: datetime | None = None

    @property
    def arrival(self) -> datetime:
        """When half of those who leave at `leave_by` have arrived."""
        return self.arrival_from(self.leave_by)

    def arrival_from(self, moment: datetime) -> datetime:
        """Return when half of those who leave at `moment` have arrived."""
        return moment + timedelta(minutes=self.leg.median if self.leg else 0)

    def chance_from(self, moment: datetime, session: Session, early: int) -> float:
        """Return the share of those who leave at `moment` that are there `early` minutes before the start."""
        minutes = (session.starts_at - moment) / timedelta(minutes=1) - early
        return self.leg.chance(minutes) if self.leg else float(minutes >= 0)

    @property
    def starts_at(self) -> datetime:
        """The start of the session, to the second."""
        return self.leave_by + timedelta(minutes=self.arrive_early + (self.leg.minutes if self.leg else 0))

    def lapses_at(self, session: Session) -> datetime:
        """When a reserved seat lapses: that is the conference's rule, however early the attendee wishes to be there."""
        return session.starts_at - timedelta(minutes=self.line)

    @property
    def stays(self) -> bool:
        """Whether the session is in the room where the attendee already sits."""
        return (
            self.origin is not Origin.UNKNOWN and self.leg is not None and not self.leg.minutes and not self.leg.metres
        )

    @property
    def facts(self) -> dict[str, str | int]:
        """This departure as plain values for a nudge's `facts`; `Departure.of_facts` is the inverse."""
        facts: dict[str, str | int] = {
            "leave_by": int(self.leave_by.timestamp()),
            "early": self.arrive_early,
            "line": self.line,
            "origin": self.origin.name,
        }
        if leg := self.leg:
            facts |= _facts_of(leg)
        return facts | ({"since": int(self.since.timestamp())} if self.since else {})

    @classmethod
    def of_facts(cls, facts: Mapping[str, str | int]) -> Self:
        """Rebuild a departure from `facts`; `leave_by` has whole seconds."""
        leave_by = datetime.fromtimestamp(int(facts["leave_by"]), UTC)
        leg = _leg_of(facts) if "minutes" in facts else None
        early = int(facts["early"])
        # A delivery that an older release planned has no `line`.
        line, origin = int(facts.get("line", early)), Origin[str(facts["origin"])]
        since = datetime.fromtimestamp(int(facts["since"]), UTC) if "since" in facts else None
        return cls(leave_by, early, line, origin, leg, since)


def _facts_of(leg: Leg) -> dict[str, str | int]:
    facts: dict[str, str | int] = {"from": leg.origin, "to": leg.target, "mode": leg.mode.value, "sure": leg.sure}
    # An older release reads whole minutes.
    facts |= {"minutes": round(leg.minutes), "exact": repr(leg.minutes), "source": leg.source.name}
    facts |= {"metres": -1 if leg.metres is None else leg.metres}
    facts |= {"samples": leg.samples} if leg.samples is not None else {}
    facts |= {"spread": f"{leg.spread.median!r} {leg.spread.p90!r}"} if leg.spread else {}
    facts |= {"step_free": int(leg.step_free)} if leg.step_free is not None else {}
    facts |= {"needs_step_free": 1} if leg.needs_step_free else {}
    facts |= {"via": leg.via} if leg.via else {}
    facts |= {"opens": f"{int(leg.opens[0].timestamp())} {leg.opens[1]!r}"} if leg.opens else {}
    facts |= {"closes": f"{int(leg.closes[0].timestamp())} {leg.closes[1]!r}"} if leg.closes else {}
    if leg.later:
        mode, moment, share = leg.later
        facts |= {"later": f"{mode.value} {int(moment.timestamp())} {share!r}"}
    facts |= {"outdoor": leg.outdoor} if leg.outdoor is not None else {}
    facts |= {"weather": leg.weather.value} if leg.weather else {}
    return facts | ({"other": f"{leg.other[0].value} {leg.other[1]!r}"} if leg.other else {})


def _leg_of(facts: Mapping[str, str | int]) -> Leg:
    metres, samples, step_free = int(facts["metres"]), facts.get("samples"), facts.get("step_free")
    median, _, p90 = str(facts.get("spread", "")).partition(" ")
    mode, _, minutes = str(facts.get("other", "")).partition(" ")
    outdoor, weather = facts.get("outdoor"), facts.get("weather")
    return Leg(
        str(facts["from"]),
        str(facts["to"]),
        # A delivery that an older release planned has whole minutes, and no spread.
        float(facts.get("exact", facts["minutes"])),
        LegSource[str(facts["source"])],
        None if metres < 0 else metres,
        Mode(str(facts["mode"])),
        None if samples is None else int(samples),
        Spread(float(median), float(p90)) if median else None,
        int(facts.get("sure", DEFAULT_SURE)),
        None if step_free is None else bool(step_free),
        "needs_step_free" in facts,
        (Mode(mode), float(minutes)) if mode else None,
        str(facts.get("via", "")),
        opens=_moment_of(str(facts.get("opens", ""))),
        closes=_moment_of(str(facts.get("closes", ""))),
        later=_later_of(str(facts.get("later", ""))),
        outdoor=None if outdoor is None else int(outdoor),
        weather=Weather(str(weather)) if weather else None,
    )


def _moment_of(text: str) -> tuple[datetime, float] | None:
    moment, _, minutes = text.partition(" ")
    return (datetime.fromtimestamp(int(moment), UTC), float(minutes)) if minutes else None


def _later_of(text: str) -> tuple[Mode, datetime, float] | None:
    mode, _, rest = text.partition(" ")
    moment, _, share = rest.partition(" ")
    return (Mode(mode), datetime.fromtimestamp(int(moment), UTC), float(share)) if share else None


def line_minutes(attendance: Attendance, session: Session, conference: Conference, *, seats: bool) -> int:
    """Return how many minutes before the start one has to be at the door.

    That is the check-in cut-off with a reserved seat, else the line of those without one. Unless organizers set a line,
    nobody queues where no seats are reserved, and for what one drops in to.

    Args:
        seats: whether seats are reserved at the conference.
    """
    line = KindLine(session.kind)
    if conference.lines:
        line = conference.line_of(session.kind, is_drop_in=is_drop_in(session))
    if attendance.reserved:
        return conference.check_in if line.check_in is None else line.check_in
    if line.walk_up is not None and not session.is_block:
        return line.walk_up
    return conference.walk_up if seats and not is_drop_in(session) and not session.is_block else 0


def arrive_early(attendee: Attendee, line: int) -> int:
    """Return how many minutes before the start to arrive: the line, or as early as the attendee wishes to be."""
    return max(line, attendee.arrive_early)


def leave_by(session: Session, early: int, leg: Leg | None) -> datetime:
    """Return `starts_at - early - leg.minutes` to the second; without a leg the travel time counts as 0."""
    return leave_at(session, early, leg.minutes if leg else 0)


def leave_at(session: Session, early: int, minutes: float) -> datetime:
    """Return when to leave to be there `early` minutes before the start after `minutes`, to the second."""
    return session.starts_at - timedelta(seconds=round(60 * (early + minutes)))


def departure_for(
    attendee: Attendee,
    attendance: Attendance,
    session: Session,
    before: Session | None,
    schedule: Schedule,
    *,
    seats: bool = False,
) -> Departure:
    """Return when to leave for `session`: at its start if it is online, without a walk and a line.

    Args:
        before: the last attended session of that day that starts before `session` and is not online, if any.
        seats: whether the attendee has a reserved seat for any session of the conference.
    """
    if session.needs_no_walk:
        return Departure(session.starts_at, 0, 0, Origin.UNKNOWN)
    line = line_minutes(attendance, session, schedule.conference, seats=seats or schedule.has_seats)
    early = arrive_early(attendee, line)
    early = early if line or is_drop_in(session) or session.is_block else max(early, SPARE)
    start, origin = start_of(attendee, session.starts_at, before, schedule)
    if session.place is None:
        return Departure(leave_by(session, early, None), early, line, Origin.UNKNOWN)
    travel, walker, by = schedule.travel, attendee.walker, session.starts_at - timedelta(minutes=early)
    leg = travel.best(start, session.place, walker, by, arriving=True) if start else None
    if leg is None:
        origin, leg = Origin.UNKNOWN, travel.longest_to(session.place, walker, by)
    known = origin in (Origin.HERE, Origin.UNKNOWN) or before is None or not _is_long(before, session.starts_at)
    since = None if known or before is None else before.ends_at
    return Departure(leave_by(session, early, leg), early, line, origin, leg, since)


def start_of(
    attendee: Attendee, at: datetime, before: Session | None, schedule: Schedule
) -> tuple[Place | None, Origin]:
    """Return where the attendee sets out to be somewhere at `at`, and what shows it.

    Args:
        before: the last attended session of that day that has begun by `at` and is not online, if any.
    """
    zone, here = schedule.conference.tz, attendee.here
    newer = here is not None and here.at <= at and (before is None or _says_more(here, before))
    if here and newer and day_of(here.at, zone) == day_of(at, zone):
        return Place(here.venue), Origin.HERE
    if attendee.stay and (before is None or _is_long(before, at)):
        return Place(attendee.stay), Origin.STAY
    if before and before.place:
        # Nobody sits in an empty room for hours, but they are still around.
        return before.place if at - before.ends_at <= STAYS_FOR else Place(before.venue), Origin.SESSION
    return None, Origin.UNKNOWN


def _says_more(here: Here, before: Session) -> bool:
    """Whether "I'm here" is newer than the start of a session, and no tap on arriving late at that very session."""
    return here.at > before.starts_at and not (here.venue == before.venue and here.at <= before.ends_at)


def _is_long(before: Session, at: datetime) -> bool:
    return at - before.ends_at > LONG_GAP
