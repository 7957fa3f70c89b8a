"""`kill -9` between every two steps of a delivery: nothing is lost, and on Discord nothing comes twice."""

import asyncio
import signal
from collections import Counter
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.app.ports import DeliveryState
from bot.domain.attendee.attendee import Reach
from bot.domain.attendee.departure import Departure, Origin
from bot.storage.unit_of_work import SqlStore
from tests import crash_points
from tests.builders import SEC, at, nudge, schedule
from tests.crash_points import POINTS
from tests.fake_servers.discord import GUILD, DiscordPeer, discord_peer
from tests.stores import migrate, migrated_database
from tests.support.forked import exit_code

pytestmark = pytest.mark.slow
PEOPLE = 30
DUE = at(10, 12)
AFTER_THE_LEASE = timedelta(seconds=95)


@pytest.fixture
async def peer() -> AsyncIterator[DiscordPeer]:
    async with discord_peer() as made:
        yield made


@pytest.fixture(params=["sqlite", "postgresql"])
async def url(request: pytest.FixtureRequest, tmp_path: Path, postgresql: str) -> AsyncIterator[str]:
    if request.param == "sqlite":
        made = f"sqlite:///{tmp_path / 'hallway.db'}"
        await migrate(made)
        await filled(made)
        yield made
    else:
        async with migrated_database(postgresql) as made:
            await filled(made)
            yield made


async def filled(url: str) -> None:
    """Thirty people are owed a nudge at 10:12."""
    store = SqlStore.at(url)
    departure = Departure(at(10, 22), 18, 18, Origin.UNKNOWN)
    async with store.write_transaction() as work:
        await work.conferences.save(schedule())
        for number in range(PEOPLE):
            known = await work.people.join("discord", str(GUILD), str(1000 + number))
            await work.people.save_reach({known.id: Reach(f"7{1000 + number}")})
            owed = nudge(known.id, SEC.id, DUE, expires_at=SEC.starts_at, facts=departure.facts)
            await work.deliveries.add([(known.community, owed)], at(8))
    await store.close()


async def delivering(url: str, peer: DiscordPeer, point: str, moment: datetime) -> int:
    """Runs a process that may die; gives how it ended."""
    return await asyncio.to_thread(exit_code, crash_points.run, url, f"{peer.url}/api/v10", point, moment.isoformat())


async def states(url: str) -> Counter[tuple[DeliveryState, int]]:
    store = SqlStore.at(url)
    async with store.read_transaction() as work:
        people = await work.people.by_id(range(1, 10 * PEOPLE))
        found = [each for id_ in people for each in await work.deliveries.of_attendee(id_)]
    await store.close()
    return Counter((each.state, each.attempt) for each in found)


@pytest.mark.parametrize("point", POINTS)
async def test_nothing_is_lost_and_nothing_comes_twice(url: str, peer: DiscordPeer, point: str) -> None:
    assert await delivering(url, peer, point, DUE) == -signal.SIGKILL
    before = len(peer.messages)
    if point in POINTS[:2]:
        assert before == 0
    left = await states(url)
    if point == "before the claim commits":
        assert left == {(DeliveryState.OWED, 0): PEOPLE}
    else:
        assert left[DeliveryState.CLAIMED, 1] > 0
    # Nobody else touches what is claimed before its lease is over.
    assert await delivering(url, peer, "", DUE + timedelta(seconds=5)) == 0
    assert await delivering(url, peer, "", DUE + AFTER_THE_LEASE) == 0
    told = Counter(message.channel for message in peer.messages)
    assert told == {f"7{1000 + number}": 1 for number in range(PEOPLE)}
    assert {state for state, _ in await states(url)} == {DeliveryState.SENT}
    posts = Counter(each.body["nonce"] for each in peer.asked if each.path.endswith("/messages"))
    # What was in flight or not yet recorded was asked for again, under the same nonce; the rest never. How much that
    # is depends on the time that a record takes.
    assert sum(posts.values()) - PEOPLE <= left[DeliveryState.CLAIMED, 1]
