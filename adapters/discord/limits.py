"""What Discord allows a bot's token, obeyed on the wire: each request waits for its turn, each answer is looked at.

A bot may make 50 requests a second; discord.py waits only after it was refused, and 10,000 refusals in ten minutes
ban the address. Answers to interactions do not count, and never wait here.
"""

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import SimpleNamespace

import aiohttp
import discord

from bot.app.delivery.rate_limiter import Bucket, RateLimiter, loop_time

TOKEN = Bucket("token", 48.8, burst=1.6)
"""Never more than 50 begin in any second, wherever it starts; a tenth of a turn that came late is made up for."""
GUEST = Bucket("token", 1.0, burst=5)
"""For a process that does not look after the token's limits: what it asks must fit into what the owner leaves."""
EXEMPT = frozenset({"interactions", "webhooks"})
REFUSALS = frozenset({401, 403, 429})
MOST_REFUSALS, REFUSAL_SECONDS = 3_000, 600.0
"""Well before Discord's 10,000 in ten minutes everything stops until older ones are forgotten."""


@dataclass(slots=True)
class Limits:
    """Of one token. `time` is monotonic; `is_ours` whether this process looks after them."""

    pacer: RateLimiter = field(default_factory=RateLimiter)
    time: Callable[[], float] = loop_time
    is_ours: Callable[[], bool] = lambda: True
    refusals: deque[float] = field(default_factory=lambda: deque(maxlen=MOST_REFUSALS))

    def trace(self) -> aiohttp.TraceConfig:
        """For discord.py's session: it awaits a turn before each request, before its own retries too."""
        config = aiohttp.TraceConfig()
        config.on_request_start.append(self._begins)
        config.on_request_end.append(self._answered)
        return config

    def held(self) -> float:
        """The seconds for which nothing may be asked; 0 if there is no pause."""
        return self.pacer.blocked_for(TOKEN.name)

    async def _begins(
        self, _: aiohttp.ClientSession, __: SimpleNamespace, asked: aiohttp.TraceRequestStartParams
    ) -> None:
        url = asked.url
        # The gateway is no part of the interface that is counted.
        if str(url).startswith(discord.http.Route.BASE) and not EXEMPT.intersection(url.parts):
            await self.pacer.acquire(TOKEN if self.is_ours() else GUEST)

    async def _answered(
        self, _: aiohttp.ClientSession, __: SimpleNamespace, asked: aiohttp.TraceRequestEndParams
    ) -> None:
        status, headers = asked.response.status, asked.response.headers
        if status not in REFUSALS or headers.get("X-RateLimit-Scope") == "shared":
            # A limit that others have used up counts against nobody; discord.py waits for that one channel.
            return
        if status == 429 and _is_global(headers):  # noqa: PLR2004 — too many requests
            self.pacer.block(TOKEN.name, _seconds(headers.get("Retry-After", "")))
        self.refusals.append(self.time())
        if len(self.refusals) == MOST_REFUSALS:
            self.pacer.block(TOKEN.name, self.refusals[0] + REFUSAL_SECONDS - self.time())


def _is_global(headers: Mapping[str, str]) -> bool:
    return headers.get("X-RateLimit-Global", "").lower() == "true" or headers.get("X-RateLimit-Scope") == "global"


def _seconds(text: str) -> float:
    """What `Retry-After` says; a second where it says nothing that can be read."""
    try:
        return max(float(text), 0.0)
    except ValueError:
        return 1.0
