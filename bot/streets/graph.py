"""The graph of streets: junctions and doors, and the links between them."""

from collections import Counter, defaultdict, deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import NamedTuple

from bot.domain.errors import HallwayError
from bot.streets.geometry import Point, metres
from bot.streets.tags import INSIDE, STEPS

MOST_POINTS = 2_000_000
"""Points of all streets: a city of some millions. Each takes about 300 bytes."""

FEW = 3


class Link(NamedTuple):
    """A way from one junction to another: along nodes between both, or made of two other links."""

    target: int
    metres: float
    outdoor: float
    has_steps: bool
    between: Sequence[int] = ()
    parts: "tuple[Link, Link] | None" = None

    def nodes(self) -> list[int]:
        """Return the nodes behind the start, up to the target."""
        numbers: list[int] = []
        todo = [self]
        while todo:
            link = todo.pop()
            if link.parts:
                todo += reversed(link.parts)
            else:
                numbers += (*link.between, link.target)
        return numbers

    def then(self, other: "Link") -> "Link":
        """Return the way along this link, and then along one that begins at its target."""
        return Link(
            other.target,
            self.metres + other.metres,
            self.outdoor + other.outdoor,
            self.has_steps or other.has_steps,
            parts=(self, other),
        )


Graph = Mapping[int, Mapping[int, Link]]
"""For each junction its neighbours, and the shortest link to each."""


class Street(NamedTuple):
    """A street along its nodes, with its flags."""

    nodes: list[int]
    flags: int


@dataclass(slots=True)
class Streets:
    """All streets that were read, and the positions of their nodes."""

    points: dict[int, Point] = field(default_factory=dict)
    streets: list[Street] = field(default_factory=list)
    _count: int = 0

    def add(self, nodes: list[int], flags: int) -> None:
        """Add a street along nodes of `points`."""
        self._count += len(nodes)
        if self._count > MOST_POINTS:
            raise HallwayError("This extract has too many streets: cut it first with `hallway route cut`.")
        if len(nodes) > 1:
            self.streets.append(Street(nodes, flags))

    def junctions(self) -> set[int]:
        """Return the nodes where streets meet or end."""
        uses = Counter(node for street in self.streets for node in street.nodes)
        junctions = {node for node, count in uses.items() if count > 1}
        for street in self.streets:
            junctions.update((street.nodes[0], street.nodes[-1]))
        return junctions

    def largest_part(self, junctions: set[int]) -> list[int]:
        """Return the indices of the streets of the largest part in which everything is connected."""
        parents: dict[int, int] = {}

        def top(node: int) -> int:
            while (parent := parents.setdefault(node, node)) != node:
                parents[node] = node = parents[parent]
            return node

        for street in self.streets:
            first = top(street.nodes[0])
            for node in street.nodes:
                if node in junctions and (other := top(node)) != first:
                    parents[other] = first
        parts: defaultdict[int, list[int]] = defaultdict(list)
        sizes: Counter[int] = Counter()
        for index, street in enumerate(self.streets):
            part = top(street.nodes[0])
            parts[part].append(index)
            sizes[part] += len(street.nodes)
        return parts[max(sizes, key=lambda part: (sizes[part], -part))] if sizes else []

    def insert(self, places: Mapping[int, Iterable[tuple[int, float, int]]]) -> None:
        """Insert nodes into streets.

        Args:
            places: for the index of a street, the insertions: after which of its nodes, at which share of the line to
                the next one, and the new node.
        """
        for index, inserted in places.items():
            nodes = self.streets[index].nodes
            for behind, _, node in sorted(inserted, reverse=True):
                nodes.insert(behind + 1, node)

    def graphs(self, doors: Iterable[int]) -> tuple[Graph, Graph]:
        """Return the graph of all streets and the one without steps, both reduced to doors and needed junctions."""
        door_nodes = frozenset(doors)
        # A door may be in the middle of a street.
        junctions = self.junctions() | door_nodes
        everything: dict[int, dict[int, Link]] = {node: {} for node in junctions}
        step_free: dict[int, dict[int, Link]] = {node: {} for node in junctions}
        for street in self.streets:
            has_steps, is_inside = bool(street.flags & STEPS), bool(street.flags & INSIDE)
            for length, nodes in self._parts(street.nodes, junctions):
                outdoor, between = 0.0 if is_inside else length, nodes[1:-1]
                there = Link(nodes[-1], length, outdoor, has_steps, between)
                back = Link(nodes[0], length, outdoor, has_steps, between[::-1])
                for graph in (everything,) if has_steps else (everything, step_free):
                    _connect(graph, there, back)
        return _reduced(everything, door_nodes), _reduced(step_free, door_nodes)

    def _parts(self, nodes: list[int], junctions: set[int]) -> Iterator[tuple[float, list[int]]]:
        """The parts of a street between junctions, each with its metres."""
        part, length, before = [nodes[0]], 0.0, self.points[nodes[0]]
        for node in nodes[1:]:
            point = self.points[node]
            length += metres(before, point)
            part.append(node)
            before = point
            if node in junctions:
                yield length, part
                part, length = [node], 0.0


def _connect(graph: dict[int, dict[int, Link]], there: Link, back: Link) -> None:
    """Connect two junctions unless they have a shorter link; a way that ends where it starts is left out."""
    existing = graph[back.target].get(there.target)
    if there.target != back.target and (existing is None or there.metres < existing.metres):
        graph[back.target][there.target] = there
        graph[there.target][back.target] = back


def _reduced(graph: dict[int, dict[int, Link]], doors: Collection[int]) -> Graph:
    """Take out junctions that are no doors and connect their neighbours instead: all distances stay as they are.

    A junction with at most `FEW` neighbours leaves no more links than it had, so the graph gets smaller and smaller.
    """
    todo = deque(node for node in graph if node not in doors)
    while todo:
        node = todo.popleft()
        links = graph.get(node)
        if links is None or len(links) > FEW:
            continue
        del graph[node]
        arriving = {neighbour: graph[neighbour].pop(node) for neighbour in links}
        for first, second in combinations(links, 2):
            _connect(graph, arriving[first].then(links[second]), arriving[second].then(links[first]))
        todo += (neighbour for neighbour in links if neighbour not in doors)
    return graph
