"""Limits of requests to the pages, by client and by private address."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

from aiohttp import hdrs, web

from adapters.web.bodies import Variant
from adapters.web.errors import error_answer
from adapters.web.headers import PRIVATE
from bot.app.dispatcher.limits import Budget

REASON = "web"
"""The reason of a refusal in the metrics."""
TOO_MANY = "Too many requests."
MOST_REFUSALS = 100
"""Answers in memory, by the seconds to wait."""


def _ignore(_: str) -> None:
    """The default of `on_refused`."""


@dataclass(frozen=True, slots=True)
class WebLimits:
    """The limits of one process.

    A whole conference may share one public address, so the limit of an address only stops a flood. That of a private
    address is what one person's phone, laptop and calendars need.

    Attributes:
        timer: the present time in seconds, from a clock that never goes back.
        on_refused: called with the reason of each refusal.
    """

    timer: Callable[[], float]
    on_refused: Callable[[str], None] = _ignore
    clients: Budget = field(default_factory=lambda: Budget(burst=600, a_second=60))
    secrets: Budget = field(default_factory=lambda: Budget(burst=60, a_second=2))

    def wait_for_client(self, client: str) -> int:
        """Count a request of a client, "" is not limited; returns 0, or the whole seconds to wait."""
        return self._refused(self.clients.take(("client", client), self.timer())) if client else 0

    def wait_for_secret(self, digest: str) -> int:
        """Count a request to a private address, by its hash; returns 0, or the whole seconds to wait."""
        return self._refused(self.secrets.take(("secret", digest), self.timer()))

    def check(self, client: str, digest: str) -> None:
        """Count a request of a client to a private address; "" for none.

        Raises:
            HTTPTooManyRequests: there were too many.
        """
        if wait := self.wait_for_client(client) or (self.wait_for_secret(digest) if digest else 0):
            raise web.HTTPTooManyRequests(headers={"Retry-After": str(wait)}, text=TOO_MANY)

    def _refused(self, wait: float) -> int:
        if not wait:
            return 0
        self.on_refused(REASON)
        return math.ceil(wait)


def refusal(request: web.Request, wait: int) -> web.StreamResponse:
    """Return the answer to a request above the limit; for a program it costs less than any other answer."""
    if "text/html" in request.headers.get(hdrs.ACCEPT, ""):
        return error_answer(request, web.HTTPTooManyRequests.status_code, retry_after=str(wait))
    return _sentence(wait).answer(request)


@lru_cache(MOST_REFUSALS)
def _sentence(wait: int) -> Variant:
    headers = {**PRIVATE, "Content-Type": "text/plain; charset=utf-8", "Retry-After": str(wait)}
    return Variant(web.HTTPTooManyRequests.status_code, headers, TOO_MANY.encode())
