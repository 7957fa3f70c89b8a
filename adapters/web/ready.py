"""Answers whose bytes were made before: they are sent as they are, for less than half of what an answer costs else."""

from collections.abc import Mapping
from http import HTTPStatus

from aiohttp import HttpVersion11, web
from aiohttp.abc import AbstractStreamWriter
from aiohttp.helpers import rfc822_formatted_time
from typing_extensions import override

BODILESS = 304
"""A status whose answers have neither a body nor its length."""


def head_of(status: int, headers: Mapping[str, str], content: bytes) -> bytes:
    """Return the status line and the headers of an answer, to which more headers may be added."""
    lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    lines += [] if status == BODILESS else [f"Content-Length: {len(content)}"]
    return "".join(f"{line}\r\n" for line in lines).encode()


def can_be_ready(request: web.Request) -> bool:
    """Whether an answer to a request needs no other headers: an ordinary GET over a connection that stays open."""
    return request.version == HttpVersion11 and request.method == "GET" and request.keep_alive


class ReadyAnswer(web.StreamResponse):
    """An answer with a head and a body of bytes; only for requests of which `can_be_ready` is true."""

    def __init__(self, status: int, head: bytes, content: bytes) -> None:
        super().__init__(status=status)
        self._head, self._content = head, content

    @property
    @override
    def keep_alive(self) -> bool:
        """Whether the connection stays open."""
        return True

    @override
    async def prepare(self, request: web.BaseRequest) -> AbstractStreamWriter | None:
        """Send the answer."""
        transport = request.transport
        if transport is None or transport.is_closing():
            raise ConnectionResetError("the client has gone")
        transport.write(b"%bDate: %b\r\n\r\n%b" % (self._head, rfc822_formatted_time().encode(), self._content))
        # A client that reads nothing gets nothing more, as with any other answer.
        await request.writer.drain()
        return None

    @override
    async def write_eof(self, data: bytes = b"") -> None:
        """Nothing is left to send."""
