"""Who looks after which lane: the same on every store, whose own clock decides."""

import asyncio

from bot.app.ports import Lease, Store


async def hold(store: Store, owner: str, *names: str, seconds: float = 60, status: str = "") -> set[str]:
    async with store.write_transaction() as work:
        return set(await work.leases.hold(dict.fromkeys(names, status), owner, seconds))


async def held(store: Store) -> list[Lease]:
    async with store.read_transaction() as work:
        return list(await work.leases.all())


async def test_a_lane_has_one_owner_at_a_time(store: Store) -> None:
    assert await hold(store, "a", "discord", "slack:T1") == {"discord", "slack:T1"}
    assert await hold(store, "b", "discord", "slack:T2") == {"slack:T2"}
    assert await hold(store, "a", "discord", status="rests") == {"discord"}
    assert await held(store) == [Lease("discord", "a", "rests"), Lease("slack:T1", "a"), Lease("slack:T2", "b")]
    assert await hold(store, "a") == set()


async def test_a_lease_that_is_over_is_anybodys(store: Store) -> None:
    await hold(store, "a", "discord", seconds=0)
    assert await held(store) == []
    assert await hold(store, "b", "discord") == {"discord"}
    assert await hold(store, "a", "discord") == set()


async def test_who_neither_renews_nor_gives_back_is_missed_by_others(store: Store) -> None:
    await hold(store, "a", "discord", "slack:T1", seconds=0)
    await hold(store, "a", "slack:T2")
    async with store.write_transaction() as work:
        await work.leases.give_back({"slack:T1"}, "a")
        assert set(await work.leases.lapsed("b")) == {"discord"}
        assert set(await work.leases.lapsed("a")) == set()
    await hold(store, "b", "discord")
    async with store.read_transaction() as work:
        assert set(await work.leases.lapsed("a")) == set()


async def test_what_seems_to_last_for_ever_was_written_by_a_clock_that_was_set_back(store: Store) -> None:
    await hold(store, "a", "discord", seconds=86_400)
    mine = await hold(store, "b", "discord")
    assert mine in ({"discord"}, set()), "the memory store goes by a clock that nobody sets"


async def test_what_is_given_back_is_free_at_once_and_nobody_gives_back_for_others(store: Store) -> None:
    await hold(store, "a", "discord")
    async with store.write_transaction() as work:
        await work.leases.give_back({"discord"}, "b")
    assert await hold(store, "b", "discord") == set()
    async with store.write_transaction() as work:
        await work.leases.give_back({"discord", "slack:T1"}, "a")
    assert await hold(store, "b", "discord") == {"discord"}


async def test_of_many_who_ask_at_once_one_gets_it(store: Store) -> None:
    names = ("discord", "slack:T1", "slack:T2")
    got = await asyncio.gather(*(hold(store, f"owner{number}", *names) for number in range(8)))
    assert sorted(name for taken in got for name in taken) == sorted(names)
