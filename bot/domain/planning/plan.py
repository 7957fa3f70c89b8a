"""A proposal: the sessions of each day with the walks and lunch between them, backups, and what was left out."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto

from bot.domain.planning.candidate import BONUS, Candidate
from bot.domain.planning.lunch import Gap, LunchBreak, lunch_break
from bot.domain.planning.problem import DayToPlan
from bot.domain.planning.repeats import STEPS, best_path
from bot.domain.planning.wishes import Walks
from bot.domain.schedule.session import Session
from bot.domain.travel.venue import Place

MOST_BACKUPS = 2
MOST_LATE = timedelta(minutes=10)
"""How late one may come to a backup."""
_NEARLY = 1e-6
"""A difference of two values that is only rounding."""
_MINUTE = timedelta(minutes=1)


class Obstacle(Enum):
    """Why a session is not in a plan. `LeftOut.other` is the session that it is about."""

    OVERLAPS = auto()
    TOO_FAR_AFTER = auto()
    """One cannot come there in time after the other session."""
    TOO_FAR_BEFORE = auto()
    """One cannot come from there to the other session in time."""
    TOO_LATE = auto()
    """One cannot come there in time from where one is."""
    LUNCH = auto()
    NOT_WORTH_THE_WAY = auto()


@dataclass(frozen=True, slots=True)
class Planned:
    """A session of a plan.

    Attributes:
        origin: where one comes from; None if that is not known, or it moves nobody.
        walk: the minutes from there, 0 if they are not known.
        leave_by: when one has to leave for it, or for lunch where it is.
        backups: sessions that fit in its place, the best first.
    """

    candidate: Candidate
    origin: Place | None = None
    walk: float = 0
    leave_by: datetime | None = None
    backups: tuple[Session, ...] = ()

    @property
    def session(self) -> Session:
        """The session."""
        return self.candidate.session

    @property
    def changes_venue(self) -> bool:
        """Whether one comes from another venue."""
        return bool(self.origin and self.session.venue and self.origin.venue != self.session.venue)


@dataclass(frozen=True, slots=True)
class PlannedDay:
    """A day of a plan. `lunch` is None if there is no time for it, or none was wished for."""

    stops: tuple[Planned, ...]
    lunch: LunchBreak | None = None
    misses_lunch: bool = False


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A talk that was asked for and is not in the plan, by its first sitting.

    Attributes:
        sittings: how many of its sittings were looked at.
        other: the session of the plan that is in its way, if it is one.
    """

    candidate: Candidate
    obstacle: Obstacle
    other: Session | None = None
    sittings: int = 1


@dataclass(frozen=True, slots=True)
class Plan:
    """The best days that were found.

    Attributes:
        within: the per cent by which a better plan may be worth more; 0 if there is none.
    """

    days: tuple[PlannedDay, ...]
    left_out: tuple[LeftOut, ...] = ()
    within: int = 0

    @property
    def sessions(self) -> tuple[Session, ...]:
        """All sessions, in order."""
        return tuple(stop.session for day in self.days for stop in day.stops)


def make_plan(days: Sequence[DayToPlan], walks: Walks, explained: Collection[str] = (), budget: int = STEPS) -> Plan:
    """Return the plan that is worth most.

    Args:
        days: in order.
        walks: how long the person walks.
        explained: the ids of the candidates for which the plan says why they are left out.
        budget: steps of the search: see `best_path`.
    """
    found = best_path(days, walks, budget)
    chosen = found.path.days
    talks = {each.session.talk for day in chosen for each in day}
    planned = tuple(_planned_day(day, stops, walks, talks) for day, stops in zip(days, chosen, strict=True))
    value = found.path.value - sum(BONUS[each.firmness] for day in chosen for each in day)
    value -= sum(
        day.wishes.lunch.worth for day, made in zip(days, planned, strict=True) if day.wishes.lunch and made.lunch
    )
    missing = found.bound - found.path.value
    within = round(100 * missing / (value + missing)) if missing > 0 and value > 0 else 0
    left_out = _left_out(days, planned, walks, talks, explained)
    return Plan(planned, tuple(left_out), min(max(within, 1 if missing > _NEARLY * max(value, 1) else 0), 100))


_NEARLY = 1e-6


def _planned_day(day: DayToPlan, chosen: Sequence[Candidate], walks: Walks, talks: Collection[str]) -> PlannedDay:
    gaps = list(_gaps(day, chosen, walks))
    lunch = lunch_break(day.wishes.lunch, gaps) if day.wishes.lunch else None
    stops = tuple(
        Planned(
            each,
            gap.place if each.session.place else None,
            0 if gap.place and gap.place.room and gap.place == each.session.place else gap.walk / _MINUTE,
            _leave_by(each.session, gap, lunch),
            _backups(day, chosen, number, walks, talks, lunch),
        )
        for number, (each, gap) in enumerate(zip(chosen, gaps, strict=False))
    )
    return PlannedDay(stops, lunch, misses_lunch=day.wishes.lunch is not None and lunch is None)


def _leave_by(session: Session, gap: Gap, lunch: LunchBreak | None) -> datetime:
    """When to leave; `session` is the one that follows the gap."""
    eats_there = lunch and lunch.comes_after_walk and (gap.free is None or gap.free <= lunch.starts_at)
    if lunch and eats_there and lunch.ends_at <= session.starts_at:
        return lunch.starts_at - gap.walk
    return (gap.door or session.starts_at) - gap.walk


def _gaps(day: DayToPlan, chosen: Sequence[Candidate], walks: Walks) -> Iterator[Gap]:
    """The gap before each session, and the one after the last."""
    place, free = day.wishes.start, day.wishes.free_from
    for each in chosen:
        session = each.session
        walk = walks.minutes(place, session.place, session.starts_at)
        door = session.starts_at - timedelta(minutes=each.early if session.place else 0)
        yield Gap(free, place, door, session.place, timedelta(minutes=walk))
        place, free = session.place or place, session.ends_at
    yield Gap(free, place)


def _backups(
    day: DayToPlan,
    chosen: Sequence[Candidate],
    number: int,
    walks: Walks,
    talks: Collection[str],
    lunch: LunchBreak | None,
) -> tuple[Session, ...]:
    """The best sessions that overlap one of the plan, and fit between the one before and the one after it.

    Somebody who finds the room full walks to them at once, and is a few minutes late at most.
    """
    here = chosen[number].session
    if here.is_block:
        return ()
    others = [*chosen[:number], *chosen[number + 1 :]]

    def fits(each: Candidate) -> bool:
        session = each.session
        if session.talk in talks or not session.overlaps(here) or not each.value:
            return False
        arrival = here.starts_at + timedelta(minutes=walks.minutes(here.place, session.place, session.starts_at))
        if arrival > session.starts_at + MOST_LATE:
            return False
        eats = lunch is not None and session.starts_at < lunch.ends_at and lunch.starts_at < session.ends_at
        return not eats and obstacle_of(each, others, day, walks) is None

    fitting = sorted(filter(fits, day.candidates), key=lambda each: -each.worth)
    return tuple(each.session for each in fitting[:MOST_BACKUPS])


def obstacle_of(
    each: Candidate, chosen: Sequence[Candidate], day: DayToPlan, walks: Walks
) -> tuple[Obstacle, Session | None] | None:
    """Return what keeps a session out of a day with the chosen ones; None if it fits among them."""
    session = each.session
    overlapping = [other for other in chosen if other.session.overlaps(session)]
    if overlapping:
        return Obstacle.OVERLAPS, max(overlapping, key=lambda other: other.worth).session
    place, free, before = day.wishes.start, day.wishes.free_from, None
    for other in chosen:
        if other.session.starts_at >= session.ends_at:
            here = session.place or place
            if not walks.can_follow(other, each, here, session.ends_at):
                return Obstacle.TOO_FAR_BEFORE, other.session
            break
        place, free, before = other.session.place or place, other.session.ends_at, other
    if walks.can_follow(each, before, place, free):
        return None
    return (Obstacle.TOO_FAR_AFTER, before.session) if before else (Obstacle.TOO_LATE, None)


def _left_out(
    days: Sequence[DayToPlan],
    planned: Sequence[PlannedDay],
    walks: Walks,
    talks: Collection[str],
    explained: Collection[str],
) -> Iterator[LeftOut]:
    """The first sitting of each talk that was asked for and is missing, the firmest first."""
    missing: dict[str, list[tuple[int, Candidate]]] = {}
    for number, day in enumerate(days):
        for each in day.candidates:
            if (each.session.id in explained or each.is_firm) and each.session.talk not in talks:
                missing.setdefault(each.session.talk, []).append((number, each))
    for sittings in sorted(missing.values(), key=lambda each: (-each[0][1].firmness, each[0][1].session.starts_at)):
        number, each = sittings[0]
        chosen = [stop.candidate for stop in planned[number].stops]
        found = obstacle_of(each, chosen, days[number], walks) or _soft_obstacle(each, planned[number])
        yield LeftOut(each, *found, len(sittings))


def _soft_obstacle(each: Candidate, day: PlannedDay) -> tuple[Obstacle, Session | None]:
    lunch, session = day.lunch, each.session
    if lunch and session.starts_at < lunch.ends_at and lunch.starts_at < session.ends_at:
        return Obstacle.LUNCH, None
    return Obstacle.NOT_WORTH_THE_WAY, None
