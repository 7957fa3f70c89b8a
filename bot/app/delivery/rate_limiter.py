"""Client-side rate limiter (GCRA): requests wait for capacity in every bucket that they count against.

The limits are kept before they are hit, because repeated refusals (HTTP 429) get a bot banned.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

from bot.domain.nudges.retry import bounded_pause

SECOND = 1.0
MOST_BUCKETS = 10_000
"""Above this number, the states of idle buckets are forgotten."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """The requests that a platform counts together: `a_second`, evenly spaced, of which `burst` may begin at once.

    A fraction in `burst` makes up for requests that began late. However late requests begin, at most `in_any_second` of
    them begin in a second; None if only the burst limits that.
    """

    name: str
    a_second: float
    burst: float = 1
    in_any_second: int | None = None


@dataclass(slots=True)
class _BucketState:
    """The state of one bucket, in monotonic seconds, and the queue of its requests.

    `full_at` is when the whole burst is available again; before `blocked_until` no request may begin. `begun` has the
    last requests of a bucket that limits them in any second.
    """

    full_at: float = 0.0
    blocked_until: float = 0.0
    begun: deque[float] = field(default_factory=deque)
    queue: asyncio.Lock = field(default_factory=asyncio.Lock)

    def available_at(self, bucket: Bucket) -> float:
        available = max(self.blocked_until, self.full_at - (bucket.burst - 1) / bucket.a_second)
        if bucket.in_any_second is not None and len(self.begun) >= bucket.in_any_second:
            return max(available, self.begun[-bucket.in_any_second] + SECOND)
        return available

    def count_request(self, now: float, bucket: Bucket) -> None:
        self.full_at = max(self.full_at, now) + 1 / bucket.a_second
        if bucket.in_any_second is not None:
            self.begun.append(now)
            while len(self.begun) > bucket.in_any_second:
                self.begun.popleft()

    def is_idle(self, now: float) -> bool:
        counted_until = self.begun[-1] + SECOND if self.begun else 0.0
        return max(self.full_at, self.blocked_until, counted_until) <= now and not self.queue.locked()


def loop_time() -> float:
    """The monotonic seconds of the running event loop."""
    return asyncio.get_running_loop().time()


@dataclass(slots=True)
class RateLimiter:
    """Limits requests by the generic cell rate algorithm (ITU-T I.371), which stores one number for each bucket.

    Requests are served in the order in which they came.

    Attributes:
        time: a monotonic clock, which must use the same seconds as `sleep`.
        sleep: waits for a number of seconds.
        on_wait: called with the seconds that a request waited.
    """

    time: Callable[[], float] = loop_time
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    on_wait: Callable[[float], None] = lambda _: None
    _states: dict[str, _BucketState] = field(default_factory=dict)

    async def acquire(self, *buckets: Bucket) -> None:
        """Wait until a request that counts against all of `buckets` may begin.

        Args:
            buckets: in order from narrow (a channel) to wide (its workspace): a request that waits for a narrow bucket
                must not block other requests of the wide one.
        """
        begins = self.time()
        while not await self._try_acquire(buckets):
            pass
        self.on_wait(self.time() - begins)

    def block(self, bucket: str, seconds: float) -> None:
        """Begin no request in the bucket of that name for `seconds`, at most `LONGEST_PAUSE`: the platform asked so."""
        state = self._state(bucket)
        state.blocked_until = max(state.blocked_until, self.time() + bounded_pause(seconds))

    def blocked_for(self, bucket: str) -> float:
        """How many seconds the bucket of that name is still blocked; 0 if it is not."""
        state = self._states.get(bucket)
        return max(state.blocked_until - self.time(), 0.0) if state else 0.0

    async def _try_acquire(self, buckets: tuple[Bucket, ...]) -> bool:
        """Count a request in all buckets at one moment; False if one was blocked while another was waited for."""
        async with AsyncExitStack() as queues:
            states = [(self._state(bucket.name), bucket) for bucket in buckets]
            for state, bucket in states:
                await queues.enter_async_context(state.queue)
                while (wait := state.available_at(bucket) - self.time()) > 0:
                    await self.sleep(wait)
            now = self.time()
            if any(state.blocked_until > now for state, _ in states):
                return False
            for state, bucket in states:
                state.count_request(now, bucket)
            return True

    def _state(self, name: str) -> _BucketState:
        if name not in self._states and len(self._states) >= MOST_BUCKETS:
            now = self.time()
            self._states = {key: state for key, state in self._states.items() if not state.is_idle(now)}
        return self._states.setdefault(name, _BucketState())
