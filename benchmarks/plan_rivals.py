"""Exact solvers of the same day, over all pairs of sessions: HiGHS and, where it is installed, CP-SAT."""

import time
from collections.abc import Iterator
from datetime import timedelta
from importlib.util import find_spec
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp  # type: ignore[import-untyped]  # it has no types
from scipy.sparse import coo_matrix  # type: ignore[import-untyped]  # as above

from bot.domain.planning.candidate import Candidate
from bot.domain.planning.problem import DayToPlan
from bot.domain.planning.wishes import Walks

LIMIT = 120
"""Seconds after which a solver gives up; then its time is what it has taken so far."""
MINUTE = timedelta(minutes=1)
THOUSANDTHS = 1_000
Arc = tuple[int, int, float, int]
"""Tail, head, gain, and the number of the talk that is attended at the tail (-1 for none)."""


def arcs_of(day: DayToPlan, walks: Walks) -> tuple[int, list[Arc]]:
    """The arcs between the start 0, the end 1 and two nodes a session, before and after lunch; and how many nodes."""
    talks = {
        talk: number for number, talk in enumerate(sorted({candidate.session.talk for candidate in day.candidates}))
    }
    arcs: list[Arc] = []
    lunch = day.wishes.lunch
    assert lunch
    arcs.append((0, 1, lunch.worth, -1))
    for number, candidate in enumerate(day.candidates):
        door = candidate.session.starts_at - candidate.early * MINUTE
        eats_before = lunch.opens + lunch.length <= min(door, lunch.closes)
        eats_after = candidate.session.ends_at + lunch.length <= lunch.closes
        talk = talks[candidate.session.talk]
        arcs.append((0, node(number, ate=False), 0, -1))
        if eats_before:
            arcs.append((0, node(number, ate=True), lunch.worth, -1))
        arcs.append((node(number, ate=True), 1, candidate.worth, talk))
        arcs.append((node(number, ate=False), 1, candidate.worth + (lunch.worth if eats_after else 0), talk))
        for later, other in enumerate(day.candidates):
            for before, after, gain in _onward(candidate, other, day, walks):
                arcs.append((node(number, ate=before), node(later, ate=after), candidate.worth + gain, talk))
    return 2 + 2 * len(day.candidates), arcs


def node(number: int, *, ate: bool) -> int:
    """The node of a session."""
    return 2 + 2 * number + ate


def _onward(candidate: Candidate, other: Candidate, day: DayToPlan, walks: Walks) -> Iterator[tuple[bool, bool, float]]:
    """How one gets from a session to another: (had lunch, has had lunch, the gain)."""
    session, following, wishes = candidate.session, other.session, day.wishes
    lunch = wishes.lunch
    if following.starts_at < session.ends_at or session is following or lunch is None:
        return
    walk = walks.minutes(session.place, following.place, following.starts_at) * MINUTE
    cost = (
        wishes.move + wishes.minute * (walk / MINUTE)
        if session.venue and following.venue and session.venue != following.venue
        else 0
    )
    if walks.can_follow(other, candidate, session.place, session.ends_at):
        yield False, False, -cost
        yield True, True, -cost
    door = following.starts_at - (other.early if following.place else 0) * MINUTE
    here = max(session.ends_at, lunch.opens) + lunch.length
    there = max(session.ends_at + walk, lunch.opens) + lunch.length
    if (here <= lunch.closes and here + walk <= door) or (there <= lunch.closes and there <= door):
        yield False, True, lunch.worth - cost


def by_highs(count: int, arcs: list[Arc]) -> tuple[float, float]:
    """The value that HiGHS finds, and the processor time that it takes."""
    tails, heads, gains, talks = zip(*arcs, strict=True)
    number = len(arcs)
    flow = coo_matrix(([1] * number + [-1] * number, (tails + heads, [*range(number)] * 2)), (count, number))
    sums = np.zeros(count)
    sums[:2] = (1, -1)
    pairs = [(talk, arc) for arc, talk in enumerate(talks) if talk >= 0]
    once = coo_matrix(([1] * len(pairs), tuple(zip(*pairs, strict=True))), (max(talks) + 1, number))
    begins = time.process_time()
    solved = milp(
        -np.array(gains),
        integrality=np.ones(number),
        bounds=Bounds(0, 1),
        constraints=[LinearConstraint(flow.tocsr(), sums, sums), LinearConstraint(once.tocsr(), -np.inf, 1)],
        options={"time_limit": LIMIT, "mip_rel_gap": 0},
    )
    seconds = time.process_time() - begins
    return (-float(solved.fun) if solved.x is not None else float("-inf")), seconds


def has_cp_sat() -> bool:
    """Whether CP-SAT (OR-Tools) is installed; Hallway does not need it."""
    return find_spec("ortools") is not None


def by_cp_sat(count: int, arcs: list[Arc]) -> tuple[float, float]:
    """The value that CP-SAT finds with one circuit, and the processor time that it takes."""
    from ortools.sat.python import cp_model  # type: ignore[import-not-found]  # noqa: PLC0415 — only where installed

    model: Any = cp_model.CpModel()
    arc_chosen = [model.new_bool_var(str(number)) for number in range(len(arcs))]
    circuit = [(tail, head, var) for (tail, head, _, _), var in zip(arcs, arc_chosen, strict=True)]
    circuit.append((1, 0, model.new_constant(1)))
    circuit += [(place, place, model.new_bool_var(f"skip {place}")) for place in range(2, count)]
    model.add_circuit(circuit)
    for talk in {talk for *_, talk in arcs if talk >= 0}:
        model.add_at_most_one(var for (*_, arc_talk), var in zip(arcs, arc_chosen, strict=True) if arc_talk == talk)
    gains = (round(gain * THOUSANDTHS) * var for (_, _, gain, _), var in zip(arcs, arc_chosen, strict=True))
    model.maximize(sum(gains))
    solver: Any = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds, solver.parameters.num_workers = LIMIT, 2
    begins = time.process_time()
    solver.solve(model)
    return solver.objective_value / THOUSANDTHS, time.process_time() - begins
