"""One aiohttp server: `/healthz`, `/readyz`, `/metrics` and the routes that other platforms offer."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager

from aiohttp import web
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

Check = Callable[[], Awaitable[None]]
"""Raises what keeps us from being ready."""
MOST_BYTES = 1024 * 1024
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
    except (OSError, RuntimeError, NotReady):
        return False
    return True


class NotReady(Exception):
    """What a check raises."""


@asynccontextmanager
async def serve(app: web.Application, host: str, port: int) -> AsyncIterator[int]:
    """Serves while the block runs; gives the port, which is a free one for port 0."""
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port)
        await site.start()
        yield int(runner.addresses[0][1])
    finally:
        await runner.cleanup()
