"""A server of schedules on real sockets: well-behaved, or as bad as they come."""

import asyncio
import gzip
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(slots=True)
class ScheduleHost:
    """Answers with `body` under an ETag of `version`; `answers` come first, one after another."""

    body: bytes = b"{}"
    version: int = 1
    answers: list[Answer] = field(default_factory=list)
    asked: list[dict[str, str]] = field(default_factory=list)
    port: int = 0
    arrived: asyncio.Queue[dict[str, str]] = field(default_factory=asyncio.Queue)
    released: asyncio.Event = field(default_factory=asyncio.Event)

    def url(self, path: str = "/schedule.csv", host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def publish(self, body: bytes) -> None:
        self.body, self.version = body, self.version + 1

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(dict(request.headers))
        self.arrived.put_nowait(dict(request.headers))
        if self.answers:
            return await self.answers.pop(0)(request)
        etag = f'"v{self.version}"'
        if request.headers.get("If-None-Match") == etag:
            return web.Response(status=304, headers={"ETag": etag})
        return web.Response(body=self.body, headers={"ETag": etag})


@asynccontextmanager
async def schedule_host(body: bytes = b"{}") -> AsyncIterator[ScheduleHost]:
    """A server on a free port of this machine."""
    host = ScheduleHost(body)
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", host.handle)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host.port = runner.addresses[0][1]
    try:
        yield host
    finally:
        host.released.set()
        await runner.cleanup()


def status(code: int, **headers: str) -> Answer:
    """Only a status, with headers such as `Retry_After`."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}

    async def answer(_: web.Request) -> web.StreamResponse:
        return web.Response(status=code, headers=named)

    return answer


def redirect(to: str) -> Answer:
    """Elsewhere."""
    return status(302, Location=to)


def packed(body: bytes, packing: str = "gzip") -> Answer:
    """A body that is packed already."""

    async def answer(_: web.Request) -> web.StreamResponse:
        return web.Response(body=body, headers={"Content-Encoding": packing})

    return answer


def bomb(mib: int) -> bytes:
    """Gzip that unpacks to so many MiB of nothing."""
    return gzip.compress(bytes(mib * 1024**2), 9)


def dripping(host: ScheduleHost) -> Answer:
    """A few bytes, and then nothing until the host is released."""

    async def answer(request: web.Request) -> web.StreamResponse:
        stream = web.StreamResponse(headers={"Content-Length": "1000"})
        await stream.prepare(request)
        await stream.write(b"drip")
        await host.released.wait()
        return stream

    return answer


async def truncated(request: web.Request) -> web.StreamResponse:
    """Less than was announced, and then the line is dead."""
    stream = web.StreamResponse(headers={"Content-Length": "1000"})
    await stream.prepare(request)
    await stream.write(b"half of it")
    if request.transport:
        request.transport.close()
    return stream


async def hung_up(request: web.Request) -> web.StreamResponse:
    """Nothing at all."""
    if request.transport:
        request.transport.close()
    return web.Response()


def raw(*headers: bytes, body: bytes = b"", code: int = 200) -> Answer:
    """Headers as they are, byte by byte: a library would refuse to send some of them."""
    lines = (b"HTTP/1.1 %d X" % code, b"Content-Length: %d" % len(body), b"Connection: close", *headers, b"", body)

    async def answer(request: web.Request) -> web.StreamResponse:
        if request.transport:
            request.transport.write(b"\r\n".join(lines))
            request.transport.close()
        return web.Response()

    return answer
