"""How fast is a day planned, exactly, beside a linear program; and how fast is `/gap` beside `/agenda`?

The days are those of re:Invent 2024 and FOSDEM 2026 where their schedules lie beside the project, and days of the
generated conference elsewhere. The rival is a linear program, solved by scipy: after a session the attendee waits at
its venue for what can be reached from there. It has far fewer arcs than one over all pairs of sessions, and is faster.
A part of the largest day is also solved exactly over all pairs, by HiGHS (in scipy) and, where OR-Tools is installed,
by CP-SAT.
"""

import asyncio
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from itertools import pairwise
from pathlib import Path

import numpy as np
from scipy.optimize import linprog  # type: ignore[import-untyped]  # it has no types
from scipy.sparse import coo_matrix  # type: ignore[import-untyped]  # as above

from benchmarks.answers import answered, fill
from benchmarks.conference import OPENS
from benchmarks.conference import schedule as generated
from benchmarks.figures import Figure, is_small, percentile, quiet, show
from benchmarks.plan_rivals import arcs_of, by_cp_sat, by_highs, has_cp_sat
from bot.cli.application import build_application
from bot.domain.attendee.attendee import Attendee, Community
from bot.domain.imports.resolve import resolve_draft
from bot.domain.planning.candidate import Candidate, value_of
from bot.domain.planning.lunch import lunch_of
from bot.domain.planning.of_attendee import walks_of
from bot.domain.planning.problem import DayToPlan
from bot.domain.planning.repeats import best_path
from bot.domain.planning.wishes import Lunch, Walks, Wishes
from bot.domain.schedule.conference import Schedule
from bot.domain.travel.venue import Place
from bot.sources import read_draft, read_venues
from bot.timing.clock import RehearsalClock

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
REAL = (
    ("reinvent2024_facts.csv", "America/Los_Angeles", "reinvent_venues.csv"),
    ("fosdem_2026.xml", "Europe/Brussels", "fosdem_venues.csv"),
)
CANDIDATES, EARLY = 500, 10
EXACT = 25 if is_small() else 125
"""Sessions of a day that the exact solvers get."""
LEAST = 100
"""Sessions of a day that is measured: the last morning of a conference is no day."""
MINUTE = timedelta(minutes=1)
PERSON = Attendee(1, Community(1, "console", "crowd"), "user1")


def schedules() -> list[Schedule]:
    """The real conferences, or else a generated one."""
    if not DATA.is_dir() or is_small():
        return [generated(300 if is_small() else 2_500)]
    return [
        resolve_draft(
            read_draft(DATA / "schedules" / file), "real", zone, read_venues(DATA / "venues" / venues)
        ).schedule
        for file, zone, venues in REAL
    ]


def days_of(conference: Schedule) -> list[DayToPlan]:
    """All days, as if somebody wished for each of 500 sessions equally."""
    days = []
    for day in conference.days:
        worth = [(session, value_of(session, 1.0)) for session in conference.on(day) if session.takes_place]
        candidates = [Candidate(session, value, early=EARLY) for session, value in worth if value][:CANDIDATES]
        days.append(DayToPlan.of(candidates, Wishes(lunch_of(conference, day))))
    return days


def seconds(work: Callable[[], object], times: int) -> float:
    """The least processor time of several runs: the machine may do other work, too."""
    times_taken = []
    for _ in range(times):
        begins = time.process_time()
        work()
        times_taken.append(time.process_time() - begins)
    return min(times_taken)


class Network:
    """Arcs with gains for one person, from node 0 to node 1; an arc may attend a talk."""

    def __init__(self) -> None:
        self.nodes: dict[object, int] = {"start": 0, "end": 1}
        self.arcs: list[tuple[int, int, float, str | None]] = []

    def arc(self, tail: object, head: object, gain: float = 0, talk: str | None = None) -> None:
        """Add an arc."""
        start, end = (self.nodes.setdefault(node, len(self.nodes)) for node in (tail, head))
        self.arcs.append((start, end, gain, talk))

    def solved(self) -> float:
        """The value of the linear program."""
        count = len(self.arcs)
        tails, heads, gains, talks = zip(*self.arcs, strict=True)
        flow = coo_matrix(([1] * count + [-1] * count, (tails + heads, [*range(count)] * 2)), (len(self.nodes), count))
        sums = np.zeros(len(self.nodes))
        sums[:2] = (1, -1)
        numbers = {talk: number for number, talk in enumerate(sorted({talk for talk in talks if talk}))}
        pairs = [(numbers[talk], arc) for arc, talk in enumerate(talks) if talk]
        once = coo_matrix(([1] * len(pairs), tuple(zip(*pairs, strict=True))), (len(numbers), count))
        limits = np.ones(len(numbers))
        solution = linprog(-np.array(gains), once.tocsr(), limits, flow.tocsr(), sums, method="highs")
        return -float(solution.fun)


def network_of(day: DayToPlan, walks: Walks) -> Network:
    """The arcs of a day: to a session with or without lunch, from it to its venue, and from there onward."""
    network, lunch = Network(), day.wishes.lunch
    assert lunch
    ends: dict[str, list[datetime]] = {candidate.session.venue: [] for candidate in day.candidates}
    for candidate in day.candidates:
        ends[candidate.session.venue].append(candidate.session.ends_at)
    for venue, ends_here in ends.items():
        for end, next_end in pairwise(sorted(set(ends_here))):
            network.arc((venue, end, False), (venue, next_end, False))
            network.arc((venue, end, True), (venue, next_end, True))
    network.arc("start", "end", lunch.worth)
    for number, candidate in enumerate(day.candidates):
        _around(network, number, candidate, lunch)
        for tail, gain, ate in _onward(number, day, walks, ends):
            network.arc(tail, (number, ate), gain)
        for earlier in _same_room(number, day):
            before = day.candidates[earlier]
            network.arc((earlier, False), (number, False), before.worth, before.session.talk)
            network.arc((earlier, True), (number, True), before.worth, before.session.talk)
    return network


def _around(network: Network, number: int, candidate: Candidate, lunch: Lunch) -> None:
    """The arcs of a session from the start, to the end, and to its venue."""
    session, door = candidate.session, candidate.session.starts_at - EARLY * MINUTE
    eats = session.ends_at + lunch.length <= lunch.closes
    for ate in (False, True):
        network.arc((number, ate), (session.venue, session.ends_at, ate), candidate.worth, session.talk)
        network.arc((number, ate), "end", candidate.worth + (lunch.worth if eats and not ate else 0), session.talk)
    network.arc("start", (number, False))
    if lunch.opens + lunch.length <= min(door, lunch.closes):
        network.arc("start", (number, True), lunch.worth)


def _onward(
    number: int, day: DayToPlan, walks: Walks, ends: dict[str, list[datetime]]
) -> Iterator[tuple[object, float, bool]]:
    session, wishes = day.candidates[number].session, day.wishes
    door = session.starts_at - EARLY * MINUTE
    lunch = wishes.lunch
    assert lunch
    for venue, ends_there in ends.items():
        walk = walks.minutes(Place(venue), session.place, session.starts_at) if venue and session.place else 0
        cost = wishes.move + wishes.minute * walk if venue and session.venue and venue != session.venue else 0
        if fitting := [end for end in ends_there if end + walk * MINUTE <= door]:
            yield (venue, max(fitting), False), -cost, False
            yield (venue, max(fitting), True), -cost, True
        here, there = min(lunch.closes, door - walk * MINUTE) - lunch.length, min(lunch.closes, door) - lunch.length
        latest = max([here] * (here >= lunch.opens) + [there - walk * MINUTE] * (there >= lunch.opens), default=None)
        if latest and (fitting := [end for end in ends_there if end <= latest]):
            yield (venue, max(fitting), False), lunch.worth - cost, True


def _same_room(number: int, day: DayToPlan) -> Iterator[int]:
    session = day.candidates[number].session
    for earlier, candidate in enumerate(day.candidates[:number]):
        if session.room and candidate.session.place == session.place and candidate.session.ends_at <= session.starts_at:
            yield earlier


def rival(day: DayToPlan, walks: Walks) -> float:
    """The processor time of the linear program, with the time to write it down."""
    begins = time.process_time()
    value = network_of(day, walks).solved()
    seconds = time.process_time() - begins
    # The program may send a person to half of each of two sessions: it is a bound.
    assert value >= best_path([day], walks).path.value - 1e-4
    return seconds


def planning() -> list[Figure]:
    """Days and a week, beside the linear program."""
    ours: list[float] = []
    theirs: list[float] = []
    growth: list[float] = []
    for conference in schedules():
        days, walks = days_of(conference), walks_of(PERSON, conference)
        large = [day for day in days if len(day.candidates) >= (10 if is_small() else LEAST)]
        best_path(days, walks)
        day_seconds = [seconds(partial(best_path, [day], walks), 5) for day in large]
        theirs += [rival(day, walks) for day in large]
        ours += day_seconds
        growth.append(seconds(partial(best_path, days, walks), 3) / max(day_seconds))
    return [
        Figure("one day: median", statistics.median(ours) * 1_000, "ms"),
        Figure("one day: longest, to the median", max(ours) / statistics.median(ours), "x", 5),
        Figure("one day as a linear program: median", statistics.median(theirs) * 1_000, "ms"),
        Figure("the program's time, to ours", statistics.median(theirs) / statistics.median(ours), "x", at_least=15),
        Figure("a week, to its longest day", max(growth), "x", 5),
    ]


def exact_rivals() -> list[Figure]:
    """Some sessions of the largest day, as an integer program over all pairs: all take minutes."""
    days = [(day, walks_of(PERSON, conference)) for conference in schedules() for day in days_of(conference)]
    day, walks = max(days, key=lambda pair: len(pair[0].candidates))
    day = DayToPlan.of(day.candidates[:: max(len(day.candidates) // EXACT, 1)], day.wishes)
    best = best_path([day], walks).path.value
    ours = seconds(partial(best_path, [day], walks), 5)
    count, arcs = arcs_of(day, walks)
    rivals = {"HiGHS": by_highs, **({"CP-SAT": by_cp_sat} if has_cp_sat() else {})}
    figures = [Figure("pairs of sessions as arcs", len(arcs), "")]
    for name, solve in rivals.items():
        value, solver_seconds = solve(count, arcs)
        # A solver that gave up has found no more; CP-SAT counts in thousandths.
        assert value <= best + 0.5, (value, best)
        figures += [
            Figure(f"one day by {name}", solver_seconds, "s"),
            Figure(f"{name}'s time, to ours", solver_seconds / ours, "x", at_least=10 if is_small() else 100),
            Figure(f"{name}'s value, to ours", value / best, "x"),
        ]
    return figures


async def answers(few: int, times: int) -> list[Figure]:
    """`/gap` beside `/agenda`, asked by the same people."""
    latencies: dict[str, list[float]] = {"/agenda": [], "/gap": []}
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'crowd.db'}"
        await fill(url, few)
        async with build_application(url, RehearsalClock(OPENS), {}, []) as application:
            for number in range(times):
                for line, samples in latencies.items():
                    samples.append(await answered(application, line, number % few + 1))
    medians = {line: percentile(samples[5:], 50) for line, samples in latencies.items()}
    return [
        Figure("/gap: median", medians["/gap"], "ms"),
        Figure("/gap, to /agenda", medians["/gap"] / medians["/agenda"], "x", 2),
    ]


def main() -> None:
    """Measure everything."""
    figures = planning() + exact_rivals() + asyncio.run(answers(*((50, 20) if is_small() else (2_000, 200))))
    show(f"Plans of {CANDIDATES} sessions a day", figures)


if __name__ == "__main__":
    quiet()
    main()
