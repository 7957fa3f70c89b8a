"""Other ways to the best day: all combinations, a linear program, and a judge that values a plan anew.

They know the rules only from the documents, and share no code with the planner but the values.
"""

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from bot.domain.planning.candidate import Candidate, Firmness
from bot.domain.planning.problem import DayToPlan
from bot.domain.planning.wishes import Lunch, Walks, Wishes
from bot.domain.schedule.session import Session
from bot.domain.travel.venue import Place

MIDNIGHT = datetime(2021, 11, 29, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
VENUES = ("Wynn", "MGM", "Forum", "Venetian")
Walk = Callable[..., float]
Distances = Mapping[tuple[str, str], float]


def clock(minutes: float) -> datetime:
    return MIDNIGHT + timedelta(minutes=minutes)


def walks_of(distances: Distances) -> Walks:
    def minutes(origin: Place, target: Place, _: datetime) -> float:
        return distances[origin.venue, target.venue]

    return Walks(minutes, lambda *places: minutes(*places) * 0.6)


def random_distances(random_: random.Random) -> Distances:
    return {
        (one, other): random_.choice([3, 5, 8]) if one == other else random_.randrange(5, 60)
        for one in VENUES
        for other in VENUES
    }


def random_candidates(
    random_: random.Random, count: int, talks: int, *, day: int = 0, firm: float = 0.0
) -> list[Candidate]:
    made = []
    for number in range(count):
        starts = day * 1440 + 8 * 60 + 15 * random_.randrange(36)
        venue = random_.choice((*VENUES, *VENUES, ""))
        session = Session(
            f"d{day}s{number:02}",
            f"T{random_.randrange(talks)}-R{number}",
            f"Session {number}",
            clock(starts),
            clock(starts + random_.choice([20, 30, 60, 60, 90, 120])),
            venue,
            random_.choice(["", "Room 1", "Room 2"]) if venue else "https://example.org/meet",
        )
        is_firm = random_.random() < firm
        firmness = random_.choice([Firmness.MUST, Firmness.GOING, Firmness.SEAT]) if is_firm else Firmness.WISH
        early = random_.choice([0, 5, 10, 20])
        made.append(Candidate(session, random_.randrange(1, 100) / 10, firmness, early))
    return made


def random_wishes(random_: random.Random, day: int = 0) -> Wishes:
    opens = day * 1440 + 11 * 60 + 30 * random_.randrange(3)
    length = random_.choice([40, 60])
    lunch = Lunch(clock(opens), clock(opens + 120), length * MINUTE, random_.choice([0, 2, 6, 10_000]))
    hotel = Place(random_.choice((*VENUES[:3], VENUES[3]))) if random_.random() < 0.5 else None
    free = clock(day * 1440 + 9 * 60) if random_.random() < 0.3 else None
    return Wishes(
        lunch if random_.random() < 0.7 else None,
        hotel,
        free,
        hotel,
        move=random_.choice([0, 0.6, 1.5]),
        minute=random_.choice([0, 0.01]),
    )


def brute_force(days: Sequence[DayToPlan], distances: Distances) -> float:
    """The value of the best of all combinations that can be walked."""
    return max(
        (_best_day(day, list(days[n + 1 :]), frozenset(), distances) for n, day in enumerate(days[:1])), default=0
    )


def _best_day(  # noqa: C901 — all combinations are a recursion in one place
    day: DayToPlan, rest: list[DayToPlan], attended: frozenset[str], distances: Distances
) -> float:
    wishes, candidates = day.wishes, day.candidates

    def walk(origin: str | None, target: str | None, *, least: bool = False) -> float:
        return distances[origin, target] * (0.6 if least else 1) if origin and target else 0

    def cost(origin: str | None, target: str | None) -> float:
        if not origin or not target or origin == target:
            return 0
        return wishes.move + wishes.minute * walk(origin, target)

    def go(
        first: int, at: str | None, free: datetime | None, last: Candidate | None, *, ate: bool, seen: frozenset[str]
    ) -> float:
        # The day may end here.
        home = cost(at, wishes.home.venue if wishes.home else None)
        lunch = 0.0
        if (
            wishes.lunch
            and not ate
            and (free is None or max(free, wishes.lunch.opens) + wishes.lunch.length <= wishes.lunch.closes)
        ):
            lunch = max(wishes.lunch.worth, 0)
        best = lunch - home + (_best_day(rest[0], rest[1:], seen, distances) if rest else 0)
        for number in range(first, len(candidates)):
            candidate = candidates[number]
            session = candidate.session
            if session.talk in seen:
                continue
            gain = candidate.worth - cost(at, session.venue or None)
            after = session.venue or at
            if _reachable(candidate, at, free, last, walk):
                value = go(number + 1, after, session.ends_at, candidate, ate=ate, seen=seen | {session.talk})
                best = max(best, gain + value)
            if wishes.lunch and not ate and _with_lunch(candidate, at, free, wishes.lunch, walk):
                value = go(number + 1, after, session.ends_at, candidate, ate=True, seen=seen | {session.talk})
                best = max(best, gain + wishes.lunch.worth + value)
        return best

    start = wishes.start.venue if wishes.start else None
    return go(0, start, wishes.free_from, None, ate=False, seen=attended)


def _reachable(candidate: Candidate, at: str | None, free: datetime | None, last: Candidate | None, walk: Walk) -> bool:
    session = candidate.session
    if free is None:
        return True
    if (
        last
        and session.venue
        and session.room
        and (session.venue, session.room) == (last.session.venue, last.session.room)
    ):
        return free <= session.starts_at
    if (
        (last is None or last.firmness)
        and candidate.firmness
        and free + walk(at, session.venue, least=True) * MINUTE <= session.starts_at
    ):
        return True
    early = candidate.early if session.venue else 0
    return free + (walk(at, session.venue) + early) * MINUTE <= session.starts_at


def _with_lunch(candidate: Candidate, at: str | None, free: datetime | None, lunch: Lunch, walk: Walk) -> bool:
    session = candidate.session
    way = walk(at, session.venue) * MINUTE
    door = session.starts_at - (candidate.early * MINUTE if session.venue else timedelta())
    here = max(free, lunch.opens) if free else lunch.opens
    there = max(free + way, lunch.opens) if free else lunch.opens
    eats_here = here + lunch.length <= lunch.closes and here + lunch.length + way <= door
    return eats_here or (there + lunch.length <= lunch.closes and there + lunch.length <= door)


class Network:
    """A flow of one person through a day: arcs with gains, from the start -1 to the end -2."""

    def __init__(self, talks: Iterable[str]) -> None:
        self.tails: list[int] = []
        self.heads: list[int] = []
        self.gains: list[float] = []
        self.attends: list[str | None] = []
        self.nodes: dict[object, int] = {-1: 0, -2: 1}
        self.talks = {talk: number for number, talk in enumerate(sorted(set(talks)))}

    def arc(self, tail: object, head: object, gain: float = 0, attends: str | None = None) -> None:
        self.tails.append(self.nodes.setdefault(tail, len(self.nodes)))
        self.heads.append(self.nodes.setdefault(head, len(self.nodes)))
        self.gains.append(gain)
        self.attends.append(attends)

    def best(self) -> float:
        """The value of the best flow in which each talk is attended once at most."""
        import numpy as np
        from scipy.optimize import linprog  # type: ignore[import-untyped]  # it has no types
        from scipy.sparse import coo_matrix  # type: ignore[import-untyped]  # as above

        count = len(self.gains)
        arcs = list(range(count))
        flow = coo_matrix(([1] * count + [-1] * count, (self.tails + self.heads, arcs * 2)), (len(self.nodes), count))
        leaves = np.zeros(len(self.nodes))
        leaves[:2] = (1, -1)
        pairs = [(self.talks[talk], arc) for arc, talk in enumerate(self.attends) if talk is not None]
        once = coo_matrix(([1] * len(pairs), tuple(zip(*pairs, strict=True))), (len(self.talks), count)).tocsr()
        solved = linprog(
            -np.array(self.gains),
            once,
            np.ones(len(self.talks)),
            flow.tocsr(),
            leaves,
            bounds=(0, None),
            method="highs",
        )
        return -float(solved.fun)


def linear_program(day: DayToPlan, walks: Walks) -> float:
    """The value of the linear program: at least that of the best day. The start and the end of the day cost nothing.

    After a session the attendee waits at its venue, in the order of the ends, and then goes to a session in reach.
    """
    lunch, network = day.wishes.lunch, Network(candidate.session.talk for candidate in day.candidates)
    assert lunch
    ends: dict[str, list[datetime]] = {venue: [] for venue in {candidate.session.venue for candidate in day.candidates}}
    for candidate in day.candidates:
        ends[candidate.session.venue].append(candidate.session.ends_at)
    for venue, found in ends.items():
        found[:] = sorted(set(found))
        for ate in (False, True):
            for one, other in pairwise(found):
                network.arc((venue, one, ate), (venue, other, ate))
    network.arc(-1, -2, lunch.worth)
    for number, candidate in enumerate(day.candidates):
        session = candidate.session
        for ate in (False, True):
            network.arc((number, ate), (session.venue, session.ends_at, ate), candidate.worth, session.talk)
            is_free = not ate and session.ends_at + lunch.length <= lunch.closes
            network.arc((number, ate, "then home"), -2, lunch.worth if is_free else 0)
            network.arc((number, ate), (number, ate, "then home"), candidate.worth, session.talk)
        _arrivals(network, number, day, walks, ends)
    return network.best()


def _arrivals(
    network: Network, number: int, day: DayToPlan, walks: Walks, ends: Mapping[str, Sequence[datetime]]
) -> None:
    """The arcs to a session: from the start, from the last end in time at each venue, and from its own room."""
    wishes, session = day.wishes, day.candidates[number].session
    lunch, door = wishes.lunch, session.starts_at - day.candidates[number].early * MINUTE
    assert lunch
    network.arc(-1, (number, False))
    if lunch.opens + lunch.length <= min(door, lunch.closes):
        network.arc(-1, (number, True), lunch.worth)
    for venue, found in ends.items():
        walk = walks.minutes(Place(venue), session.place, session.starts_at) if venue and session.venue else 0
        cost = wishes.move + wishes.minute * walk if venue != session.venue else 0
        if fitting := [end for end in found if end + walk * MINUTE <= door]:
            for ate in (False, True):
                network.arc((venue, max(fitting), ate), (number, ate), -cost)
        if fitting := [end for end in found if _eats(lunch, end, door, walk)]:
            network.arc((venue, max(fitting), False), (number, True), lunch.worth - cost)
    for earlier, candidate in enumerate(day.candidates[:number]):
        if session.room and candidate.session.place == session.place and candidate.session.ends_at <= session.starts_at:
            for ate in (False, True):
                network.arc((earlier, ate), (number, ate, "same room"), candidate.worth, candidate.session.talk)
                network.arc((number, ate, "same room"), (number, ate))


def judged(days: Iterable[tuple[DayToPlan, Sequence[Candidate]]], distances_or_walks: Walks) -> float:
    """The value of a plan, reckoned anew from its sessions; fails if a leg cannot be walked or a talk comes twice."""
    walks, total, talks = distances_or_walks, 0.0, []
    for day, chosen in days:
        wishes, at, moves = day.wishes, day.wishes.start, 0.0
        gaps: list[tuple[datetime | None, datetime, float]] = []
        pairs = pairwise((None, *chosen))
        for earlier, later in pairs:
            assert later is not None
            session, free = later.session, earlier.session.ends_at if earlier else wishes.free_from
            talks.append(session.talk)
            walk = walks.minutes(at, session.place, session.starts_at)
            if free is not None:
                same = (
                    earlier is not None
                    and bool(session.room)
                    and earlier.session.place == session.place
                    and session.venue
                )
                least = walks.minutes(at, session.place, session.starts_at, least=True)
                firm = (earlier is None or earlier.is_firm) and later.is_firm
                early = later.early if session.venue else 0
                enough = 0 if same else least if firm else walk + early
                assert free + enough * MINUTE <= session.starts_at + MINUTE / 1000, (earlier, later)
            if at and session.place and at.venue != session.venue:
                moves += wishes.move + wishes.minute * walk
            gaps.append((free, session.starts_at - (later.early if session.venue else 0) * MINUTE, walk))
            at = session.place or at
        if at and wishes.home and at.venue != wishes.home.venue and day.candidates:
            last_start = day.candidates[-1].session.starts_at
            moves += wishes.move + wishes.minute * walks.minutes(at, wishes.home, last_start)
        free = chosen[-1].session.ends_at if chosen else wishes.free_from
        lunch = wishes.lunch
        if lunch and (
            any(_eats(lunch, *gap) for gap in gaps)
            or (free is None or max(free, lunch.opens) + lunch.length <= lunch.closes)
        ):
            total += lunch.worth
        total += sum(candidate.worth for candidate in chosen) - moves
    assert len(set(talks)) == len(talks)
    return total


def _eats(lunch: Lunch, free: datetime | None, door: datetime, walk: float) -> bool:
    here = max(free, lunch.opens) if free else lunch.opens
    there = max(free + walk * MINUTE, lunch.opens) if free else lunch.opens
    first = here + lunch.length <= lunch.closes and here + lunch.length + walk * MINUTE <= door
    return first or there + lunch.length <= min(lunch.closes, door)
