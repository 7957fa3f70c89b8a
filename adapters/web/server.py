"""One aiohttp server: `/healthz`, `/readyz`, `/metrics` and the routes that other platforms offer."""

import errno
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager

from aiohttp import web
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from bot.domain.errors import HallwayError

Check = Callable[[], Awaitable[None]]
"""Raises what keeps us from being ready."""
MOST_BYTES = 1024 * 1024
FINISHING = 3.0
"""Seconds for the answers under way when we stop."""
BOTH = {"": ("0.0.0.0", "::"), "localhost": ("127.0.0.1", "::1")}  # noqa: S104 — where a setting asks for it
NO_SUCH_FAMILY = (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT)
SAFE = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"}


def build(
    checks: Mapping[str, Check],
    metrics: CollectorRegistry,
    routes: Iterable[web.AbstractRouteDef] = (),
    refresh: Callable[[], Awaitable[None]] | None = None,
) -> web.Application:
    """The application; a check that fails is named to nobody but the caller, and without its reason.

    `refresh` is awaited before the metrics are told.
    """

    async def healthz(_: web.Request) -> web.Response:
        return web.json_response({"status": "ok"}, headers=SAFE)

    async def readyz(_: web.Request) -> web.Response:
        failing = [name for name, check in checks.items() if not await _passes(check)]
        body = {"status": "failing" if failing else "ok", "failing": failing}
        return web.json_response(body, status=503 if failing else 200, headers=SAFE)

    async def exposed(_: web.Request) -> web.Response:
        if refresh:
            await refresh()
        return web.Response(body=generate_latest(metrics), headers={**SAFE, "Content-Type": CONTENT_TYPE_PLAIN_0_0_4})

    app = web.Application(client_max_size=MOST_BYTES)
    own = (web.get("/healthz", healthz), web.get("/readyz", readyz), web.get("/metrics", exposed))
    app.add_routes([*own, *routes])
    return app


async def _passes(check: Check) -> bool:
    try:
        await check()
    except (OSError, RuntimeError, NotReadyError):
        return False
    return True


class NotReadyError(Exception):
    """What a check raises."""


class WebError(HallwayError):
    """The web side cannot be served; the sentence says where, and what to change."""


def _reason(fault: OSError | None) -> str:
    """What the system calls it; asyncio puts the address before that, which we say ourselves."""
    if fault is None or fault.errno is None or fault.errno <= 0:
        return "no such address"
    return os.strerror(fault.errno)


def hosts_of(setting: str) -> tuple[str, ...]:
    """The addresses to listen on: those listed, both of this machine for `localhost`, all of them for nothing."""
    listed = [host.strip().strip("[]") for host in setting.split(",") if host.strip()]
    return tuple(host for each in listed or [""] for host in BOTH.get(each.casefold(), (each,)))


@asynccontextmanager
async def serve(app: web.Application, host: str, port: int) -> AsyncIterator[int]:
    """Serves while the block runs, on all of `hosts_of(host)`; gives the port, which is a free one for port 0.

    Raises `WebError`. A machine without IPv6, or without IPv4, serves the other where `host` means both.
    """
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=FINISHING)
    await runner.setup()
    try:
        yield await _listening(runner, host, port)
    finally:
        await runner.cleanup()


async def _listening(runner: web.AppRunner, setting: str, port: int) -> int:
    hosts = hosts_of(setting)
    either = {each for pair in BOTH.values() for each in pair}
    fault: OSError | None = None
    for host in hosts:
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            fault = error
            if host not in either or error.errno not in NO_SUCH_FAMILY:
                break
        else:
            # All addresses have the same port, also where the first of them chose it.
            port = port or int(runner.addresses[0][1])
    else:
        if runner.addresses:
            return port
    reason = _reason(fault)
    message = (
        f"The web side cannot listen on {host} port {port} ({reason}): change HALLWAY_HTTP_HOST or HALLWAY_HTTP_PORT."
    )
    raise WebError(message)
