"""The best path through sessions, by labels: exact, apart from talks with several sittings.

A label is a path that ends with one session, in one state (lunch eaten, remembered talks attended). The best
predecessor of a session at one venue is a prefix maximum over what ended in time for the walk: one binary search for
each venue. So n sessions at v venues cost n·v·log n instead of n².
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.domain.planning.candidate import Candidate
from bot.domain.planning.problem import ATE, Day, Node
from bot.domain.planning.wishes import SLACK, Walks
from bot.domain.travel.venue import Place

States = dict[int, tuple[float, int]]
"""The value of the best path in each state, and its label."""


class OutOfStepsError(Exception):
    """The search took more steps than it may."""


@dataclass(frozen=True, slots=True)
class Path:
    """The sessions of each day, in order, and their value with all bonuses and costs."""

    days: Sequence[Sequence[Candidate]]
    value: float


@dataclass(slots=True)
class Stairs:
    """The best value of what ended by a moment: both rise from step to step."""

    ends: list[float] = field(default_factory=list)
    values: list[float] = field(default_factory=list)
    labels: list[int] = field(default_factory=list)

    def add(self, end: float, value: float, label: int) -> None:
        """Add a label, and remove those that end later and are worth no more."""
        first = bisect_right(self.ends, end)
        if first and self.values[first - 1] >= value:
            return
        last = first
        while last < len(self.ends) and self.values[last] <= value:
            last += 1
        if first and self.ends[first - 1] == end:
            first -= 1
        self.ends[first:last], self.values[first:last], self.labels[first:last] = [end], [value], [label]


ByState = dict[int, Stairs]


def _stairs_by_state() -> ByState:
    return defaultdict(Stairs)


@dataclass(slots=True)
class Reached:
    """What was reached on one day so far: at each spot, in each room, and by firm sessions one by one."""

    spots: Sequence[ByState]
    rooms: dict[Place, ByState] = field(default_factory=lambda: defaultdict(_stairs_by_state))
    firm: list[tuple[float, int, States]] = field(default_factory=list)
    ways: dict[tuple[int | None, float], Sequence[tuple[float, float]]] = field(default_factory=dict)


@dataclass(slots=True)
class Search:
    """One search. `steps` counts the looks at labels; above `budget` it raises `OutOfStepsError`."""

    walks: Walks
    budget: float = float("inf")
    steps: int = 0
    _values: list[float] = field(default_factory=list)
    _before: list[int] = field(default_factory=list)
    _nodes: list[tuple[int, Node] | None] = field(default_factory=list)

    def best(self, days: Sequence[Day]) -> Path:
        """Return the path that is worth most."""
        states: States = {0: (0.0, -1)}
        for number, day in enumerate(days):
            states = self._through(day, number, states)
        value, label = max(states.values(), key=lambda pair: pair[0])
        found: list[list[Candidate]] = [[] for _ in days]
        while label >= 0:
            if entry := self._nodes[label]:
                found[entry[0]].append(entry[1].candidate)
            label = self._before[label]
        return Path([list(reversed(each)) for each in found], value)

    def _through(self, day: Day, number: int, states: States) -> States:
        """Return the best paths at the end of a day, ready for the next day: each day has its own lunch."""
        reached = Reached([_stairs_by_state() for _ in day.spots])
        start = len(day.spots) - 1
        begun: States = {}
        for state, (value, label) in states.items():
            kept = state & day.alive
            if kept not in begun or begun[kept][0] < value:
                begun[kept] = (value, label)
        for state, (value, label) in begun.items():
            reached.spots[start][state].add(day.free_from, value, label)
        reached.firm.append((day.free_from, start, begun))
        for node in day.nodes:
            self._visit(node, number, day, reached)
            if self.steps > self.budget:
                raise OutOfStepsError
        return _pruned(self._ends(day, reached))

    def _visit(self, node: Node, number: int, day: Day, reached: Reached) -> None:
        found: States = {}
        for spot, (walk, cost) in enumerate(self._ways_to(node, day, reached)):
            by_state = reached.spots[spot]
            if not by_state:
                continue
            if node.spot is None:
                # It moves nobody: one is where one was before.
                found = {}
            self._offer(by_state, node.arrive - walk, node, cost, found)
            latest = day.lunch.latest_end(node.arrive, walk) if day.lunch else None
            if day.lunch and latest is not None:
                self._offer(by_state, latest, node, cost - day.lunch.worth, found, ATE)
            if node.spot is None:
                self._reach(node, number, spot, found, reached)
        if node.spot is None:
            return
        if node.room:
            self._offer(reached.rooms[node.room], node.starts, node, 0, found)
        if node.candidate.is_firm:
            self._offer_firm(node, day, reached, found)
        self._reach(node, number, node.spot, found, reached)

    def _ways_to(self, node: Node, day: Day, reached: Reached) -> Sequence[tuple[float, float]]:
        """The walk from each spot to a session, in minutes, and what it costs."""
        key = (node.spot, node.starts)
        if key not in reached.ways:
            at, place = node.candidate.session.starts_at, node.place
            walks = [self.walks.minutes(origin, place, at) for origin in day.spots]
            reached.ways[key] = [
                (walk, _cost(day, origin, place, walk)) for origin, walk in zip(day.spots, walks, strict=True)
            ]
        return reached.ways[key]

    def _offer(self, by_state: ByState, latest: float, node: Node, cost: float, found: States, adds: int = 0) -> None:
        """Offer the best paths that ended by `latest` to a session."""
        taken = node.bit | adds
        for state, stairs in by_state.items():
            if state & taken:
                continue
            self.steps += 1
            at = bisect_right(stairs.ends, latest + SLACK)
            if at:
                value, new = stairs.values[at - 1] - cost, state | adds
                if new not in found or found[new][0] < value:
                    found[new] = (value, stairs.labels[at - 1])

    def _offer_firm(self, node: Node, day: Day, reached: Reached, found: States) -> None:
        """Offer the paths that end with firm sessions: from one firm session to the next only the walk counts."""
        for ends, spot, states in reached.firm:
            origin, at = day.spots[spot], node.candidate.session.starts_at
            if ends + self.walks.minutes(origin, node.place, at, least=True) > node.starts + SLACK:
                continue
            cost = _cost(day, origin, node.place, self.walks.minutes(origin, node.place, at))
            for state, (value, label) in states.items():
                self.steps += 1
                if not state & node.bit and (state not in found or found[state][0] < value - cost):
                    found[state] = (value - cost, label)

    def _reach(self, node: Node, number: int, spot: int, found: States, reached: Reached) -> None:
        """Add labels for a session: the best one in each state."""
        worth = node.candidate.worth
        after: States = {}
        for state, (value, label) in found.items():
            new = (state | node.bit) & (node.alive | ATE)
            if new not in after or after[new][0] < value + worth:
                after[new] = (value + worth, label)
        states: States = {}
        for state, (value, before) in _pruned(after).items():
            label = self._label(value, before, (number, node))
            states[state] = (value, label)
            reached.spots[spot][state].add(node.ends, value, label)
            if node.room and node.spot is not None:
                reached.rooms[node.room][state].add(node.ends, value, label)
        if node.candidate.is_firm and states:
            reached.firm.append((node.ends, spot, states))

    def _ends(self, day: Day, reached: Reached) -> States:
        """The best paths of a day, with the way home, and lunch after the last session."""
        found: States = {}
        for spot, by_state in enumerate(reached.spots):
            last = day.spots[spot]
            home = day.wishes.home
            cost = 0.0
            if home and last:
                # There is no start to be in time for: the walk is that of the evening.
                at = day.nodes[-1].candidate.session.starts_at if day.nodes else None
                cost = _cost(day, last, home, self.walks.minutes(last, home, at)) if at else 0.0
            for state, stairs in by_state.items():
                self._end(state, stairs, cost, day, found)
        return found

    def _end(self, state: int, stairs: Stairs, cost: float, day: Day, found: States) -> None:
        self.steps += 1
        options = [(stairs.values[-1] - cost, stairs.labels[-1])]
        at = bisect_right(stairs.ends, day.lunch.latest + SLACK) if day.lunch and not state & ATE else 0
        if day.lunch and at:
            options.append((stairs.values[at - 1] - cost + day.lunch.worth, stairs.labels[at - 1]))
        best, new = max(options), state & ~ATE
        if new not in found or found[new][0] < best[0]:
            found[new] = best

    def _label(self, value: float, before: int, entry: tuple[int, Node] | None = None) -> int:
        self._values.append(value)
        self._before.append(before)
        self._nodes.append(entry)
        return len(self._values) - 1


def _cost(day: Day, origin: Place | None, target: Place | None, walk: float) -> float:
    """What a walk costs: nothing within a venue, or where a place is not known."""
    if origin is None or target is None or origin.venue == target.venue:
        return 0.0
    return day.wishes.move + day.wishes.minute * walk


def _pruned(states: States) -> States:
    """The states without those for which another one has attended fewer of the remembered talks for no less value."""
    if len(states) < 2:  # noqa: PLR2004 — one state has no rival
        return states
    return {
        state: pair
        for state, pair in states.items()
        if not any(_is_better(other, rival, state, pair) for other, rival in states.items() if other != state)
    }


def _is_better(other: int, rival: tuple[float, int], state: int, pair: tuple[float, int]) -> bool:
    return other & ~state == 0 and (other ^ state) & ATE == 0 and rival[0] >= pair[0]


def taken_twice(path: Path) -> Mapping[str, Sequence[Candidate]]:
    """Return the talks of which a path has several sittings, with those."""
    by_talk: dict[str, list[Candidate]] = defaultdict(list)
    for day in path.days:
        for each in day:
            by_talk[each.session.talk].append(each)
    return {talk: sittings for talk, sittings in by_talk.items() if len(sittings) > 1}
