"""How fast a page and a 304 are, beside a bare route of aiohttp in the same run, with 2,000 and with 20,000 attendees.

50 people look at their pages again and again, over connections that stay open. Rates are requests in a second of the
processor time of one process that is client and server, so all sides have the same cost of the client, and other
programs on the machine change little. All sides take turns; the medians of the ratios of each turn count.

Then answers in the chat are timed while nothing else happens, while another process reads the pages as fast as it can,
and while it reads a bare route of aiohttp in the process that answers the chat. Again all three take turns.
"""

import asyncio
import gzip
import random
import re
import signal
import tempfile
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from aiohttp import ClientSession, web
from prometheus_client import CollectorRegistry

from adapters.web import ConnectionLimits, Connections, Monitoring, WebLimits, build, serve
from adapters.web.site import Site
from benchmarks.conference import OPENS, SESSIONS, attendees, filled, schedule, with_choices
from benchmarks.figures import Figure, is_small, percentile, quiet, show
from benchmarks.hammering import hammering, rate
from bot.app.dispatcher.limits import Budget
from bot.app.messages import Request
from bot.app.text.web_side import WebSide
from bot.cli.application import Application, build_application
from bot.domain.attendee.attendee import Community
from bot.pictures.page_map import page_map
from bot.timing.clock import RehearsalClock

VISITORS = 8 if is_small() else 50
STARTING = 0.2 if is_small() else 2.0
"""Seconds in which the processes that hammer start."""
SIDE = WebSide("https://hallway.example.org", ("key",))
LINE = "/nextsession"


def request(path: str, *headers: str) -> bytes:
    """The bytes of a request."""
    return "\r\n".join((f"GET {path} HTTP/1.1", "Host: hallway.example.org", *headers, "", "")).encode()


async def secrets_of(application: Application, count: int) -> list[str]:
    """The private addresses of some people."""
    secrets = []
    for user in range(1, count + 1):
        asked = Request("console", "crowd", f"user{user}", "agenda", "calendar")
        reply = await application.dispatch.handle(asked)
        secrets.append(reply.links[0].url.rpartition("/p/")[2].strip("/"))
    return secrets


@asynccontextmanager
async def serving(folder: Path, count: int) -> AsyncIterator[tuple[int, list[str], Application]]:
    """The pages of a conference with so many attendees: the port, and the secrets of those who look."""
    url, conference = f"sqlite:///{folder / f'{count}.db'}", schedule(SESSIONS)
    people = attendees(count, Community(1, "console", "crowd"))
    store = await filled(url, conference, with_choices(people, conference))
    await store.close()
    async with build_application(url, RehearsalClock(OPENS), {}, [], web=SIDE) as application:
        secrets = await secrets_of(application, min(VISITORS, count))
        async with pages(application, Budget(1e9, 1e9)) as port:
            yield port, secrets, application


@asynccontextmanager
async def pages(application: Application, budget: Budget) -> AsyncIterator[int]:
    """The port of the pages, where each private address has this budget."""
    dispatch = application.dispatch
    limits = WebLimits(time.monotonic, secrets=budget)
    site = Site(dispatch, dispatch.store, SIDE, limits, page_map)
    app = build(Monitoring({}, CollectorRegistry()), site.routes, Connections(ConnectionLimits(total=1_000)))
    async with serve(app, "127.0.0.1", 0) as port:
        yield port


@asynccontextmanager
async def bare(body: bytes) -> AsyncIterator[int]:
    """A route that answers with bytes, on a server without Hallway."""

    async def answer(_: web.Request) -> web.Response:
        return web.Response(body=body, content_type="text/html")

    app = web.Application()
    app.add_routes([web.get("/", answer)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield int(runner.addresses[0][1])
    finally:
        await runner.cleanup()


async def etags(port: int, paths: Sequence[str]) -> dict[str, tuple[str, bytes]]:
    """The ETag and the body of each path."""
    pages = {}
    async with ClientSession() as session:
        for path in paths:
            async with session.get(f"http://127.0.0.1:{port}{path}") as answer:
                assert answer.status == 200
                pages[path] = answer.headers["ETag"], await answer.read()
    return pages


async def first_page(port: int, secret: str) -> float:
    """Milliseconds of processor time of a page that nobody has looked at yet: read from the store and rendered."""
    async with ClientSession() as session:
        begins = time.process_time()
        async with session.get(f"http://127.0.0.1:{port}/p/{secret}/") as answer:
            await answer.read()
        return (time.process_time() - begins) * 1000


@dataclass(frozen=True, slots=True)
class Sizes:
    """Bytes of a page: of the answer that comes first, of what it needs to look right, and of everything."""

    first: int
    style: int
    compressed: int
    whole: int


async def sizes(port: int, secret: str) -> Sizes:
    """Open a page as a browser does that has nothing of it."""
    root, here = f"http://127.0.0.1:{port}/", f"http://127.0.0.1:{port}/p/{secret}/"
    async with ClientSession(auto_decompress=False) as session:

        async def read(url: str) -> tuple[int, bytes]:
            async with session.get(url, headers={"Accept-Encoding": "gzip"}) as answer:
                body = await answer.read()
                head = sum(len(name) + len(value) + 4 for name, value in answer.headers.items())
                packed = answer.headers.get("Content-Encoding") == "gzip"
                return head + len(body), gzip.decompress(body) if packed else body

        first, html = await read(here)
        names = set(re.findall(rb'(?:href|src)="(?:\.\./)*(static/[^"]+)"', html))
        files = {name.decode(): await read(root + name.decode()) for name in names}
        files |= {name: await read(here + name) for name in ("sw.js", "manifest.webmanifest")}
    return Sizes(
        first,
        sum(sent for name, (sent, _) in files.items() if name.endswith(".css")),
        first + sum(sent for sent, _ in files.values()),
        len(html) + sum(len(body) for _, body in files.values()),
    )


async def chat(application: Application, times: int) -> list[float]:
    """Milliseconds of answers in the chat."""
    samples, random_ = [], random.Random(5)
    for _ in range(times):
        asked = Request("console", "crowd", f"user{random_.randint(1, VISITORS)}", LINE.strip("/"))
        begins = time.perf_counter()
        await application.dispatch.handle(asked)
        samples.append((time.perf_counter() - begins) * 1000)
        await asyncio.sleep(0.01)
    return samples


async def rates(sides: Mapping[str, tuple[int, Sequence[bytes], bytes]], times: int, rounds: int) -> dict[str, float]:
    """The rate of the bare route, and the medians of the others' ratios to it."""
    ratios: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(rounds):
        bare_rate = await rate(*sides["bare"][:2], times, b"200")
        ratios["bare"].append(bare_rate)
        for name, (port, requests, status) in sides.items():
            if name != "bare":
                ratios[name].append(await rate(port, requests, times, status) / bare_rate)
    return {name: percentile(samples, 50) for name, samples in ratios.items()}


async def chats(
    application: Application, hammered: Mapping[str, tuple[int, Sequence[bytes]]], folder: Path, times: int, rounds: int
) -> dict[str, list[float]]:
    """Answers in the chat alone, and while each of the ports is hammered in turn by a process of its own."""
    async with AsyncExitStack() as stack:
        processes = {
            name: await stack.enter_async_context(hammering(folder, port, requests))
            for name, (port, requests) in hammered.items()
        }
        await asyncio.sleep(STARTING)
        latencies: dict[str, list[float]] = {name: [] for name in ("alone", *processes)}
        for process in processes.values():
            process.send_signal(signal.SIGSTOP)
        for _ in range(rounds):
            latencies["alone"] += await chat(application, times)
            for name, process in processes.items():
                process.send_signal(signal.SIGCONT)
                await asyncio.sleep(0.1)
                latencies[name] += await chat(application, times)
                process.send_signal(signal.SIGSTOP)
                await asyncio.sleep(0.1)
        for process in processes.values():
            process.send_signal(signal.SIGCONT)
    return latencies


async def main(few: int, many: int, times: int, rounds: int) -> None:
    """Measure both sizes in turn, several times."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        async with AsyncExitStack() as stack:
            small, few_secrets, _ = await stack.enter_async_context(serving(folder, few))
            large, secrets, application = await stack.enter_async_context(serving(folder, many))
            pairs = zip(few_secrets, secrets, strict=True)
            cold = [
                (await first_page(small, small_path), await first_page(large, large_path))
                for small_path, large_path in pairs
            ]
            paths = [f"/p/{secret}/" for secret in secrets]
            calendars = [f"{path}agenda.ics" for path in paths]
            tags = await etags(large, paths) | await etags(large, calendars)
            body = tags[paths[0]][1]
            plain = await stack.enter_async_context(bare(body))

            def unchanged(paths: Sequence[str]) -> list[bytes]:
                return [request(path, f"If-None-Match: {tags[path][0]}") for path in paths]

            asked = [request(path) for path in paths]
            refusing = await stack.enter_async_context(pages(application, Budget(1, 1e-6)))
            await etags(refusing, paths)
            sides = {
                "bare": (plain, [request("/")], b"200"),
                "page": (large, asked, b"200"),
                "few": (small, [request(f"/p/{secret}/") for secret in few_secrets], b"200"),
                "304": (large, unchanged(paths), b"304"),
                "calendar": (large, unchanged(calendars), b"304"),
                "429": (refusing, asked, b"429"),
            }
            ratios = await rates(sides, times, rounds)
            hammered = {"page": (large, asked), "bare": (plain, [request("/")])}
            answered = await chats(application, hammered, folder, max(times // 20, 3), rounds)
            size = await sizes(large, secrets[0])
    alone = percentile(answered["alone"], 99)
    slower = {name: percentile(samples, 99) / alone for name, samples in answered.items()}
    grown = percentile([large / small for small, large in cold], 50)
    show(
        f"Pages of hallway run on SQLite, {SESSIONS:,} sessions, {len(body) / 1024:.1f} KiB",
        [
            Figure("a bare route of aiohttp with the same bytes", ratios["bare"], "requests/s"),
            Figure(f"a page, {many:,} attendees, to the bare route", ratios["page"], "x", at_least=0.3),
            Figure("a 304 of a page, to the bare route", ratios["304"], "x", at_least=0.7),
            Figure("a 304 of a calendar, to the bare route", ratios["calendar"], "x", at_least=0.7),
            Figure("a refusal (429), to the bare route", ratios["429"], "x", at_least=0.5),
            Figure(f"a page, to that with {few:,} attendees", ratios["page"] / ratios["few"], "x", at_least=0.8),
            Figure("the first page of a person: median", percentile([seconds for _, seconds in cold], 50), "ms"),
            Figure(f"the first page, to that with {few:,} attendees", grown, "x", at_most=1.25),
            Figure(f"{LINE} alone: p99", alone, "ms"),
            Figure(f"{LINE} while pages are hammered: p99, to that alone", slower["page"], "x", at_most=1.5),
            Figure(f"{LINE} while a bare route is hammered: p99, to that alone", slower["bare"], "x"),
            Figure("the first answer, compressed", size.first / 1000, "kB", at_most=14.6),
            Figure("the style that it needs, compressed", size.style / 1000, "kB", at_most=14.6),
            Figure("all told, compressed", size.compressed / 1000, "kB"),
            Figure("all told, not compressed", size.whole / 1000, "kB", at_most=150),
        ],
    )


if __name__ == "__main__":
    quiet()
    asyncio.run(main(*((20, 40, 16, 2) if is_small() else (2_000, 20_000, 800, 30))))
