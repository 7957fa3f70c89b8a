"""Broadcasts to crowds, each from one seed: everybody is told once or is on the report, and nobody twice.

One that breaks a promise is told by its seed, and lived again by the settings that it names and `pytest tests/simulation`.
"""

import hashlib
import os
from dataclasses import replace
from pathlib import Path

import pytest

from bot.app.delivery.sender import POSSIBLE_DUPLICATE
from bot.app.ports import POSSIBLY_SENT, DeliveryState
from tests.simulation.crowd import Crowd, Plan, lived
from tests.simulation.invariants import doubles
from tests.simulation.mistakes import MISTAKES
from tests.simulation.on_sqlite import lived_on_sqlite
from tests.simulation.paced_platform import ANNOUNCEMENT, CONSOLE, DISCORD, KINDS, SLACK, Kind
from tests.simulation.sizes import DAYS, SOAK

MANY = Plan(people=5_000 if SOAK else 1_200)
"""Of more people than are read at a time: the announcement goes on from where it stopped."""
FEW = Plan(people=300 if SOAK else 120, nudged=20)
SOME = Plan(people=400 if SOAK else 100, nudged=40 if SOAK else 20)
SEEDS = int(os.environ.get("HALLWAY_CROWD_SEEDS", "12" if SOAK else "2"))
MIDWAY = replace(FEW, people=300, midway=True)
"""Of so many that some still wait for their turn when it is recalled."""
CALM = replace(FEW, deaths=0, storms=0, pauses=0)
PLANS = {
    "calm": CALM,
    "alone": FEW,
    "recalled midway": MIDWAY,
    "two processes": replace(FEW, together=True),
    "two processes, recalled midway": replace(MIDWAY, together=True),
}
IN_DOUBT = {"console": 60, "discord": 15, "slack": 30}
"""What was in flight when somebody died, and 3 of 1,000 whose answer was lost."""
ON_SQLITE = [
    pytest.param(kind, midway, id=f"{'midway' if midway else 'out'}-{name}")
    for midway in (False, True)
    for name, kind in KINDS.items()
    if SOAK or kind is (DISCORD if midway else SLACK)
]
"""Platforms, and whether it is recalled while it goes out. The store knows of no platform: a few go through it."""
MOST_TRIED = 12
"""Broadcasts in which a planted mistake has to show."""


def seeds() -> list[int]:
    alone = os.environ.get("HALLWAY_CROWD_SEED")
    return [int(alone)] if alone is not None else list(range(1, 1 + SEEDS))


def told(crowd: Crowd) -> str:
    troubles = f"deaths {crowd.deaths}, pauses {crowd.paused}, {crowd.platform.spells}"
    again = f"HALLWAY_SIMULATION_DAYS={DAYS} HALLWAY_CROWD_SEED={crowd.seed} on {crowd.kind.name}"
    return "\n".join([again, *crowd.breaches[:20], troubles])


def digest(crowd: Crowd) -> str:
    """Of everything that was sent, and when, and of the report."""
    asks = [f"{each.at:.6f} {each.key}" for asks in crowd.platform.asks.values() for each in asks]
    rows = [f"{each.id} {each.state} {each.error}" for each in crowd.tale.after]
    return hashlib.blake2b("\n".join([*asks, *rows, *crowd.breaches]).encode()).hexdigest()


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_thousands_are_told_once_or_are_on_the_report(kind: Kind) -> None:
    crowd = lived(1, kind, MANY)
    assert not crowd.breaches, told(crowd)
    assert f"{MANY.people:,} direct messages" in crowd.tale.preview
    states = {state: sum(each.state is state for each in crowd.tale.before) for state in DeliveryState}
    refused = MANY.people * 3 // 100
    assert states[DeliveryState.REFUSED] == refused
    assert states[DeliveryState.SENT] + states[DeliveryState.UNCERTAIN] == MANY.people - refused
    stuck = crowd.platform.stuck - crowd.platform.closed
    left = [each for each in crowd.tale.after if each.state is DeliveryState.SENT]
    assert {crowd.users[each.nudge.attendee] for each in left} <= stuck
    assert (len(crowd.deaths), len(crowd.paused), len(crowd.platform.spells)) == (3, 1, 1)
    assert crowd.platform.stormed > 0
    told_to_leave = {each.key for each in crowd.nudges} & crowd.platform.posts.keys()
    open_ = [each for each in crowd.nudges if crowd.users[each.attendee] not in crowd.platform.closed]
    assert len(told_to_leave) == len(open_) > 180
    twice = doubles(crowd, ANNOUNCEMENT)
    # Where a platform remembers keys only what could not be repeated in time comes twice; each of them is marked.
    assert len(twice) <= IN_DOUBT[kind.name]
    marked = {
        each.nudge.key for each in crowd.tale.before if each.error.startswith((POSSIBLE_DUPLICATE, POSSIBLY_SENT))
    }
    assert twice.keys() <= marked


@pytest.mark.parametrize("plan", PLANS.values(), ids=PLANS)
@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_whatever_happens_when_everybody_is_told_once_or_is_on_the_report(kind: Kind, plan: Plan) -> None:
    for seed in seeds():
        crowd = lived(seed, kind, plan)
        assert not crowd.breaches, told(crowd)


@pytest.mark.parametrize("name", MISTAKES)
def test_a_planted_mistake_is_found(name: str) -> None:
    stages = ((SLACK, FEW), (DISCORD, FEW), (SLACK, CALM), (DISCORD, CALM))
    tried = (lived(seed, *stages[seed % 4], MISTAKES[name]) for seed in range(MOST_TRIED))
    found = next((each for each in tried if each.breaches), None)
    assert found is not None, f"{name} was not found in {MOST_TRIED} broadcasts"


@pytest.mark.parametrize("kind", [CONSOLE, SLACK], ids=["console", "slack"])
def test_the_same_seed_is_the_same_broadcast(kind: Kind) -> None:
    once, again = (digest(lived(2, kind, PLANS["two processes"])) for _ in range(2))
    assert once == again


def test_what_can_go_wrong_does() -> None:
    """Or nothing would be proven."""
    ends = set(DeliveryState) - {DeliveryState.OWED, DeliveryState.CLAIMED, DeliveryState.HELD, DeliveryState.DEAD}
    wanted = {*ends, "closed", "sent again after a doubt", "recalled before it was sent", "not recalled"}
    for seed in range(1, 7):
        rows = lived(seed, SLACK, MIDWAY).tale.after
        states = {each.state for each in rows}
        assert states <= ends
        wanted -= states | {each.error.partition(":")[0] for each in rows}
        if not wanted:
            return
    assert wanted == set()


@pytest.mark.parametrize(("kind", "midway"), ON_SQLITE)
# Who is killed closes no connection.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_it_is_so_on_a_real_database_too(kind: Kind, midway: bool, tmp_path: Path) -> None:
    crowd = lived_on_sqlite(1, kind, replace(SOME, midway=midway), f"sqlite:///{tmp_path / 'crowd.db'}")
    assert not crowd.breaches, told(crowd)
    assert len(crowd.deaths) > 1
