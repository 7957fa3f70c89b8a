"""Limits the connections of the HTTP server: how many there are, and how long one may be unfinished.

A connection is waiting until a whole request has arrived. Waiting connections are closed when they take too long, and
the oldest of them makes room for a new connection when there are too many, so health checks get through while somebody
holds hundreds of connections open. What unfinished requests have sent so far has a common limit in bytes.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from enum import Enum
from ipaddress import IPv6Address, ip_address, ip_network

from aiohttp import StreamReader, web

BUSY = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nRetry-After: 1\r\nConnection: close\r\n\r\n"
TOO_MANY, TOO_SLOW, TOO_LARGE = "connections", "slow", "bytes"
"""Reasons of a refusal."""
CHECK_INTERVAL = 1.0
"""Seconds between two searches for connections that take too long."""

Handle = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class ConnectionLimits:
    """Limits of one server; times are in seconds.

    Attributes:
        total: connections at a time.
        per_address: connections at a time from one public address, or from one /64 network of IPv6; 0 for no limit.
            Private addresses have no limit of their own: a proxy has one, and everybody comes through it.
        head: from the connection, or from the first byte of a later request, to the end of the request's headers.
        body: from the end of the headers to the end of the body.
        idle: between two requests. Longer than proxies keep unused connections (nginx 60 s, Caddy 120 s), because a
            proxy that sends a request on a connection which we close cannot always repeat the request.
        working: from the end of the request to its answer.
        unfinished: bytes of all requests together that have not arrived completely. One Slack request has at most
            512 KiB, so hundreds of connections could hold hundreds of MiB without it.
    """

    total: int = 500
    per_address: int = 50
    head: float = 10.0
    body: float = 10.0
    idle: float = 150.0
    working: float = 60.0
    unfinished: int = 16 * 1024 * 1024


class Phase(Enum):
    """What a connection is doing."""

    HEAD = "reads headers"
    BODY = "reads a body"
    WORKING = "works on a request"
    IDLE = "waits for the next request"


@dataclass(slots=True, eq=False)
class Connection:
    """One connection.

    Attributes:
        since: the time at which its phase began.
        body: the body of the request that is being answered.
        held: bytes received of a request that is not complete.
        discards: whether received bytes are thrown away, such as the rest of a body after the answer.
    """

    transport: asyncio.Transport
    address: str
    since: float
    idle: bool = False
    body: StreamReader | None = None
    held: int = 0
    discards: bool = False

    @property
    def phase(self) -> Phase:
        """The phase; a request whose body has not arrived completely is not worked on yet."""
        if self.body is not None:
            return Phase.WORKING if self.body.is_eof() else Phase.BODY
        return Phase.IDLE if self.idle else Phase.HEAD


def _ignore(_: str) -> None:
    """The default of `on_refused`."""


@dataclass(slots=True)
class Connections:
    """The open connections of a server.

    Attributes:
        timer: the present time in seconds; None for the time of the event loop.
        on_refused: called with the reason of each connection that is refused or closed.
    """

    limits: ConnectionLimits = field(default_factory=ConnectionLimits)
    timer: Callable[[], float] | None = None
    on_refused: Callable[[str], None] = _ignore
    _open: dict[asyncio.BaseTransport, Connection] = field(default_factory=dict)
    _by_address: Counter[str] = field(default_factory=Counter)
    _held: int = 0

    def __len__(self) -> int:
        """How many connections are open."""
        return len(self._open)

    def count(self, phase: Phase) -> int:
        """How many connections are in this phase."""
        return sum(connection.phase is phase for connection in self._open.values())

    def admit(self, transport: asyncio.Transport) -> bool:
        """Register a new connection, and close a waiting one if the limit is reached; False if none can be closed."""
        address = network_of(transport)
        of_address = self._by_address[address] if address else 0
        if address and 0 < self.limits.per_address <= of_address:
            has_room = self._close_oldest(other for other in self._open.values() if other.address == address)
        else:
            has_room = len(self._open) < self.limits.total or self._close_oldest(self._of_greediest())
        if not has_room:
            self.on_refused(TOO_MANY)
            return False
        self._open[transport] = Connection(transport, address, self._now())
        self._by_address[address] += 1
        return True

    @property
    def held(self) -> int:
        """Bytes that unfinished requests have sent."""
        return self._held

    def data_received(self, transport: asyncio.BaseTransport) -> None:
        """Note that something arrived: an idle connection now sends its next request."""
        connection = self._open.get(transport)
        if connection and connection.idle:
            connection.idle, connection.since = False, self._now()

    def data_parsed(self, transport: asyncio.BaseTransport, size: int) -> None:
        """Count bytes that arrived, unless the request is complete; close connections if there are too many bytes."""
        connection = self._open.get(transport)
        if connection is None or connection.discards:
            return
        if connection.phase is Phase.WORKING:
            self._release(connection)
            return
        connection.held += size
        self._held += size
        while self._held > self.limits.unfinished and self._close_holder():
            pass

    def request_begins(self, transport: asyncio.BaseTransport | None, body: StreamReader) -> None:
        """Note that the headers of a request have arrived."""
        if transport and (connection := self._open.get(transport)):
            connection.body, connection.idle, connection.since = body, False, self._now()
            connection.discards = False
            if connection.phase is Phase.WORKING:
                self._release(connection)

    def request_ends(self, transport: asyncio.BaseTransport | None) -> None:
        """Note that a request was answered."""
        if transport and (connection := self._open.get(transport)):
            connection.discards = connection.phase is Phase.BODY
            connection.body, connection.idle, connection.since = None, True, self._now()
            self._release(connection)

    def remove(self, transport: asyncio.BaseTransport) -> None:
        """Forget a connection that is closed."""
        connection = self._open.pop(transport, None)
        if connection:
            self._release(connection)
            self._by_address[connection.address] -= 1
            if not self._by_address[connection.address]:
                del self._by_address[connection.address]

    def close_overdue(self) -> None:
        """Close the connections whose phase takes too long."""
        now = self._now()
        longest = {
            Phase.HEAD: self.limits.head,
            Phase.BODY: self.limits.body,
            Phase.WORKING: self.limits.working,
            Phase.IDLE: self.limits.idle,
        }
        for connection in [other for other in self._open.values() if now - other.since > longest[other.phase]]:
            if connection.phase is not Phase.IDLE:
                self.on_refused(TOO_SLOW)
            self._close(connection)

    async def keep_closing_overdue(self) -> None:
        """Close overdue connections for as long as the server runs."""
        while True:
            await asyncio.sleep(CHECK_INTERVAL)
            self.close_overdue()

    def _of_greediest(self) -> Iterable[Connection]:
        """The waiting connections of the address with the most connections, else those of all addresses."""
        greediest = self._by_address.most_common(1)[0][0]
        waiting = [other for other in self._open.values() if other.phase is not Phase.WORKING]
        return [other for other in waiting if other.address == greediest] or waiting

    def _close_oldest(self, candidates: Iterable[Connection]) -> bool:
        waiting = [other for other in candidates if other.phase is not Phase.WORKING]
        if not waiting:
            return False
        self.on_refused(TOO_MANY)
        self._close(min(waiting, key=lambda other: other.since))
        return True

    def _close_holder(self) -> bool:
        """Close the oldest unfinished request of the address that holds the most bytes; False if there is none.

        Not the largest: a large request of somebody else arrives in moments, so it is one of the youngest.
        """
        holding = [connection for connection in self._open.values() if connection.held]
        by_address = Counter[str]()
        for connection in holding:
            by_address[connection.address] += connection.held
        if not holding:
            return False
        greediest = max(by_address, key=by_address.__getitem__)
        self.on_refused(TOO_LARGE)
        self._close(
            min(
                (connection for connection in holding if connection.address == greediest),
                key=lambda connection: connection.since,
            )
        )
        return True

    def _release(self, connection: Connection) -> None:
        self._held -= connection.held
        connection.held = 0

    def _close(self, connection: Connection) -> None:
        self.remove(connection.transport)
        # Not `close`, which waits until the other side has read what was sent.
        connection.transport.abort()

    def _now(self) -> float:
        return self.timer() if self.timer else asyncio.get_running_loop().time()


def network_of(transport: asyncio.BaseTransport) -> str:
    """Return the public address that a connection comes from, or its /64 network; "" for a private address."""
    peer = transport.get_extra_info("peername")
    try:
        address = ip_address(str(peer[0]).partition("%")[0]) if peer else None
    except ValueError:
        return ""
    if isinstance(address, IPv6Address):
        address = address.ipv4_mapped or address
    if address is None or not address.is_global:
        return ""
    if isinstance(address, IPv6Address):
        return str(ip_network((address, 64), strict=False))
    return str(address)


class LimitedProtocol(asyncio.Protocol):
    """A protocol of aiohttp's server that handles a connection only if it is admitted."""

    __slots__ = ("_connections", "_handler", "_make", "_transport")

    def __init__(self, connections: Connections, make: Callable[[], asyncio.Protocol]) -> None:
        self._connections, self._make = connections, make
        self._handler: asyncio.Protocol | None = None
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Refuse a connection that is too many, without reading anything."""
        assert isinstance(transport, asyncio.Transport)
        if not self._connections.admit(transport):
            transport.write(BUSY)
            transport.close()
            return
        self._transport, self._handler = transport, self._make()
        self._handler.connection_made(transport)

    def data_received(self, data: bytes) -> None:
        """Pass bytes on."""
        if self._handler and self._transport:
            self._connections.data_received(self._transport)
            self._handler.data_received(data)
            self._connections.data_parsed(self._transport, len(data))

    def eof_received(self) -> bool | None:
        """Pass the end of the bytes on."""
        return self._handler.eof_received() if self._handler else None

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        if self._handler and self._transport:
            self._connections.remove(self._transport)
            self._handler.connection_lost(exc)

    def pause_writing(self) -> None:
        """Pass on that the other side reads too slowly."""
        if self._handler:
            self._handler.pause_writing()

    def resume_writing(self) -> None:
        """Pass on that the other side reads again."""
        if self._handler:
            self._handler.resume_writing()


def tracking(connections: Connections, handle: Handle) -> Handle:
    """Wrap the handler of a server's requests, and tell `connections` when a request begins and ends.

    Not a middleware: that would cost a tenth of a request, and more than the tracking itself.
    """

    async def track(request: web.BaseRequest) -> web.StreamResponse:
        transport = request.transport
        connections.request_begins(transport, request.content)
        try:
            return await handle(request)
        finally:
            connections.request_ends(transport)

    return track
