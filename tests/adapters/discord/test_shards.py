"""Connections to the gateway, shared among processes: each connects what is its own, and nothing else."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace

import pytest

from adapters.discord import ConnectionSettings, DiscordPlatform
from adapters.discord.shards import Shards, shard_names, shards_named
from bot.app.access.communities import CommunityService
from bot.app.delivery.leases import LEASE_SECONDS, LeaseManager
from bot.app.ports import Commits, Store, UnitOfWork
from bot.domain.errors import StoreError
from tests.fake_servers.discord import DiscordPeer, Person
from tests.fakes.app_harness import AppHarness
from tests.fakes.memory_store import MemoryStore


def test_a_server_is_heard_of_on_one_connection() -> None:
    assert shard_names(3) == ["discord", "discord/1", "discord/2"]
    assert shards_named({"discord/2", "discord"}, 3) == Shards((0, 2), 3)
    server = 5 << 22
    assert [Shards((number,), 3).receives(str(server)) for number in range(3)] == [False, False, True]
    assert Shards((0,), 3).receives("alone-31")
    assert Shards().receives(str(server))


@asynccontextmanager
async def keeping(leases: LeaseManager, app: AppHarness) -> AsyncIterator[None]:
    task = asyncio.create_task(leases.keep(app.store))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def test_only_what_is_ours_is_connected_and_what_becomes_ours_is_too(
    peer: DiscordPeer, line: ConnectionSettings, app: AppHarness
) -> None:
    peer.shards = 2
    other, ours = LeaseManager("other", ["discord"]), LeaseManager("ours", ["discord"])
    other.want(["discord"])
    await other.renew(app.store)
    platform = DiscordPlatform(line, first_pause=0.01, patience=30, leases=ours)
    hosting = CommunityService(app.store, app.clock, app.dispatch.schedules, lambda: None)
    async with keeping(ours, app), platform.serving(app.dispatch, hosting, app.store):
        await peer.until(lambda: len(peer.identified) == 1, 60)
        assert [payload["shard"] for payload in peer.identified] == [[1, 2]]
        await other.leave(app.store)
        await ours.renew(app.store)
        await peer.until(lambda: len(peer.identified) == 3, 60)
        assert sorted(payload["shard"] for payload in peer.identified[1:]) == [[0, 2], [1, 2]]


async def test_who_has_nothing_stands_by_and_is_no_less_ready(
    peer: DiscordPeer, line: ConnectionSettings, app: AppHarness
) -> None:
    other, ours = LeaseManager("other", ["discord"]), LeaseManager("ours", ["discord"])
    other.want(["discord"])
    await other.renew(app.store)
    platform = DiscordPlatform(replace(line), first_pause=0.01, patience=30, leases=ours)
    hosting = CommunityService(app.store, app.clock, app.dispatch.schedules, lambda: None)
    async with keeping(ours, app), platform.serving(app.dispatch, hosting, app.store):
        async with asyncio.timeout(60):
            while not platform.connected:  # noqa: ASYNC110 — nobody tells of it
                await asyncio.sleep(0.01)
        assert peer.identified == []
        assert platform.messenger.client() is None


@dataclass
class Outage:
    """A store that can be out of reach."""

    store: Store
    is_down: bool = False
    commits: Commits = field(default_factory=Commits)

    @asynccontextmanager
    async def read_transaction(self) -> AsyncIterator[UnitOfWork]:
        if self.is_down:
            raise StoreError("The database db.example cannot be used.", "there is no connection to it")
        async with self.store.read_transaction() as work:
            yield work

    @asynccontextmanager
    async def write_transaction(self) -> AsyncIterator[UnitOfWork]:
        if self.is_down:
            raise StoreError("The database db.example cannot be used.", "there is no connection to it")
        async with self.store.write_transaction() as work:
            yield work


TRY_AGAIN = "Hallway cannot reach its data at this moment: try again in a minute."


@pytest.mark.parametrize("drops", [False, True])
async def test_while_the_database_is_out_of_reach_people_are_told_to_try_again_also_on_a_new_connection(
    peer: DiscordPeer,
    line: ConnectionSettings,
    drops: bool,
) -> None:
    outage = Outage(MemoryStore())
    app = await AppHarness(outage).publish()
    time = [0.0]
    leases = LeaseManager("ours", ["discord"], lambda: time[0], renewal_seconds=0.05)
    platform = DiscordPlatform(line, first_pause=0.01, patience=30, leases=leases)
    hosting = CommunityService(app.store, app.clock, app.dispatch.schedules, lambda: None)
    async with keeping(leases, app), platform.serving(app.dispatch, hosting, app.store):
        await peer.until(lambda: bool(peer.sockets))
        await until(lambda: platform.connected)
        ada = Person(peer)
        assert (await ada.type("attend", code="ARC301")).body["data"].get("content") != TRY_AGAIN
        outage.is_down = True
        time[0] += LEASE_SECONDS
        assert not leases.owns("discord")
        if drops:
            for socket in list(peer.sockets):
                await socket.close(code=4000)
            await peer.until(lambda: bool(peer.sockets), 60)
            await until(lambda: platform.connected)
        assert (await ada.type("skip", code="ARC301")).body["data"]["content"] == TRY_AGAIN
        assert platform.connected
        outage.is_down = False
        await until(lambda: leases.owns("discord"))
        assert (await ada.type("skip", code="ARC301")).body["data"].get("content") != TRY_AGAIN
    assert drops or len(peer.identified) == 1


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not holds():  # noqa: ASYNC110 — nobody tells of it
            await asyncio.sleep(0.01)
