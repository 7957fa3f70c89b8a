"""The shortest ways from some doors to others: A* with a heap."""

import heapq
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from bot.streets.geometry import METRES_PER_DEGREE, Point
from bot.streets.graph import Graph

SAFETY = 0.999
"""The distance that is left is never estimated too long, also where the plane differs from the earth."""
POLE, REGION = 90, 0.5
"""Degrees. No way makes a detour of half a degree."""


@dataclass(frozen=True, slots=True)
class StreetPath:
    """A way from the first to the last of `nodes`: metres, metres outside, and whether it has steps."""

    nodes: tuple[int, ...]
    metres: float
    outdoor: float
    has_steps: bool


@dataclass(frozen=True, slots=True)
class Network:
    """A graph whose junctions are numbered from 0, which makes a search twice as fast.

    Attributes:
        graph: the links by the numbers of the map.
        points: where the junctions are, by the numbers of the map.
        numbers: the number of the map of each junction.
        indices: the reverse.
        neighbours: for each junction its neighbours and the metres to them.
    """

    graph: Graph
    points: Mapping[int, Point]
    numbers: list[int]
    indices: dict[int, int]
    neighbours: list[list[tuple[int, float]]]

    @classmethod
    def of(cls, graph: Graph, points: Mapping[int, Point]) -> "Network":
        """Number the junctions of a graph."""
        numbers = list(graph)
        indices = {number: index for index, number in enumerate(numbers)}
        neighbours = [[(indices[to], link.metres) for to, link in graph[number].items()] for number in numbers]
        return cls(graph, points, numbers, indices, neighbours)

    def shortest(self, starts: Iterable[int], goals: Mapping[int, str]) -> dict[str, StreetPath]:
        """Return the shortest way from the nearest of `starts` to the nearest door of each venue.

        Args:
            starts: doors to start from.
            goals: doors, and the venue that each belongs to.
        """
        missing, paths = set(goals.values()), dict[str, StreetPath]()
        if not missing:
            return paths
        ends = {self.indices[number]: venue for number, venue in goals.items()}
        distance_left = _distance_to([self.points[number] for number in goals])
        numbers, points, neighbours, push = self.numbers, self.points, self.neighbours, heapq.heappush
        best = [math.inf] * len(numbers)
        previous = [-1] * len(numbers)
        estimated: list[float | None] = [None] * len(numbers)
        heap = []
        for number in starts:
            best[self.indices[number]] = 0.0
            heap.append((distance_left(points[number]), 0.0, self.indices[number]))
        heapq.heapify(heap)
        while heap and missing:
            _, walked, node = heapq.heappop(heap)
            if walked > best[node]:
                continue
            if node in ends and ends[node] in missing:
                paths[ends[node]] = self._path(node, previous)
                missing.discard(ends[node])
            for neighbour, metres in neighbours[node]:
                length = walked + metres
                if length < best[neighbour]:
                    best[neighbour], previous[neighbour] = length, node
                    rest = estimated[neighbour]
                    if rest is None:
                        rest = estimated[neighbour] = distance_left(points[numbers[neighbour]])
                    push(heap, (length + rest, length, neighbour))
        return paths

    def _path(self, end: int, previous: list[int]) -> StreetPath:
        trail = [end]
        while (before := previous[trail[-1]]) >= 0:
            trail.append(before)
        stops = [self.numbers[index] for index in reversed(trail)]
        links = [self.graph[start][other] for start, other in pairwise(stops)]
        return StreetPath(
            (stops[0], *(node for link in links for node in link.nodes())),
            sum(link.metres for link in links),
            sum(link.outdoor for link in links),
            any(link.has_steps for link in links),
        )


def _distance_to(goals: Iterable[Point]) -> Callable[[Point], float]:
    """Return the function that gives the least metres from a point to the box around all goals."""
    lats, lons = zip(*goals, strict=True)
    south, north, west, east = min(lats), max(lats), min(lons), max(lons)
    high = METRES_PER_DEGREE * SAFETY
    # One scale for all points, the smallest of the region: then no way is estimated longer than it is.
    wide = high * math.cos(math.radians(min(POLE, max(abs(south), abs(north)) + REGION)))

    def distance(point: Point) -> float:
        lat, lon = point
        up = south - lat if lat < south else lat - north if lat > north else 0.0
        across = west - lon if lon < west else lon - east if lon > east else 0.0
        return math.hypot(up * high, across * wide) if up or across else 0.0

    return distance
