"""A feed that was good turns hostile while `hallway run` follows it: nothing else stands still."""

import asyncio
import time
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.e2e.hallway import Hallway, stopped
from tests.e2e.test_feeds import AT, HEAD, LOCAL, SLOTS, TO, imported, table
from tests.e2e.test_watching import asked, serving
from tests.fake_servers.schedule_host import ScheduleHost, schedule_host

FASTER = "600"
"""The rehearsed clock runs 600 times as fast as the real one."""
NOTHING = {"HALLWAY_LOG_LEVEL": "info", **LOCAL}
FAILED, CHANGED = '"a feed failed"', '"a feed changed"'
OPEN_TAGS = "".join((HEAD.replace("room", "room,abstract"), *SLOTS[:9], SLOTS[9].rstrip(), ",", "<a" * 60_000, "\n"))
HOSTILE = {
    "a row of comments": (b"<!-- -->" * 40 + b"x", FAILED),
    "nothing but brackets": (b'[{"title": 1, "' + b"(" * 2_000_000 + b'": 1}]', FAILED),
    "open tags": (OPEN_TAGS.encode(), CHANGED),
}


@pytest.fixture
async def host() -> AsyncIterator[ScheduleHost]:
    async with schedule_host(table(*SLOTS)) as made:
        yield made


async def slowest_answer(port: int, done: asyncio.Event) -> float:
    """The longest time in seconds that the health check took until `done`."""
    slowest = 0.0
    while not done.is_set():
        begun = time.monotonic()
        assert (await asked(port, "/healthz"))[0] == 200
        slowest = max(slowest, time.monotonic() - begun)
        await asyncio.sleep(0.02)
    return slowest


@pytest.mark.slow
@pytest.mark.parametrize("kind", HOSTILE)
async def test_it_is_read_or_shown_as_failing_while_health_checks_are_answered_and_stopping_works(
    hallway: Hallway, host: ScheduleHost, kind: str
) -> None:
    assert (await imported(hallway, host.url(), *TO))[0] == 0
    body, event = HOSTILE[kind]
    host.publish(body)
    async with serving(hallway, *AT, "--speed", FASTER, **NOTHING) as (process, port, written):
        read = asyncio.Event()
        health = asyncio.create_task(slowest_answer(port, read))
        async with asyncio.timeout(180):
            while not any(event in line for line in written):  # noqa: ASYNC110 — another process writes them
                await asyncio.sleep(0.05)
        read.set()
        assert await health < 30
        await stopped(process)
    doctor = await asyncio.to_thread(hallway.run, "doctor")
    assert ("fault  feed of tiny: failing" in doctor.stdout) == (event == FAILED)


def children(process: Process) -> list[int]:
    return [int(pid) for pid in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()]


def is_alive(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


@pytest.mark.slow
async def test_a_file_that_is_being_read_does_not_delay_the_end(hallway: Hallway, host: ScheduleHost) -> None:
    assert (await imported(hallway, host.url(), *TO))[0] == 0
    host.publish(b"<schedule>" + b"<a/>" * 7_000_000 + b"</schedule>")
    async with serving(hallway, *AT, "--speed", FASTER, **NOTHING) as (process, _, written):
        async with asyncio.timeout(180):
            while not (reading := children(process)):  # noqa: ASYNC110 — the child is another process's
                await asyncio.sleep(0.02)
        await stopped(process)
    assert not any(FAILED in line for line in written)
    assert not [pid for pid in reading if is_alive(pid)]
