"""Several `hallway run` on one PostgreSQL: one has the token, the other stands by, and takes over from who dies."""

import asyncio
import json
import time
from asyncio.subprocess import PIPE, Process
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.storage.unit_of_work import SqlStore
from migrations import run as migrations
from tests.builders import at, nudge
from tests.e2e.hallway import Hallway, stopped
from tests.e2e.test_discord import LATE, settings
from tests.e2e.test_main_job import SCHEDULE, VENUES
from tests.fake_servers.discord import DiscordPeer, Person, discord_peer
from tests.stores import new_database
from tests.support.forked import script, start

pytestmark = pytest.mark.slow
PROMISED, GENEROUS = 15, 60
"""Seconds until somebody takes over: what is promised, and what a busy machine is given here."""
CLAIMS, CLAIMERS = 2_000, 4
# Claims batches until nothing is left, and prints the ids.
CLAIMER = """
import asyncio, sys
from bot.app.ports import DeliveryFilter
from bot.storage.unit_of_work import SqlStore
from tests.builders import at

async def main():
    store = SqlStore.at(sys.argv[1])
    while True:
        async with store.write_transaction() as work:
            taken = await work.deliveries.claim([DeliveryFilter("console")], at(9), at(9, 2), 50)
        if not taken:
            break
        print("\\n".join(str(each.id) for each in taken), flush=True)
    await store.close()

asyncio.run(main())
"""


@pytest.fixture
async def url(postgresql: str) -> AsyncIterator[str]:
    async with new_database(postgresql) as made:
        yield made


@pytest.fixture
async def peer() -> AsyncIterator[DiscordPeer]:
    async with discord_peer() as made:
        yield made


@asynccontextmanager
async def running(hallway: Hallway, peer: DiscordPeer, url: str) -> AsyncIterator[Process]:
    """A process that serves."""
    process = await hallway.start("run", "--at", LATE, settings=settings(peer, HALLWAY_DATABASE_URL=url))
    assert process.stderr
    async with asyncio.timeout(180):
        while json.loads(await process.stderr.readline())["event"] != "serving":
            pass
    read_transaction = asyncio.create_task(process.stderr.read())
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
        await read_transaction


async def test_the_other_takes_over_from_who_dies_and_nothing_comes_twice(
    hallway: Hallway, peer: DiscordPeer, url: str
) -> None:
    (hallway.home / "schedule.csv").write_text(SCHEDULE)
    (hallway.home / "venues.csv").write_text(VENUES)
    arguments = ("schedule.csv", "--conference", "tiny", "--zone", "America/Los_Angeles", "--venues", "venues.csv")
    done = await asyncio.to_thread(hallway.run, "import", *arguments, HALLWAY_DATABASE_URL=url)
    assert done.returncode == 0, done.stderr
    ada, bob = Person(peer), Person(peer, id=32, name="bob")
    async with running(hallway, peer, url) as first:
        await peer.until(lambda: len(peer.identified) == 1, 180)
        async with running(hallway, peer, url) as second:
            await ada.type("hotel", venue="Wynn")
            await ada.type("nudges", switch="off")
            await ada.type("attend", code="ARC1")
            await ada.type("nudges", switch="on")
            await peer.until(lambda: [message.channel for message in peer.messages] == ["731"], 180)
            assert len(peer.identified) == 1, "the other stands by"
            begins = time.monotonic()
            first.kill()
            await peer.until(lambda: len(peer.identified) == 2 and bool(peer.sockets), GENEROUS)
            assert time.monotonic() - begins < GENEROUS, f"{PROMISED} s are promised"
            await bob.type("hotel", venue="Wynn")
            await bob.type("nudges", switch="off")
            await bob.type("attend", code="ARC1")
            await bob.type("nudges", switch="on")
            await peer.until(lambda: len(peer.messages) == 2, 180)
            await stopped(second)
    assert [message.channel for message in peer.messages] == ["731", "732"]
    store = SqlStore.at(url)
    async with store.read_transaction() as work:
        assert await work.leases.all() == [], "who stops gives everything back"
    await store.close()


async def test_each_claim_goes_to_one_of_four_processes(url: str, tmp_path: Path) -> None:
    await migrations.upgrade(url)
    store = SqlStore.at(url)
    async with store.write_transaction() as work:
        attendee = await work.people.join("console", "club", "ada")
        owed = [(attendee.community, nudge(attendee.id, f"s{number}", at(9))) for number in range(CLAIMS)]
        await work.deliveries.add(owed, at(8))
    claimers = [await start(script, CLAIMER, (url,), stdout=PIPE) for _ in range(CLAIMERS)]
    outputs = [(await process.communicate())[0].split() for process in claimers]
    counted = Counter(id_ for ids in outputs for id_ in ids)
    assert len(counted) == CLAIMS
    assert set(counted.values()) == {1}
    await store.close()
