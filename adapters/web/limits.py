"""Limits of requests to the pages, by client and by private address."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NoReturn

from aiohttp import web

from bot.app.dispatcher.limits import Budget

REASON = "web"
"""The reason of a refusal in the metrics."""


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

    def check_client(self, client: str) -> None:
        """Count a request of a client; "" is not limited.

        Raises:
            HTTPTooManyRequests: there were too many.
        """
        if client and (wait := self.clients.take(("client", client), self.timer())):
            self._refuse(wait)

    def check_secret(self, digest: str) -> None:
        """Count a request to a private address, by its hash.

        Raises:
            HTTPTooManyRequests: there were too many.
        """
        if wait := self.secrets.take(("secret", digest), self.timer()):
            self._refuse(wait)

    def _refuse(self, wait: float) -> NoReturn:
        self.on_refused(REASON)
        raise web.HTTPTooManyRequests(headers={"Retry-After": str(math.ceil(wait))}, text="Too many requests.")
