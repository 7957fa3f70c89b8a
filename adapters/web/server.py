"""An aiohttp server for `/healthz`, `/readyz`, `/metrics`, the routes of the platforms, and the pages."""

import asyncio
import errno
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial

from aiohttp import web
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from adapters.web.connections import Connections, LimitedProtocol, tracking
from adapters.web.watchers import Watchers
from bot.domain.errors import HallwayError

Check = Callable[[], Awaitable[None]]
"""A readiness check: raises OSError, RuntimeError or `NotReadyError` if the process cannot serve requests."""
MOST_BYTES = 1024 * 1024
FINISHING = 3.0
"""Seconds that unfinished responses get when the server stops."""
LINGERING = 1.0
"""Seconds for which the rest of a refused body is read, so that the client sees the answer."""
CONNECTIONS = web.AppKey("connections", Connections)
BOTH = {"": ("0.0.0.0", "::"), "localhost": ("127.0.0.1", "::1")}  # noqa: S104 — where a setting asks for it
NO_SUCH_FAMILY = (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT)
SAFE = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"}


@dataclass(frozen=True, slots=True)
class Monitoring:
    """What `/healthz`, `/readyz` and `/metrics` answer with.

    Attributes:
        checks: the checks of `/readyz`, by name. The response has the names of failing checks and the reasons.
        metrics: the metrics that `/metrics` exports.
        refresh: awaited before each export of the metrics.
        details: returns more members of the answer of `/readyz`, which do not change its status.
    """

    checks: Mapping[str, Check]
    metrics: CollectorRegistry
    refresh: Callable[[], Awaitable[None]] | None = None
    details: Callable[[], Awaitable[Mapping[str, object]]] | None = None

    def routes(self, watchers: Watchers) -> Sequence[web.RouteDef]:
        """Return the routes; only `watchers` see the metrics, and what fails and why."""

        async def readyz(request: web.Request) -> web.Response:
            return await self._ready(all_of_it=watchers.admit(request))

        async def exposed(request: web.Request) -> web.Response:
            if not watchers.admit(request):
                raise web.HTTPNotFound
            return await self._exposed()

        return (web.get("/healthz", _healthz), web.get("/readyz", readyz), web.get("/metrics", exposed))

    async def _ready(self, *, all_of_it: bool) -> web.Response:
        faults = {name: await _fault(check) for name, check in self.checks.items()}
        failing = {name: fault for name, fault in faults.items() if fault is not None}
        body: dict[str, object] = {"status": "failing" if failing else "ok"}
        if all_of_it:
            body |= {"failing": list(failing), "reasons": failing}
            body |= await self.details() if self.details else {}
        return web.json_response(body, status=503 if failing else 200, headers=SAFE)

    async def _exposed(self) -> web.Response:
        if self.refresh:
            await self.refresh()
        headers = {**SAFE, "Content-Type": CONTENT_TYPE_PLAIN_0_0_4}
        return web.Response(body=generate_latest(self.metrics), headers=headers)


async def _healthz(_: web.Request) -> web.Response:
    return web.json_response({"status": "ok"}, headers=SAFE)


def build(
    monitoring: Monitoring,
    routes: Iterable[web.AbstractRouteDef] = (),
    connections: Connections | None = None,
    watchers: Watchers | None = None,
) -> web.Application:
    """Build the application of one port.

    Args:
        monitoring: the answers for the operator's monitoring.
        routes: the routes of the platforms, and of the pages.
        connections: limits the connections of the server; None for the default limits.
        watchers: decides who may see metrics and failures; None for clients with a private address.
    """
    connections = Connections() if connections is None else connections
    app = web.Application(client_max_size=MOST_BYTES)
    app[CONNECTIONS] = connections
    app.add_routes([*monitoring.routes(watchers or Watchers()), *routes])
    return app


async def _fault(check: Check) -> str | None:
    """Run a check; return why it fails, None if it passes."""
    try:
        await check()
    except NotReadyError as error:
        return str(error)
    except (OSError, RuntimeError) as error:
        return type(error).__name__
    return None


class NotReadyError(Exception):
    """Raised by a readiness check: the process cannot serve requests now.

    The text says why, in a few words without names of files and hosts, because everybody may read it.
    """


class WebError(HallwayError):
    """The HTTP server cannot start; the message has the address and the settings to change."""


def _reason(fault: OSError | None) -> str:
    """Return the system's text for the error. asyncio's own text repeats the address, which our message has already."""
    if fault is None or fault.errno is None or fault.errno <= 0:
        return "no such address"
    return os.strerror(fault.errno)


def hosts_of(setting: str) -> tuple[str, ...]:
    """Return the addresses to listen on.

    Args:
        setting: addresses separated by commas. `localhost` means the loopback addresses of IPv4 and IPv6; an empty
            setting means all interfaces.
    """
    listed = [host.strip().strip("[]") for host in setting.split(",") if host.strip()]
    return tuple(host for address in listed or [""] for host in BOTH.get(address.casefold(), (address,)))


@asynccontextmanager
async def serve(app: web.Application, host: str, port: int, setting: str = "HALLWAY_HTTP_PORT") -> AsyncIterator[int]:
    """Serve on all addresses of `hosts_of(host)` while the block runs, and yield the port.

    If `host` means both IPv4 and IPv6 and the machine has only one of them, that one is enough.

    Args:
        app: the application to serve.
        host: the setting that `hosts_of` reads.
        port: 0 for any free port, the same for all addresses.
        setting: the name of the setting that has the port, for the error.

    Raises:
        WebError: the server cannot listen on one of the addresses.
    """
    # aiohttp's own limit of idle connections stays longer than that of `connections`, which closes them.
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=FINISHING, lingering_time=LINGERING)
    await runner.setup()
    assert runner.server is not None
    runner.server.request_handler = tracking(app[CONNECTIONS], runner.server.request_handler)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(runner.cleanup)
        connections = app[CONNECTIONS]
        listening = await _listening(partial(LimitedProtocol, connections, runner.server), host, port, setting)
        for server in listening:
            stack.callback(server.close)
        closing = asyncio.create_task(connections.keep_closing_overdue())
        stack.callback(closing.cancel)
        yield int(listening[0].sockets[0].getsockname()[1])


async def _listening(
    make: Callable[[], asyncio.Protocol], setting: str, port: int, port_setting: str
) -> list[asyncio.Server]:
    """Listen on all addresses of a setting; nothing stays open if one of them fails."""
    hosts = hosts_of(setting)
    either = {address for pair in BOTH.values() for address in pair}
    listening: list[asyncio.Server] = []
    fault: OSError | None = None
    for host in hosts:
        try:
            listening.append(await asyncio.get_running_loop().create_server(make, host, port))
        except OSError as error:
            fault = error
            if host not in either or error.errno not in NO_SUCH_FAMILY:
                break
        else:
            # All addresses use the same port: if `port` is 0, the first address gets a free one for all.
            port = port or int(listening[0].sockets[0].getsockname()[1])
    else:
        if listening:
            return listening
    for server in listening:
        server.close()
    reason = _reason(fault)
    raise WebError(
        f"The web side cannot listen on {host} port {port} ({reason}): change HALLWAY_HTTP_HOST or {port_setting}."
    )
