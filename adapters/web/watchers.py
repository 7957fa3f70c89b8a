"""Decides who may see the metrics, and why the process is not ready: the operator's monitoring and nobody else."""

import hmac
from dataclasses import dataclass, field

from aiohttp import web

from adapters.web.clients import is_forwarded, peer_of

SCHEME = "Bearer "


@dataclass(frozen=True, slots=True)
class Watchers:
    """Who may watch the process.

    Attributes:
        token: the token of `Authorization: Bearer …`; "" if the operator has set none.
        public_host: the host name at which everybody reaches the server; "" if there is none.
        elsewhere: whether monitoring has a port of its own, so that nobody may watch on this one.
        trusts_all: whether anybody with the token may watch, or anybody at all without a token; for a port of its own.
    """

    token: str = field(default="", repr=False)
    public_host: str = ""
    elsewhere: bool = False
    trusts_all: bool = False

    def admit(self, request: web.Request) -> bool:
        """Whether the sender of a request may watch.

        Without a token, only clients on the local network may: those with a private address that came through no proxy.
        Prometheus on the same machine or in the same network of containers needs no setting, and the public side shows
        nothing.
        """
        if self.elsewhere:
            return False
        if self.token:
            return hmac.compare_digest(
                request.headers.get("Authorization", "").encode(), (SCHEME + self.token).encode()
            )
        if self.trusts_all:
            return True
        peer = peer_of(request)
        asks_public_host = bool(self.public_host) and _name(request.host) == self.public_host.casefold()
        return peer is not None and not peer.is_global and not is_forwarded(request) and not asks_public_host


def _name(host: str) -> str:
    """The host of a Host header, without its port."""
    return host.rpartition("]")[0].strip("[") if host.startswith("[") else host.partition(":")[0].casefold()
