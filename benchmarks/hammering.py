"""A client of HTTP that does as little as possible; as a process, it asks a server again and again until it is stopped.

`python -m benchmarks.hammering PORT FILE` sends the requests in FILE, a JSON list, over connections that stay open.
"""

import asyncio
import json
import sys
import time
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import cast

from benchmarks.children import running

CONNECTIONS = 8


@dataclass
class Client(asyncio.Protocol):
    """Sends one request after another on one connection, and reads the answers; it does as little as possible."""

    requests: Sequence[bytes]
    times: int
    done: asyncio.Future[None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    statuses: set[bytes] = field(default_factory=set)
    bytes_left: int = 0
    sent: int = 0
    buffer: bytearray = field(default_factory=bytearray)
    transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Send the first request."""
        self.transport = cast("asyncio.Transport", transport)
        self._next()

    def data_received(self, data: bytes) -> None:
        """Read answers; a whole one is followed by the next request."""
        if self.bytes_left:
            self.bytes_left -= len(data)
        else:
            self.buffer += data
            head, separator, rest = bytes(self.buffer).partition(b"\r\n\r\n")
            if not separator:
                return
            self.buffer.clear()
            self.statuses.add(head[9:12])
            length = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
            self.bytes_left = int(length or 0) - len(rest)
        if not self.bytes_left:
            self._next()

    def _next(self) -> None:
        assert self.transport is not None
        if self.sent == self.times:
            self.transport.close()
            self.done.set_result(None)
            return
        self.transport.write(self.requests[self.sent % len(self.requests)])
        self.sent += 1


async def send(port: int, requests: Sequence[bytes], times: int) -> set[bytes]:
    """Send so many requests over some connections at a time, and return the statuses of the answers."""
    loop, clients = asyncio.get_running_loop(), []
    for number in range(CONNECTIONS):
        own_requests = requests[number::CONNECTIONS] or requests
        make = partial(Client, own_requests, times // CONNECTIONS)
        _, client = await loop.create_connection(make, "127.0.0.1", port)
        clients.append(client)
    await asyncio.gather(*(client.done for client in clients))
    return {status for client in clients for status in client.statuses}


async def rate(port: int, requests: Sequence[bytes], times: int, status: bytes) -> float:
    """Requests in a second of processor time, in which this process is client and server."""
    begins = time.process_time()
    assert await send(port, requests, times) == {status}
    return times / (time.process_time() - begins)


@asynccontextmanager
async def hammering(folder: Path, port: int, requests: Sequence[bytes]) -> AsyncIterator[Process]:
    """A process that sends these requests to a port until the block ends."""
    file = folder / f"{port}.json"
    file.write_text(json.dumps([request.decode() for request in requests]))
    async with running("benchmarks.hammering", port, file) as process:
        yield process


if __name__ == "__main__":
    asked = [text.encode() for text in json.loads(Path(sys.argv[2]).read_text())]
    asyncio.run(send(int(sys.argv[1]), asked, sys.maxsize))
