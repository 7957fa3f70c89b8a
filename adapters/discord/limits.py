"""Keeps Discord's rate limits of a bot's token: each request waits for the limiter, each response is checked.

A bot may start 50 requests a second. discord.py waits only after a refusal, and 10,000 refusals in ten minutes ban the
IP address. Responses to interactions do not count against the limit, so they never wait here.
"""

from collections import deque
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field

import aiohttp
import discord
from aiohttp.connector import Connection
from aiohttp.tracing import Trace
from yarl import URL

from bot.app.delivery.rate_limiter import Bucket, RateLimiter, loop_time
from bot.domain.nudges.retry import pause_asked

TOKEN = Bucket("token", 48.8, burst=1.6)
"""At most 50 requests start in any second. The burst lets 0.6 of a late request be made up for."""
WIRE = Bucket("wire", 50.0, burst=3, in_any_second=49)
"""Requests are counted again when they have a connection and are written: several that waited for connections, or for a
late event loop, would leave together. One that the loop writes late brings the 49 to at most 50.
"""
GUEST = Bucket("guest", 1.0, burst=3)
"""For a process that does not hold the token's lease: the requests that the lease's owner leaves free.

The burst is what a start needs before it knows whether the lease is free.
"""
EXEMPT = frozenset({"interactions", "webhooks"})
REFUSALS = frozenset({401, 403, 429})
A_SECOND = 1.0
"""The pause in seconds if Discord asks for one without a length."""
MOST_REFUSALS, REFUSAL_SECONDS = 3_000, 600.0
"""All requests stop at this many refusals in this many seconds, well before Discord's 10,000."""


@dataclass(slots=True)
class TokenLimits:
    """The limits of one token.

    Attributes:
        pacer: decides when a request may start.
        time: monotonic, in seconds.
        is_ours: tells whether this process holds the token's lease.
        wire: decides when a request that has started, and has a connection, may be written.
        refusals: when Discord refused the last requests.
    """

    pacer: RateLimiter = field(default_factory=RateLimiter)
    time: Callable[[], float] = loop_time
    is_ours: Callable[[], bool] = lambda: True
    wire: RateLimiter = field(default_factory=RateLimiter)
    refusals: deque[float] = field(default_factory=lambda: deque(maxlen=MOST_REFUSALS))

    def connector(self) -> aiohttp.TCPConnector:
        """The connections of discord.py's HTTP session; its retries are requests too."""
        return LimitedConnector(self)

    def held(self) -> float:
        """Seconds until requests may start again; 0 if they may now."""
        return self.pacer.blocked_for(TOKEN.name)

    async def before_request(self) -> None:
        """Wait until a request that counts against the token may start."""
        await self.pacer.acquire(*buckets(is_ours=self.is_ours()))

    async def before_write(self) -> None:
        """Wait until it may be written; between this and the writing, aiohttp waits for nothing else."""
        await self.wire.acquire(WIRE)

    def after_response(self, status: int, headers: Mapping[str, str]) -> None:
        """Count a refusal, and stop all requests if Discord asks for it."""
        if status not in REFUSALS or headers.get("X-RateLimit-Scope") == "shared":
            # A refusal by a limit that bots share does not count against ours; discord.py waits for that channel.
            return
        if status == 429 and _is_global(headers):  # noqa: PLR2004 — too many requests
            self.pacer.block(TOKEN.name, pause_asked(headers.get("Retry-After", ""), A_SECOND))
        self.refusals.append(self.time())
        if len(self.refusals) == MOST_REFUSALS:
            self.pacer.block(TOKEN.name, self.refusals[0] + REFUSAL_SECONDS - self.time())


class LimitedConnector(aiohttp.TCPConnector):
    """Connections whose requests wait for the limits of a token.

    aiohttp asks for a connection just before it writes each request. Its tracing hooks would do the same, but take a
    fifth of the processor time of an answer to a person.
    """

    def __init__(self, limits: TokenLimits) -> None:
        super().__init__(limit=0)
        self._limits = limits
        self._response_class = _response_class(limits)

    async def connect(
        self,
        req: aiohttp.ClientRequest,
        traces: list[Trace],
        timeout: aiohttp.ClientTimeout,  # noqa: ASYNC109 — of the class
    ) -> Connection:
        """Wait for the limits, unless they do not count the request, and get a connection for it."""
        req.response_class = self._response_class
        if not is_counted(req.url):
            return await super().connect(req, traces, timeout)
        await self._limits.before_request()
        connection = await super().connect(req, traces, timeout)
        with ExitStack() as if_cancelled:
            if_cancelled.callback(connection.close)
            await self._limits.before_write()
            if_cancelled.pop_all()
        return connection


def _response_class(limits: TokenLimits) -> type[aiohttp.ClientResponse]:
    class WatchedResponse(aiohttp.ClientResponse):
        async def start(self, connection: Connection) -> aiohttp.ClientResponse:
            response = await super().start(connection)
            limits.after_response(self.status, self.headers)
            return response

    return WatchedResponse


def is_counted(url: URL) -> bool:
    """Whether a request counts against the limit; answers to people and requests to the gateway do not."""
    return EXEMPT.isdisjoint(url.raw_path.split("/")) and str(url).startswith(discord.http.Route.BASE)


def buckets(*, is_ours: bool) -> tuple[Bucket, ...]:
    """What a request counts against, with or without the token's lease.

    A guest has a bucket of its own: its slow pace must not delay the requests after the lease has been granted.
    """
    return (TOKEN,) if is_ours else (GUEST, TOKEN)


def _is_global(headers: Mapping[str, str]) -> bool:
    return headers.get("X-RateLimit-Global", "").lower() == "true" or headers.get("X-RateLimit-Scope") == "global"
