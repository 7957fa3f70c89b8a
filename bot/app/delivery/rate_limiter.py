"""The pace that platforms allow: each request waits for its turn in every bucket that it counts in.

Obeyed before it is hit: a platform that has to refuse counts the refusals, and bans who goes on.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

from bot.app.runtime.metrics import WAITS, Histogram

MOST_REMEMBERED = 10_000
"""Buckets; those that would allow everything anyway are forgotten then."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """What a platform counts together: `a_second` requests, evenly spaced, of which `burst` may begin at once.

    The part of `burst` that is no whole request makes up for turns that came late.
    """

    name: str
    a_second: float
    burst: float = 1


@dataclass(slots=True)
class _Gate:
    """Where requests of one bucket queue. Monotonic seconds: when it is as if never used, until when it is held."""

    fresh_at: float = 0.0
    held_until: float = 0.0
    queue: asyncio.Lock = field(default_factory=asyncio.Lock)

    def opens_at(self, bucket: Bucket) -> float:
        return max(self.held_until, self.fresh_at - (bucket.burst - 1) / bucket.a_second)

    def pass_at(self, now: float, bucket: Bucket) -> None:
        self.fresh_at = max(self.fresh_at, now) + 1 / bucket.a_second

    def is_idle(self, now: float) -> bool:
        return max(self.fresh_at, self.held_until) <= now and not self.queue.locked()


def loop_time() -> float:
    """The seconds of the running event loop, which only go forward."""
    return asyncio.get_running_loop().time()


@dataclass(slots=True)
class RateLimiter:
    """First come, first served, by the generic cell rate algorithm (ITU-T I.371): one number a bucket.

    `time` is monotonic, in the seconds that `sleep` sleeps; `waited` is how long they all waited.
    """

    time: Callable[[], float] = loop_time
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    waited: Histogram = field(default_factory=lambda: Histogram(WAITS))
    _gates: dict[str, _Gate] = field(default_factory=dict)

    async def acquire(self, *buckets: Bucket) -> None:
        """Wait until a request may begin that counts in all of `buckets`, which go from the narrowest to the widest.

        Who waits for a narrow one (a channel) holds up nobody in a wide one (its workspace).
        """
        begins = self.time()
        while not await self._passed(buckets):
            pass
        self.waited.observe(self.time() - begins)

    def block(self, bucket: str, seconds: float) -> None:
        """The platform asked for a pause: no turn in the bucket of that name begins before it is over."""
        gate = self._gate(bucket)
        gate.held_until = max(gate.held_until, self.time() + seconds)

    def blocked_for(self, bucket: str) -> float:
        """For how many seconds the bucket of that name is still held; 0 if it is not."""
        gate = self._gates.get(bucket)
        return max(gate.held_until - self.time(), 0.0) if gate else 0.0

    async def _passed(self, buckets: tuple[Bucket, ...]) -> bool:
        """Through all gates at one moment; False if one was held while we stood at the next."""
        async with AsyncExitStack() as queues:
            gates = [(self._gate(each.name), each) for each in buckets]
            for gate, bucket in gates:
                await queues.enter_async_context(gate.queue)
                while (wait := gate.opens_at(bucket) - self.time()) > 0:
                    await self.sleep(wait)
            now = self.time()
            if any(gate.held_until > now for gate, _ in gates):
                return False
            for gate, bucket in gates:
                gate.pass_at(now, bucket)
            return True

    def _gate(self, name: str) -> _Gate:
        if name not in self._gates and len(self._gates) >= MOST_REMEMBERED:
            now = self.time()
            self._gates = {key: gate for key, gate in self._gates.items() if not gate.is_idle(now)}
        return self._gates.setdefault(name, _Gate())
