"""The limits of connections: pure, on a clock that the test moves, and over real HTTP."""

import asyncio
from asyncio import StreamReader as Bytes
from asyncio import StreamWriter
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import aiohttp
import pytest
from aiohttp import StreamReader, web
from aiohttp.base_protocol import BaseProtocol
from prometheus_client import CollectorRegistry

from adapters.web import ConnectionLimits, Connections, Monitoring, build, serve
from adapters.web.connections import BUSY, TOO_LARGE, TOO_MANY, TOO_SLOW, Phase, network_of

PUBLIC, OTHER = "8.8.8.8", "9.9.9.9"


class FakeTransport(asyncio.Transport):
    """A connection from an address that notes whether it was closed."""

    def __init__(self, address: str | None) -> None:
        super().__init__({"peername": (address, 4321) if address else None})
        self.is_closed = False

    def abort(self) -> None:
        self.is_closed = True


@dataclass
class World:
    """Connections on a clock that stands still."""

    limits: ConnectionLimits
    now: float = 0.0
    refused: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.connections = Connections(self.limits, lambda: self.now, lambda reason: self.refused.update([reason]))

    def opened(self, address: str | None = PUBLIC) -> FakeTransport:
        transport = FakeTransport(address)
        assert self.connections.admit(transport)
        return transport

    def body(self) -> StreamReader:
        loop = asyncio.get_running_loop()
        return StreamReader(BaseProtocol(loop), 1024, loop=loop)

    def works(self, transport: FakeTransport) -> StreamReader:
        body = self.body()
        self.connections.request_begins(transport, body)
        return body


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("8.8.8.8", "8.8.8.8"),
        ("127.0.0.1", ""),
        ("10.1.2.3", ""),
        ("192.168.0.1", ""),
        ("172.17.0.1", ""),
        ("169.254.1.1", ""),
        ("::1", ""),
        ("fe80::1%eth0", ""),
        ("fd00::1", ""),
        ("::ffff:8.8.8.8", "8.8.8.8"),
        ("::ffff:10.0.0.1", ""),
        ("2606:4700:1:2:3:4:5:6", "2606:4700:1:2::/64"),
        ("no address", ""),
        (None, ""),
    ],
)
def test_public_addresses_are_counted_and_those_of_proxies_are_not(address: str | None, network: str) -> None:
    assert network_of(FakeTransport(address)) == network


async def test_the_oldest_waiting_connection_makes_room_for_a_new_one() -> None:
    world = World(ConnectionLimits(total=2, per_address=0))
    first, second = world.opened(), world.opened(OTHER)
    world.works(first).feed_eof()
    third = world.opened()
    assert (first.is_closed, second.is_closed, third.is_closed) == (False, True, False)
    assert world.refused == {TOO_MANY: 1}
    assert len(world.connections) == 2


async def test_whoever_holds_the_most_connections_loses_one_first() -> None:
    world = World(ConnectionLimits(total=4, per_address=0))
    quiet = world.opened(OTHER)
    greedy = [world.opened() for _ in range(3)]
    world.opened("1.1.1.1")
    assert not quiet.is_closed
    assert [connection.is_closed for connection in greedy] == [True, False, False]


async def test_a_connection_is_refused_where_all_others_work() -> None:
    world = World(ConnectionLimits(total=2, per_address=0))
    for transport in (world.opened(), world.opened()):
        world.works(transport).feed_eof()
    assert not world.connections.admit(FakeTransport(OTHER))
    assert world.refused == {TOO_MANY: 1}


async def test_a_request_whose_body_has_not_arrived_makes_room() -> None:
    world = World(ConnectionLimits(total=1, per_address=0))
    transport = world.opened()
    world.works(transport)
    assert world.connections.count(Phase.BODY) == 1
    world.opened(OTHER)
    assert transport.is_closed


async def test_one_public_address_has_a_limit_of_its_own_and_a_proxy_has_none() -> None:
    world = World(ConnectionLimits(total=100, per_address=3))
    of_one = [world.opened() for _ in range(5)]
    assert [connection.is_closed for connection in of_one] == [True, True, False, False, False]
    others = [world.opened(address) for address in (OTHER, "127.0.0.1", "10.0.0.1") for _ in range(3)]
    proxied = [world.opened("10.0.0.1") for _ in range(20)]
    assert not any(connection.is_closed for connection in (*others, *proxied))


@pytest.mark.parametrize("limit", [0, 3])
async def test_an_address_that_works_on_all_its_connections_gets_no_more(limit: int) -> None:
    world = World(ConnectionLimits(total=100, per_address=limit))
    for _ in range(3):
        world.works(world.opened()).feed_eof()
    assert world.connections.admit(FakeTransport(PUBLIC)) is (limit == 0)


async def test_each_phase_has_a_time_limit() -> None:
    limits = ConnectionLimits(head=10, body=20, working=30, idle=40)
    world = World(limits)
    silent, sending, working, idle, slow_again = (world.opened() for _ in range(5))
    world.works(sending)
    world.works(working).feed_eof()
    for transport in (idle, slow_again):
        world.works(transport).feed_eof()
        world.connections.request_ends(transport)
    world.connections.data_received(slow_again)
    assert [world.connections.count(phase) for phase in Phase] == [2, 1, 1, 1]
    closed = {}
    for world.now in (10, 10.5, 20, 20.5, 30, 30.5, 40, 40.5):
        world.connections.close_overdue()
        closed[world.now] = [connection.is_closed for connection in (silent, slow_again, sending, working, idle)]
    assert closed == {
        10: [False, False, False, False, False],
        10.5: [True, True, False, False, False],
        20: [True, True, False, False, False],
        20.5: [True, True, True, False, False],
        30: [True, True, True, False, False],
        30.5: [True, True, True, True, False],
        40: [True, True, True, True, False],
        40.5: [True, True, True, True, True],
    }
    assert world.refused == {TOO_SLOW: 4}
    assert len(world.connections) == 0


def test_a_byte_now_and_then_prolongs_nothing() -> None:
    world = World(ConnectionLimits(head=10))
    transport = world.opened()
    for world.now in range(1, 11):
        world.connections.data_received(transport)
    world.now = 10.5
    world.connections.close_overdue()
    assert transport.is_closed


# Over real HTTP.


async def slow(request: web.Request) -> web.Response:
    await request.read()
    return web.Response(text="all of it")


@asynccontextmanager
async def served(limits: ConnectionLimits) -> AsyncIterator[tuple[int, Connections]]:
    connections = Connections(limits)
    app = build(Monitoring({}, CollectorRegistry()), [web.post("/slow", slow)], connections=connections)
    async with serve(app, "127.0.0.1", 0) as port:
        yield port, connections


async def health(port: int) -> int:
    async with (
        aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(60)) as client,
        client.get(f"http://127.0.0.1:{port}/healthz") as answer,
    ):
        return answer.status


async def until_open(connections: Connections, count: int) -> None:
    async with asyncio.timeout(60):
        while len(connections) != count:  # noqa: ASYNC110 — the server is not made to tell
            await asyncio.sleep(0.01)


async def test_a_health_check_is_answered_while_somebody_holds_more_connections_than_there_may_be() -> None:
    async with served(ConnectionLimits(total=20)) as (port, connections):
        held = [await asyncio.open_connection("127.0.0.1", port) for _ in range(60)]
        await until_open(connections, 20)
        assert [await health(port) for _ in range(3)] == [200, 200, 200]
        assert len(connections) <= 20
        for _, writer in held:
            writer.close()


UNFINISHED = {
    "nothing": b"",
    "half a line": b"GET /heal",
    "half a head": b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ",
    "half a body": b"POST /slow HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc",
    "half a chunk": b"POST /slow HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
}


@pytest.mark.parametrize("after", ["", "a whole request"])
async def test_an_unfinished_request_is_closed(after: str) -> None:
    limits = ConnectionLimits(head=0.05, body=0.05, idle=0.05)
    async with served(limits) as (port, connections):

        async def is_closed(unfinished: bytes) -> bool:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            if after:
                writer.write(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
                assert (await reader.readline()).startswith(b"HTTP/1.1 200")
            writer.write(unfinished)
            with suppress(TimeoutError):
                await rest_of(reader)
                writer.close()
                return True
            return False

        closed = await asyncio.gather(*map(is_closed, UNFINISHED.values()))
        assert dict(zip(UNFINISHED, closed, strict=True)) == dict.fromkeys(UNFINISHED, True)
        await until_open(connections, 0)


async def rest_of(reader: Bytes) -> bytes:
    """What comes until the server closes the connection."""
    async with asyncio.timeout(60):
        try:
            return await reader.read()
        except ConnectionResetError:
            return b""


async def test_a_connection_that_is_too_many_is_told_to_come_back() -> None:
    async with served(ConnectionLimits(total=1, body=60)) as (port, connections):
        _, busy = await asyncio.open_connection("127.0.0.1", port)
        await until_open(connections, 1)
        (connection,) = connections._open.values()
        connection.body = StreamReader(BaseProtocol(asyncio.get_running_loop()), 1024)
        connection.body.feed_eof()
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        assert await rest_of(reader) == BUSY
        for client in (busy, writer):
            client.close()


async def test_a_client_that_reads_nothing_is_closed_when_its_time_is_over() -> None:
    async with served(ConnectionLimits(idle=0.05, working=0.05)) as (port, connections):
        writer: StreamWriter
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n" * 200)
        await until_open(connections, 0)
        writer.close()


async def test_a_connection_that_is_in_use_stays_open() -> None:
    async with served(ConnectionLimits(head=60)) as (port, connections), aiohttp.ClientSession() as client:
        for _ in range(3):
            async with client.get(f"http://127.0.0.1:{port}/healthz") as answer:
                assert answer.status == 200
            connections.close_overdue()
        async with client.post(f"http://127.0.0.1:{port}/slow", data=b"x" * 100_000) as answer:
            assert await answer.text() == "all of it"
        assert len(connections) == 1


# The bytes of unfinished requests.


async def test_unfinished_requests_share_a_limit_in_bytes_and_the_greediest_address_pays() -> None:
    world = World(ConnectionLimits(unfinished=1_000, per_address=0))
    quiet, *greedy = world.opened(OTHER), *(world.opened() for _ in range(4))
    for world.now, transport in enumerate((quiet, *greedy), 1):
        world.works(transport)
        world.connections.data_parsed(transport, 240)
    assert [connection.is_closed for connection in (quiet, *greedy)] == [False, True, False, False, False]
    assert world.connections.held == 4 * 240
    assert world.refused == {TOO_LARGE: 1}


async def test_bytes_count_until_the_request_is_complete_answered_or_gone() -> None:
    world = World(ConnectionLimits(unfinished=1_000, per_address=0))
    complete, answered, gone = (world.opened() for _ in range(3))
    bodies = [world.works(connection) for connection in (complete, answered, gone)]
    for connection in (complete, answered, gone):
        world.connections.data_parsed(connection, 100)
    held = [world.connections.held]
    bodies[0].feed_eof()
    world.connections.data_parsed(complete, 100)
    held.append(world.connections.held)
    world.connections.request_ends(answered)
    world.connections.data_parsed(answered, 500)  # the rest of a body that was refused is read and thrown away
    held.append(world.connections.held)
    world.connections.remove(gone)
    assert [*held, world.connections.held] == [300, 200, 100, 0]


async def test_one_request_that_is_larger_than_the_limit_is_closed() -> None:
    world = World(ConnectionLimits(unfinished=1_000))
    transport = world.opened()
    world.connections.data_parsed(transport, 1_001)
    assert transport.is_closed
    assert (world.connections.held, len(world.connections)) == (0, 0)


async def gathering(request: web.Request) -> web.Response:
    """Keeps the parts of a body until it is complete, as the routes of Slack do."""
    parts = [part async for part in request.content.iter_any()]
    return web.Response(text=str(sum(map(len, parts))))


async def test_many_who_send_large_bodies_without_an_end_hold_no_more_than_the_limit() -> None:
    most, size = 1_000_000, 100_000
    connections = Connections(ConnectionLimits(unfinished=most))
    app = build(Monitoring({}, CollectorRegistry()), [web.post("/gather", gathering)], connections=connections)
    head = b"POST /gather HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n"
    held: list[int] = []
    async with serve(app, "127.0.0.1", 0) as port:
        flood = [await asyncio.open_connection("127.0.0.1", port) for _ in range(40)]
        for _, writer in flood:
            with suppress(ConnectionError):
                writer.write(head % (size + 1) + b"x" * size)
                await writer.drain()
        async with asyncio.timeout(60):
            # Everything has arrived where all but those within the limit are closed.
            while len(connections) > most // size:
                held.append(connections.held)
                await asyncio.sleep(0.01)
        async with (
            aiohttp.ClientSession() as client,
            client.post(f"http://127.0.0.1:{port}/gather", data=b"x" * size) as answer,
        ):
            assert await answer.text() == str(size)
        assert await health(port) == 200
        assert max([*held, connections.held]) <= most
        for _, writer in flood:
            writer.close()
