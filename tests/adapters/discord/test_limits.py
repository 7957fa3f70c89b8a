"""What Discord allows a token: obeyed before it is hit, and what it says of it heeded at once."""

import asyncio
import heapq
from bisect import bisect_left
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import discord
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.discord import ConnectionSettings
from adapters.discord.client import LONGEST_WAIT
from adapters.discord.limits import GUEST, MOST_REFUSALS, REFUSAL_SECONDS, TOKEN, WIRE, TokenLimits, buckets
from adapters.discord.messenger import LANE, DiscordMessenger
from bot.app.delivery.rate_limiter import RateLimiter
from bot.app.messages import Reply
from bot.app.ports import DeliveryFilter, RateLimitedError, TemporaryError
from bot.domain.attendee.attendee import Attendee, Community, Reach
from tests.fake_servers.discord import TOKEN as BOT
from tests.fake_servers.discord import DiscordPeer, Fault

ALLOWED = 50
GUEST_POSTS = int(GUEST.burst) + 2
MESSAGES = r"/channels/\d+/messages"
ADA = Attendee(1, Community(1, "discord", "100"), "31", reach=Reach("731"))


@dataclass(slots=True)
class Sluggish:
    """Time that passes only by sleeping, and each sleep takes a little longer than was asked for."""

    overshoots: Sequence[int]
    now: float = 0.0
    slept: int = 0

    def time(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds + self.overshoots[self.slept % len(self.overshoots)] / 1000
        self.slept += 1


async def starts(overshoots: Sequence[int], count: int) -> list[float]:
    track = Sluggish(overshoots)
    pacer = RateLimiter(track.time, track.sleep)
    begun = []
    for _ in range(count):
        await pacer.acquire(TOKEN)
        begun.append(track.now)
    return begun


@settings(max_examples=50)
@given(st.lists(st.integers(0, 60), min_size=1, max_size=40))
async def test_no_second_holds_more_than_fifty_however_late_a_turn_comes(overshoots: list[int]) -> None:
    begun = await starts(overshoots, 400)
    for first, last in zip(begun, begun[ALLOWED:], strict=False):
        assert last - first > 1


@settings(max_examples=50)
@given(st.lists(st.integers(0, 5), min_size=1, max_size=40))
async def test_nearly_all_that_is_allowed_is_used(overshoots: list[int]) -> None:
    begun = await starts(overshoots, 1_000)
    assert 999 / (begun[-1] - begun[0]) >= 0.97 * ALLOWED


@dataclass(slots=True)
class LateLoop:
    """Virtual time in which a loop wakes sleepers, each time late by the next of `lateness` milliseconds."""

    lateness: Sequence[int]
    now: float = 0.0
    sleepers: list[tuple[float, int, asyncio.Future[None]]] = field(default_factory=list)
    slept: int = 0
    woken: int = 0

    def time(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept += 1
        sleeper: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self.sleepers, (self.now + seconds, self.slept, sleeper))
        await sleeper

    async def run(self, tasks: Sequence[asyncio.Task[None]]) -> None:
        while not all(task.done() for task in tasks):
            for _ in range(8):
                await asyncio.sleep(0)
            if self.sleepers:
                late = self.lateness[self.woken % len(self.lateness)] / 1000
                self.now, self.woken = max(self.now, self.sleepers[0][0]) + late, self.woken + 1
                while self.sleepers and self.sleepers[0][0] <= self.now:
                    heapq.heappop(self.sleepers)[2].set_result(None)
        await asyncio.gather(*tasks)


async def written(loop_late: Sequence[int], connections: Sequence[int], count: int) -> list[float]:
    """When requests were written that wait for the token, then milliseconds for a connection, then for the wire."""
    track, times = LateLoop(loop_late), list[float]()
    pacer, wire = RateLimiter(track.time, track.sleep), RateLimiter(track.time, track.sleep)

    async def request(number: int) -> None:
        await pacer.acquire(TOKEN)
        await track.sleep(connections[number % len(connections)] / 1000)
        await wire.acquire(WIRE)
        times.append(track.now)

    await track.run([asyncio.create_task(request(number)) for number in range(count)])
    return times


def most_in_a_second(times: Sequence[float]) -> int:
    return max(bisect_left(times, first + 1) - number for number, first in enumerate(times))


async def test_requests_that_waited_for_slow_connections_do_not_leave_together() -> None:
    """58 arrived in a second: those of the last 0.2 s, which had waited, and the 48 of the next second."""
    slow = [max(300 - 20 * number, 0) for number in range(150)]
    assert most_in_a_second(await written([0], slow, 150)) < ALLOWED


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.one_of(st.integers(0, 5), st.integers(0, 400)), min_size=1, max_size=40),
    st.lists(st.integers(0, 400), min_size=1, max_size=60),
)
async def test_no_second_at_the_peer_holds_fifty_however_late_loop_and_connections_are(
    loop_late: list[int], connections: list[int]
) -> None:
    assert most_in_a_second(await written(loop_late, connections, 160)) < ALLOWED


@settings(max_examples=20, deadline=None)
@given(
    st.lists(st.integers(0, 4), min_size=1, max_size=40),
    st.lists(st.integers(0, 30), min_size=1, max_size=40),
)
async def test_the_second_count_costs_nothing_of_the_pace(loop_late: list[int], connections: list[int]) -> None:
    times = await written(loop_late, connections, 400)
    assert 399 / (times[-1] - times[0]) >= 0.97 * ALLOWED


async def test_a_start_does_not_wait_for_the_pace_that_it_had_before_the_lease_was_granted() -> None:
    track = Sluggish([0])
    pacer = RateLimiter(track.time, track.sleep)
    for _ in range(3):
        await pacer.acquire(*buckets(is_ours=False))
    await pacer.acquire(*buckets(is_ours=True))
    assert track.now < 4 / TOKEN.a_second


@dataclass(slots=True)
class LoggedInMessenger:
    """A messenger that is logged in, without a gateway."""

    messenger: DiscordMessenger
    client: discord.Client
    sent: list[str] = field(default_factory=list)

    async def post(self, key: str) -> None:
        await self.messenger.send(ADA, key, "leave-by", Reply((("Time to leave.",),)))
        self.sent.append(key)


@pytest.fixture
async def logged_in(peer: DiscordPeer, line: ConnectionSettings) -> AsyncIterator[LoggedInMessenger]:
    line.apply()
    limits = TokenLimits()
    options: dict[str, Any] = {"connector": limits.connector(), "max_ratelimit_timeout": LONGEST_WAIT}
    async with discord.Client(intents=discord.Intents.none(), **options) as client:
        await client.login(BOT)
        yield LoggedInMessenger(DiscordMessenger(lambda: client, limits), client)


async def test_fifty_at_once_are_spread_over_a_second_on_the_wire(
    logged_in: LoggedInMessenger, peer: DiscordPeer
) -> None:
    before = len(peer.asked)
    await asyncio.gather(*(logged_in.post(f"key{number}") for number in range(80)))
    arrived = sorted(request.at for request in peer.asked[before:])
    assert len(arrived) == 80
    # A busy machine may hold some up and so bring them together; what began is spaced.
    assert arrived[-1] - arrived[0] >= 78 / TOKEN.a_second - 0.25


async def test_each_request_is_counted_again_on_its_connection_and_answers_to_people_are_not(
    logged_in: LoggedInMessenger, peer: DiscordPeer
) -> None:
    counted: list[float] = []
    logged_in.messenger.limits.wire.on_wait = counted.append
    before = len(peer.asked)
    await asyncio.gather(logged_in.post("one"), logged_in.post("two"))
    await logged_in.post("reused")
    assert len(counted) == len(peer.asked) - before == 3
    with pytest.raises(discord.HTTPException, match="40060"):
        await logged_in.client.http.request(discord.http.Route("POST", "/interactions/1/token/callback"))
    assert len(counted) == 3


async def test_a_request_that_is_cancelled_before_it_is_written_leaves_no_connection_in_use(
    logged_in: LoggedInMessenger, peer: DiscordPeer
) -> None:
    waiting, limits, before = asyncio.Event(), logged_in.messenger.limits, len(peer.asked)

    async def sleep(_: float) -> None:
        waiting.set()
        await asyncio.Event().wait()

    limits.wire.sleep = sleep
    limits.wire.block(WIRE.name, 60)
    posting = asyncio.create_task(logged_in.post("one"))
    await waiting.wait()
    posting.cancel()
    await asyncio.wait({posting})
    connector = logged_in.client.http.connector
    assert (posting.cancelled(), len(peer.asked) - before) == (True, 0)
    assert len(connector._acquired) == 0


async def test_a_global_limit_holds_the_whole_token_and_nothing_is_spent(
    logged_in: LoggedInMessenger, peer: DiscordPeer
) -> None:
    limited = {"message": "You are being rate limited.", "retry_after": 0.3, "global": True}
    headers = {"X-RateLimit-Global": "true", "X-RateLimit-Scope": "global", "Retry-After": "0.3"}
    peer.faults.append(Fault("POST", MESSAGES, 429, limited, headers=headers))
    await asyncio.gather(logged_in.post("one"), logged_in.post("two"))
    first, *others = [request for request in peer.asked if request.path.endswith("/messages")]
    assert len(others) == 2
    assert all(request.at - first.at > 0.25 for request in others)
    assert sorted(logged_in.sent) == ["one", "two"]


@pytest.mark.parametrize("asked", ["1000000000", "9" * 17, "9" * 400, "inf"])
async def test_whatever_pause_discord_asks_for_is_at_most_a_quarter_of_an_hour(
    logged_in: LoggedInMessenger, peer: DiscordPeer, asked: str
) -> None:
    limited = {"message": "You are being rate limited.", "retry_after": 10**17, "global": True}
    headers = {"X-RateLimit-Global": "true", "X-RateLimit-Scope": "global", "Retry-After": asked}
    peer.faults.append(Fault("POST", MESSAGES, 429, limited, headers=headers))
    with pytest.raises(TemporaryError) as one:
        await logged_in.post("one")
    assert (str(one.value), one.value.after) == ("Discord asks to wait 900 s", timedelta(minutes=15))
    with pytest.raises(RateLimitedError, match="asks for a pause") as lane:
        await logged_in.post("two")
    assert timedelta(minutes=14) < lane.value.after <= timedelta(minutes=15)


async def test_a_limit_that_is_shared_with_others_holds_one_channel_only(
    logged_in: LoggedInMessenger, peer: DiscordPeer
) -> None:
    limited = {"message": "You are being rate limited.", "retry_after": 0.3, "global": False}
    headers = {"X-RateLimit-Scope": "shared", "Retry-After": "0.3"}
    peer.faults.append(Fault("POST", "/channels/731/messages", 429, limited, headers=headers))
    slow = asyncio.create_task(logged_in.post("shared"))
    await peer.until(lambda: peer.faults[0].times == 0)
    assert logged_in.messenger.limits.wait_seconds() == 0
    assert not logged_in.messenger.limits.refusals
    other = Attendee(2, ADA.community, "32", reach=Reach("732"))
    await logged_in.messenger.send(other, "other", "leave-by", Reply((("Time to leave.",),)))
    assert not slow.done()
    await slow


async def test_long_before_a_ban_everything_stops(logged_in: LoggedInMessenger, peer: DiscordPeer) -> None:
    limits = logged_in.messenger.limits
    limits.refusals.extend([limits.time() - 100] * (MOST_REFUSALS - 1))
    peer.closed_to.add("31")
    with pytest.raises(Exception, match="direct messages"):
        await logged_in.post("refused")
    with pytest.raises(RateLimitedError, match="asks for a pause") as caught:
        await logged_in.post("another")
    assert 0 < caught.value.after.total_seconds() <= REFUSAL_SECONDS - 99


async def test_a_pause_that_cannot_be_read_is_a_second(logged_in: LoggedInMessenger, peer: DiscordPeer) -> None:
    limited = {"message": "You are being rate limited.", "retry_after": 0.01, "global": True}
    peer.faults.append(Fault("POST", MESSAGES, 429, limited, headers={"X-RateLimit-Scope": "global"}))
    await logged_in.post("one")
    first, second = [request for request in peer.asked if request.path.endswith("/messages")]
    assert second.at - first.at > 0.9


async def test_who_does_not_look_after_the_token_takes_little_of_it(
    logged_in: LoggedInMessenger, peer: DiscordPeer
) -> None:
    logged_in.messenger.limits.is_ours = lambda: False
    before = len(peer.asked)
    await asyncio.gather(*(logged_in.post(f"key{number}") for number in range(GUEST_POSTS)))
    arrived = sorted(request.at for request in peer.asked[before:])
    assert arrived[-1] - arrived[0] > 0.9


async def test_all_servers_share_a_lane() -> None:
    lanes = {DiscordMessenger(lambda: None).lane(Community(n, "discord", str(n))) for n in range(3)}
    assert lanes == {LANE}
    assert (LANE.scope, LANE.a_second) == (DeliveryFilter("discord"), TOKEN.a_second)
