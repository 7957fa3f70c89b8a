"""Each talk once: decremental state-space relaxation, with a guard for what would take too long.

The search first looks at no repeats at all. Only talks that it attends twice are remembered then, and it searches again
(Righini and Salani, 2008). At a real conference one or two searches are enough. Where they are not, each such talk is
settled to one sitting: the plan may then be a little worse than the best one, by at most `BestPath.bound` minus its
value.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.domain.planning.candidate import Candidate
from bot.domain.planning.problem import DayToPlan, days_in_numbers
from bot.domain.planning.search import OutOfStepsError, Path, Search, taken_twice
from bot.domain.planning.wishes import Walks

STEPS = 400_000
"""Steps of all searches before the guard ends them: about 250 ms of one core."""
MOST_REMEMBERED = 24
"""Talks that are remembered at once."""
MOST_ROUNDS = 8
"""Rounds in which talks are restricted one by one; after them, all remaining ones at once."""


@dataclass(frozen=True, slots=True)
class BestPath:
    """The best path that was found; no path has a value above `bound`. `steps` is the cost of the search."""

    path: Path
    bound: float
    steps: int


def best_path(days: Sequence[DayToPlan], walks: Walks, budget: int = STEPS) -> BestPath:
    """Return the path with the greatest value that has each talk at most once.

    Args:
        days: in order.
        walks: how long the person walks.
        budget: steps after which repeats are settled. One search without repeats is made in any case.
    """
    remembered = _firm_repeats(days) if budget else frozenset[str]()
    bound, steps = float("inf"), 0
    while len(remembered) <= MOST_REMEMBERED:
        # The first search has no limit, unless it remembers talks.
        search = Search(walks, max(budget - steps, 0) if remembered else float("inf"))
        try:
            path = search.best(days_in_numbers(days, walks, remembered))
        except OutOfStepsError:
            steps += search.steps
            break
        steps, bound = steps + search.steps, min(bound, path.value)
        twice = taken_twice(path)
        if not twice:
            return BestPath(path, path.value, steps)
        if steps >= budget:
            break
        remembered |= twice.keys()
    return _with_single_sittings(days, walks, bound, steps)


def _firm_repeats(days: Sequence[DayToPlan]) -> frozenset[str]:
    """The firm talks with several sittings: twice one of them would be worth more than everything else."""
    firm = {candidate.session.talk for day in days for candidate in day.candidates if candidate.is_firm}
    sittings = Counter(
        candidate.session.talk for day in days for candidate in day.candidates if candidate.session.talk in firm
    )
    return frozenset(talk for talk, count in sittings.items() if count > 1)


def _with_single_sittings(days: Sequence[DayToPlan], walks: Walks, bound: float, steps: int) -> BestPath:
    """Return the best path after each talk that would be attended twice was restricted to one sitting."""
    path, round_ = None, 0
    while True:
        search = Search(walks)
        path = search.best(days_in_numbers(days, walks, ()))
        steps, round_ = steps + search.steps, round_ + 1
        if round_ == 1:
            bound = min(bound, path.value)
        twice = taken_twice(path)
        if not twice:
            return BestPath(path, bound, steps)
        only = _choices(path, twice)
        if round_ == MOST_ROUNDS:
            only = _first_sittings(days) | only
        days = [_with_only(day, only) for day in days]


def _choices(path: Path, twice: Mapping[str, Collection[Candidate]]) -> dict[str, str]:
    """Return the sitting of each talk to keep: the one at most of the path's places, or else the first; ids by talk."""
    venues = Counter(candidate.session.venue for day in path.days for candidate in day)
    return {
        talk: min(
            sittings, key=lambda candidate: (-venues[candidate.session.venue], candidate.session.starts_at)
        ).session.id
        for talk, sittings in twice.items()
    }


def _first_sittings(days: Sequence[DayToPlan]) -> dict[str, str]:
    first: dict[str, str] = {}
    for day in days:
        for candidate in day.candidates:
            first.setdefault(candidate.session.talk, candidate.session.id)
    return first


def _with_only(day: DayToPlan, only: Mapping[str, str]) -> DayToPlan:
    candidates = tuple(
        candidate
        for candidate in day.candidates
        if only.get(candidate.session.talk, candidate.session.id) == candidate.session.id
    )
    return replace(day, candidates=candidates)
