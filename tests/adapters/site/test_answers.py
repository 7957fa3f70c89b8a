"""Answers that are sent as bytes made before are the same as those that aiohttp makes."""

import asyncio
import gzip
import re

import pytest

from tests.adapters.site.harness import SiteHarness

OPEN = "HTTP/1.1\r\nHost: hallway.example.org\r\n"


async def raw(
    site: SiteHarness, path: str, method: str = "GET", rest: str = OPEN
) -> tuple[str, dict[str, str], bytes, bool]:
    """The status line, the headers without the date, the body, and whether the connection stays open."""
    host, _, port = site.url.removeprefix("http://").partition(":")
    site.seconds += 6
    reader, writer = await asyncio.open_connection(host, int(port))
    try:
        writer.write(f"{method} {path} {rest}\r\n".encode())
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        line, *lines = head.strip().split("\r\n")
        headers = dict(pair.split(": ", 1) for pair in lines)
        has_body = method != "HEAD" and line.split()[1] != "304"
        body = await reader.readexactly(int(headers["Content-Length"]) if has_body else 0)
        stays = headers.get("Connection") != "close" and not line.startswith("HTTP/1.0")
        if stays:
            # The next answer begins where this one ended.
            writer.write(f"GET /healthz {OPEN}\r\n".encode())
            assert (await reader.readline()).startswith(b"HTTP/1.1 200")
        else:
            assert await reader.read() == b""
    finally:
        writer.close()
        await writer.wait_closed()
    assert re.fullmatch(r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT", headers.pop("Date"))
    for name in ("Server", "Connection"):
        headers.pop(name, None)
    return line.partition(" ")[2], headers, body, stays


@pytest.mark.parametrize("name", ["", "agenda.ics", "sw.js"])
@pytest.mark.parametrize("more", ["", "Accept-Encoding: gzip\r\n", "If-None-Match: *\r\n"])
async def test_every_kind_of_request_gets_the_same_answer(site: SiteHarness, name: str, more: str) -> None:
    await site.app.all("/hotel MGM", "/attend ARC301", "/attend SEC203")
    path = f"/p/{await site.secret()}/{name}"
    status, headers, body, stays = await raw(site, path, rest=OPEN + more)
    assert stays
    closed = await raw(site, path, rest=f"{OPEN}{more}Connection: close\r\n")
    assert closed == (status, headers, body, False)
    old = await raw(site, path, rest=f"HTTP/1.0\r\n{more}")
    assert old == (status, headers, body, False)
    asked = await raw(site, path, "HEAD", OPEN + more)
    assert (asked[0], asked[1] | {"Content-Length": ""}) == (status, headers | {"Content-Length": ""})
    if more.startswith("Accept"):
        whole = await raw(site, path)
        assert gzip.decompress(body) == whole[2]
        assert headers["ETag"] == whole[1]["ETag"]


async def test_requests_that_are_sent_before_the_answers_are_answered_in_order(site: SiteHarness) -> None:
    path = f"/p/{await site.secret()}/"
    host, _, port = site.url.removeprefix("http://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    asked = [f"GET {path} {OPEN}If-None-Match: *\r\n\r\n", f"GET {path}nothing {OPEN}\r\n"] * 3
    writer.write("".join(asked).encode())
    statuses = []
    for _ in asked:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        statuses.append(int(head.split()[1]))
        length = re.search(r"Content-Length: (\d+)", head)
        await reader.readexactly(int(length[1]) if length else 0)
    writer.close()
    await writer.wait_closed()
    assert statuses == [304, 404] * 3
