"""A* on the reduced graph finds what the plain method finds on the streets themselves."""

import math
import random
from itertools import pairwise

import pytest

from bot.streets.geometry import metres
from bot.streets.graph import Streets
from bot.streets.search import Network
from bot.streets.tags import INSIDE, STEPS


def random_streets(seed: int) -> Streets:
    """Some sixty crossings, and streets between near ones, some of them with bends."""
    rng, streets = random.Random(seed), Streets()
    crossings = range(60)
    streets.points = {node: (60 + rng.random() / 100, 24 + rng.random() / 50) for node in range(500)}
    bends = iter(range(60, 500))
    for one in crossings:
        near = sorted(crossings, key=lambda other: metres(streets.points[one], streets.points[other]))
        for other in near[1 : rng.randint(2, 4)]:
            between = [next(bends) for _ in range(rng.randint(0, 2))]
            streets.add([one, *between, other], rng.choice((0, 0, 0, STEPS, INSIDE)))
    return streets


def plain_distances(streets: Streets, start: int, *, step_free: bool) -> dict[int, float]:
    """Bellman and Ford's method: every line, until nothing changes."""
    best = {start: 0.0}
    lines = [
        (one, other, metres(streets.points[one], streets.points[other]))
        for street in streets.streets
        if not (step_free and street.flags & STEPS)
        for one, other in pairwise(street.nodes)
    ]
    lines += [(other, one, length) for one, other, length in lines]
    changed = True
    while changed:
        changed = False
        for one, other, length in lines:
            if best.get(one, math.inf) + length < best.get(other, math.inf) - 1e-9:
                best[other], changed = best[one] + length, True
    return best


@pytest.mark.parametrize("seed", range(20))
def test_all_distances_are_those_of_the_plain_method(seed: int) -> None:
    streets = random_streets(seed)
    doors = [node for node in range(0, 60, 6) if node in streets.junctions()]
    for graph, step_free in zip(streets.graphs(doors), (False, True), strict=True):
        network = Network.of(graph, streets.points)
        for start in doors:
            plain = plain_distances(streets, start, step_free=step_free)
            goals = {door: f"venue {door}" for door in doors if door != start}
            found = network.shortest([start], goals)
            assert {goals[door]: pytest.approx(plain[door]) for door in goals if door in plain} == {
                venue: path.metres for venue, path in found.items()
            }
            for path in found.values():
                points = [streets.points[node] for node in path.nodes]
                along = sum(metres(one, other) for one, other in pairwise(points))
                assert along == pytest.approx(path.metres)
                assert path.outdoor <= path.metres + 1e-9
                assert not (step_free and path.has_steps)


@pytest.mark.parametrize("seed", range(5))
def test_of_several_doors_the_best_pair_is_taken(seed: int) -> None:
    streets = random_streets(seed)
    doors = sorted(node for node in streets.junctions() if node < 60)[:8]
    here, there = doors[:4], doors[4:]
    network = Network.of(streets.graphs(doors)[0], streets.points)
    found = network.shortest(here, dict.fromkeys(there, "hall"))
    pairs = [plain_distances(streets, one, step_free=False).get(other, math.inf) for one in here for other in there]
    assert [path.metres for path in found.values()] == ([pytest.approx(min(pairs))] if min(pairs) < math.inf else [])


def test_nothing_is_searched_without_goals() -> None:
    assert Network.of({}, {}).shortest([], {}) == {}
