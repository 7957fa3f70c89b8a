"""SIGTERM is obeyed while the database is locked."""

import sqlite3
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.e2e.hallway import Hallway, stopped

SECONDS = 25
"""Twice and a half the limit. The process that was seen did not end in 30 seconds, and waits of the database were as long."""


@asynccontextmanager
async def running(hallway: Hallway) -> AsyncIterator[Process]:
    settings = {"HALLWAY_HTTP_PORT": "0", "HALLWAY_LOG_LEVEL": "debug"}
    process = await hallway.start("run", settings=settings, is_patient=False)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def until_logged(process: Process, what: str) -> None:
    assert process.stderr
    while line := await process.stderr.readline():
        if what in line.decode():
            return
    pytest.fail(f"it ended before it said {what!r}")


@pytest.mark.parametrize("when", ["while it serves", "while it starts"])
async def test_sigterm_is_obeyed_while_the_database_is_locked(hallway: Hallway, when: str) -> None:
    assert hallway.run("migrate").returncode == 0
    other = sqlite3.connect(hallway.home / "data" / "hallway" / "hallway.db", isolation_level=None)
    if when == "while it starts":
        other.execute("BEGIN EXCLUSIVE")
    async with running(hallway) as process:
        await until_logged(process, "serving" if when == "while it serves" else "starting")
        if when == "while it serves":
            other.execute("BEGIN EXCLUSIVE")
        await stopped(process, SECONDS)
    other.close()
