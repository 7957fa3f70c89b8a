"""Leases: each process has a fair share of the lanes, nothing that is not sure, and a dead one is missed."""

import asyncio
import math
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.app.delivery.leases import LATE_RECORDS, LEASE_SECONDS, RENEWAL_SECONDS, LeaseManager, platform_of
from bot.app.ports import Lease, UnitOfWork
from bot.domain.errors import StoreError
from tests.fakes.memory_store import MemoryStore

SHARDS = ("discord", "discord/1", "discord/2", "discord/3")


@dataclass
class SharedStore:
    """A store that several lease managers of one platform share."""

    store: MemoryStore = field(default_factory=MemoryStore)
    now: float = 0.0

    def leases(
        self, name: str, wanted: Sequence[str] = SHARDS, platforms: Sequence[str] = ("discord",)
    ) -> LeaseManager:
        made = LeaseManager(name, platforms, lambda: self.now)
        made.want(wanted)
        return made


async def test_the_first_takes_all_and_shares_when_another_comes() -> None:
    shared = SharedStore()
    one, two = shared.leases("one"), shared.leases("two")
    await one.renew(shared.store)
    assert one.owned(SHARDS) == set(SHARDS)
    await two.renew(shared.store)
    assert two.owned(SHARDS) == set()
    await one.renew(shared.store)
    await two.renew(shared.store)
    assert sorted(one.owned(SHARDS)) == ["discord", "discord/1"]
    assert sorted(two.owned(SHARDS)) == ["discord/2", "discord/3"]


async def test_a_single_lane_has_one_owner_and_the_other_stands_by() -> None:
    shared = SharedStore()
    one, two = shared.leases("one", ["discord"]), shared.leases("two", ["discord"])
    for _ in range(2):
        await one.renew(shared.store)
        await two.renew(shared.store)
    assert (one.owns("discord"), two.owns("discord")) == (True, False)
    await one.leave(shared.store)
    await two.renew(shared.store)
    assert (one.owns("discord"), two.owns("discord")) == (False, True)


async def test_platforms_are_shared_apart() -> None:
    shared = SharedStore()
    both = shared.leases("both", [*SHARDS[:2], "slack:T1"], ["discord", "slack"])
    slack = shared.leases("slack", ["slack:T1", "slack:T2"], ["slack"])
    for _ in range(3):
        await both.renew(shared.store)
        await slack.renew(shared.store)
    assert both.owned(SHARDS) == {"discord", "discord/1"}
    assert {name for name in ("slack:T1", "slack:T2") if both.owns(name)} == {"slack:T1"}
    assert slack.owns("slack:T2")
    assert [platform_of(name) for name in ("discord", "discord/1", "slack:T1")] == ["discord", "discord", "slack"]


@given(st.integers(1, 6), st.integers(1, 12))
async def test_everything_has_exactly_one_owner_once_everybody_has_looked(processes: int, lanes: int) -> None:
    shared, names = SharedStore(), [f"slack:T{number}" for number in range(lanes)]
    crowd = [shared.leases(f"k{number}", names, ["slack"]) for number in range(processes)]
    for _ in range(3):
        for leases in crowd:
            await leases.renew(shared.store)
    owned = [name for leases in crowd for name in leases.owned(names)]
    assert sorted(owned) == sorted(names)
    assert max(len(leases.owned(names)) for leases in crowd) <= -(-lanes // processes)


async def test_nothing_is_ours_that_could_not_be_renewed_in_time() -> None:
    shared = SharedStore()
    one = shared.leases("one", ["discord"])
    await one.renew(shared.store)
    shared.now = LEASE_SECONDS - 1.1
    assert one.owns("discord")
    shared.now = LEASE_SECONDS - 1
    assert not one.owns("discord")


async def test_it_keeps_renewing_says_what_changed_and_survives_the_store() -> None:
    shared = SharedStore()
    one = shared.leases("one", ["discord"])
    changes: list[bool] = []
    one.on_change = lambda: changes.append(one.owns("discord"))
    good, looked = shared.store, asyncio.Event()

    class Broken:
        def write_transaction(self) -> None:
            looked.set()
            raise StoreError("gone")

    keeping = asyncio.create_task(one.keep(good))
    assert await asyncio.wait_for(one.changed(["discord"], frozenset()), 60) == {"discord"}
    keeping.cancel()
    with suppress(asyncio.CancelledError):
        await keeping
    shared.now = LEASE_SECONDS
    lost = asyncio.create_task(one.changed(["discord"], frozenset({"discord"})))
    failing = asyncio.create_task(one.keep(Broken()))  # type: ignore[arg-type]  # a store that fails
    await looked.wait()
    while len(changes) < 2:  # noqa: ASYNC110 — nobody tells of it
        await asyncio.sleep(0)
    failing.cancel()
    assert changes == [True, False]
    assert one.granted(["discord"]) == {"discord"}, "nobody is known to have taken it over"
    good._data.leases["discord"] = (Lease("discord", "two", ""), math.inf)
    await one.renew(good)
    assert await asyncio.wait_for(lost, 60) == frozenset()


def test_who_is_killed_is_missed_within_a_quarter_of_a_minute() -> None:
    assert LEASE_SECONDS + RENEWAL_SECONDS < 15


@dataclass
class Dying:
    """A store on which the lease of whoever is `dead` is over."""

    shared: SharedStore
    dead: LeaseManager

    async def dies(self) -> None:
        leases = self.shared.store._data.leases
        for name, (lease, _) in list(leases.items()):
            if lease.owner == self.dead.owner:
                leases[name] = (lease, 0.0)


async def test_who_was_there_all_the_time_need_not_wait_for_what_a_dead_process_had_claimed() -> None:
    shared = SharedStore()
    one, two = shared.leases("one", ["discord"]), shared.leases("two", ["discord"])
    await one.renew(shared.store)
    for _ in range(4):
        await two.renew(shared.store)
        shared.now += RENEWAL_SECONDS
    await Dying(shared, one).dies()
    await two.renew(shared.store)
    assert two.owns("discord")
    assert (two.take_grace("discord"), two.take_grace("discord")) == (0.0, None), "told once"


async def test_who_was_not_leaves_a_process_that_may_be_alive_the_time_to_record() -> None:
    shared = SharedStore()
    one, back, new = (shared.leases(name, ["discord"]) for name in ("one", "back", "new"))
    await one.renew(shared.store)
    await back.renew(shared.store)
    for heir, owner in ((back, one), (new, back)):
        shared.now += 3 * RENEWAL_SECONDS
        await Dying(shared, owner).dies()
        await heir.renew(shared.store)
        assert heir.take_grace("discord") == LATE_RECORDS


async def test_what_is_given_back_was_nobodys_in_hand() -> None:
    shared = SharedStore()
    one, two = shared.leases("one", ["discord"]), shared.leases("two", ["discord"])
    await one.renew(shared.store)
    await one.leave(shared.store)
    await two.renew(shared.store)
    assert two.owns("discord")
    assert two.take_grace("discord") is None


@pytest.mark.parametrize("steps", range(6))
async def test_the_renewals_end_when_the_process_stops_at_the_moment_at_which_a_new_lane_is_wanted(steps: int) -> None:
    """`wait_for` lost the cancellation then, and SIGTERM was not obeyed."""
    manager = LeaseManager("one", ["discord"])
    renewing = asyncio.create_task(manager.keep(MemoryStore()))
    while not manager.owns("discord/1"):
        manager.want(["discord/1"])
        await asyncio.sleep(0)
    manager.want(["discord/2"])
    for _ in range(steps):
        await asyncio.sleep(0)
    renewing.cancel()
    assert await asyncio.wait({renewing}, timeout=60) == ({renewing}, set())


async def test_a_stop_at_the_moment_of_a_renewal_leaves_nothing_that_the_next_process_must_wait_for() -> None:
    """The next start was connected up to ten seconds later: the cut off renewal had committed, and nobody knew."""
    shared, commits, may_end = SharedStore(), asyncio.Event(), asyncio.Event()
    one = shared.leases("one", ["discord"])

    class Slow:
        @asynccontextmanager
        async def write_transaction(self) -> AsyncIterator[UnitOfWork]:
            async with shared.store.write_transaction() as work:
                yield work
            commits.set()
            await may_end.wait()

    keeping = asyncio.create_task(one.keep(Slow()))  # type: ignore[arg-type]  # all that it uses of a store
    await commits.wait()
    keeping.cancel()
    assert await asyncio.wait({keeping}, timeout=0.05) == (set(), {keeping})
    may_end.set()
    assert await asyncio.wait({keeping}, timeout=60) == ({keeping}, set())
    await one.leave(shared.store)
    assert shared.store._data.leases == {}
