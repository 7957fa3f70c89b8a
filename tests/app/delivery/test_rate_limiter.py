"""Nobody begins before the platform allows it, and nothing that is allowed is left unused."""

import asyncio
import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.app.delivery.rate_limiter import Bucket, RateLimiter

SLACK = Bucket("workspace", 5, burst=3)
CHANNEL = Bucket("channel", 1)
TINY = 1e-6


@dataclass(slots=True)
class Track:
    """Time that passes only while everybody sleeps."""

    now: float = 100.0
    sleepers: list[tuple[float, int, asyncio.Future[None]]] = field(default_factory=list)

    def time(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.sleepers.append((self.now + seconds, len(self.sleepers), woken))
        await woken

    async def next(self) -> bool:
        """Wake who sleeps shortest; False when nobody sleeps."""
        for _ in range(10):
            await asyncio.sleep(0)
        waiting = [sleeper for sleeper in self.sleepers if not sleeper[2].done()]
        if not waiting:
            return False
        self.now, _, woken = min(waiting, key=lambda sleeper: sleeper[:2])
        woken.set_result(None)
        return True


async def begun(turns: Sequence[Sequence[Bucket]], held: tuple[int, str, float] | None = None) -> list[float]:
    """Seconds after which each turn began; `held`: after how many wakings which bucket is held for how long."""
    track, starts = Track(), dict[int, float]()
    pacer = RateLimiter(track.time, track.sleep)

    async def one(number: int) -> None:
        await pacer.acquire(*turns[number])
        starts[number] = round(track.now - 100, 6)

    tasks = [asyncio.create_task(one(number)) for number in range(len(turns))]
    woken = 0
    while await track.next():
        woken += 1
        if held and woken == held[0]:
            pacer.block(held[1], held[2])
    await asyncio.gather(*tasks)
    return [starts[number] for number in range(len(turns))]


async def test_turns_are_evenly_spaced_after_the_burst() -> None:
    assert await begun([[SLACK]] * 6) == [0, 0, 0, 0.2, 0.4, 0.6]


async def test_a_turn_waits_for_the_slowest_of_its_buckets_and_holds_up_nobody_else() -> None:
    assert await begun([[CHANNEL, SLACK], [CHANNEL, SLACK], [SLACK]]) == [0, 1, 0]


async def test_a_pause_moves_everybody_behind_it_and_keeps_the_pace() -> None:
    assert await begun([[CHANNEL]] * 5, held=(1, "channel", 10)) == [0, 11, 12, 13, 14]


async def test_a_pause_of_one_bucket_leaves_the_others_alone() -> None:
    assert await begun([[SLACK], [CHANNEL], [CHANNEL], [SLACK]], held=(1, "workspace", 60)) == [0, 0, 1, 0]


@pytest.mark.parametrize("seconds", [1e9, 1e17, math.inf, math.nan])
async def test_no_pause_is_longer_than_a_quarter_of_an_hour(seconds: float) -> None:
    assert await begun([[CHANNEL]] * 3, held=(1, "channel", seconds)) == [0, 901, 902]
    pacer = RateLimiter(lambda: 0.0)
    pacer.block("channel", -seconds)
    assert pacer.blocked_for("channel") in (0, 900)


@given(st.lists(st.sampled_from([(SLACK,), (CHANNEL,), (CHANNEL, SLACK)]), max_size=30))
async def test_no_window_holds_more_than_it_may(turns: list[tuple[Bucket, ...]]) -> None:
    starts = await begun(turns)
    for bucket in (SLACK, CHANNEL):
        mine = sorted(start for start, buckets in zip(starts, turns, strict=True) if bucket in buckets)
        for first, last in zip(mine, mine[int(bucket.burst) :], strict=False):
            assert last - first >= 1 / bucket.a_second - TINY


async def test_a_burst_never_makes_more_than_a_bucket_allows_in_any_second() -> None:
    bucket = Bucket("token", 10, burst=6, in_any_second=8)
    starts = await begun([[bucket]] * 20)
    assert starts[:9] == [0, 0, 0, 0, 0, 0, 0.1, 0.2, 1]
    assert all(last - first >= 1 - TINY for first, last in zip(starts, starts[8:], strict=False))
