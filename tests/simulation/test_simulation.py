"""Conference days by the thousand, each from one seed: what is promised holds on every one of them.

A day that breaks a promise is told by its seed, and lived again by `HALLWAY_SIMULATION_SEED=… pytest tests/simulation`.
`HALLWAY_SIMULATION_DAYS` says how many there are.
"""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.simulation.bugs import BUGS, SHOWN_ON
from tests.simulation.sizes import DAYS
from tests.simulation.world import World, day

ROOT = Path(__file__).parents[2]
SHARES = 16
"""So that both cores have something to do."""
MOST_TRIED = 120
"""Days in which a planted mistake has to show."""


def seeds_of(share: int) -> range:
    alone = os.environ.get("HALLWAY_SIMULATION_SEED")
    if alone is not None:
        return range(int(alone), int(alone) + (share == 0))
    return range(share, DAYS, SHARES)


def report(world: World) -> str:
    return "\n".join([f"HALLWAY_SIMULATION_SEED={world.seed}", *world.oracle.breaches, f"{world.troubles}"])


def digest(world: World) -> str:
    """Of everything that was asked of a platform, and when, and of where every delivery ended."""
    ends = sorted(
        (key, str(owed.delivery.state), owed.delivery.error) for key, owed in world.store._data.outbox.items()
    )
    return hashlib.blake2b("\n".join([*world.oracle.trace, *map(str, ends)]).encode()).hexdigest()


@pytest.mark.parametrize("share", range(SHARES))
def test_what_is_promised_holds_every_day(share: int) -> None:
    for seed in seeds_of(share):
        lived = day(seed)
        assert not lived.oracle.breaches, report(lived)


@pytest.mark.parametrize("name", BUGS)
def test_a_planted_mistake_is_found_and_its_day_replays(name: str) -> None:
    seeds = sorted(range(MOST_TRIED), key=lambda seed: seed != SHOWN_ON.get(name, 0))
    lived = next((lived for lived in (day(seed, BUGS[name]) for seed in seeds) if lived.oracle.breaches), None)
    assert lived is not None, f"{name} was not found in {MOST_TRIED} days"
    again = day(lived.seed, BUGS[name])
    assert (again.oracle.breaches, digest(again)) == (lived.oracle.breaches, digest(lived))


BUSY = 7
"""A day with a crowd, several processes, deaths and faults."""
REPLAY = f"from tests.simulation.test_simulation import day, digest; print(digest(day({BUSY})))"


@pytest.mark.parametrize("hash_seed", ["1", "2"])
def test_the_same_seed_is_the_same_day_in_any_process(hash_seed: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", REPLAY],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": hash_seed},
        timeout=300,
        check=True,
    )
    assert done.stdout.strip() == digest(day(BUSY))


def test_the_days_are_not_all_fair() -> None:
    """What could go wrong does go wrong on some of them, or nothing would be proven."""
    wanted = {"a death", "a clock that steps", "several processes", "a doubt"}
    wanted |= {"storm", "down", "broken", "slow"} | {"sent", "refused", "dead"}
    for seed in range(60):
        wanted -= happened(day(seed))
        if not wanted:
            return
    assert wanted == set()


def happened(lived: World) -> set[str]:
    owed = [row.delivery for row in lived.store._data.outbox.values()]
    signs = {
        "a death": lived.troubles.deaths,
        "a clock that steps": lived.troubles.clock_steps,
        "several processes": not lived.alone,
        "a doubt": any("doubt" in delivery.error for delivery in owed),
    }
    kinds, states = (spell.kind for spell in lived.troubles.weather.spells), (str(delivery.state) for delivery in owed)
    return {name for name, is_so in signs.items() if is_so} | {*kinds, *states}
