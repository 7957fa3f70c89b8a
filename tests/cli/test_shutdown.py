"""A process ends after SIGTERM, whatever hangs in it."""

import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.support.forked import Forked, start_script

SOON = 60
"""Seconds; the limits of the script are shorter than a second each, and a process that hangs does so for good."""
SCRIPT = """
import asyncio, re, sys, time
import structlog
from bot.cli import shutdown

structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))

shutdown.ORDERLY = shutdown.CUTTING_SHORT = 0.5
shutdown.LAST_RESORT = 3

def say(what):
    print(what, flush=True)

async def orderly(stop):
    stop.is_awaited = True
    say("ready")
    await stop.signalled.wait()
    say("finished")

async def starts_for_ever(stop):
    say("ready")
    await asyncio.sleep(3600)

async def thread_hangs(stop):
    stop.is_awaited = True
    work = asyncio.create_task(asyncio.to_thread(time.sleep, 3600))
    await asyncio.sleep(0.1)
    await orderly(stop)

async def finishes_never(stop):
    await orderly(stop)
    await asyncio.sleep(3600)

async def ignores_cancellation(stop):
    await orderly(stop)
    while True:
        try:
            await asyncio.sleep(3600)
        except asyncio.CancelledError:
            pass

async def starts_others(stop):
    async def again():
        try:
            await asyncio.sleep(3600)
        finally:
            tasks.append(asyncio.create_task(again()))
    tasks = [asyncio.create_task(again())]
    await asyncio.sleep(0)
    await orderly(stop)

async def python_is_busy(stop):
    stop.is_awaited = True
    say("ready")
    while True:
        pass

async def expression_is_busy(stop):
    stop.is_awaited = True
    say("ready")
    re.match("(a*)*b", "a" * 60)

shutdown.run(shutdown.until_signalled(globals()[sys.argv[1]]))
say("ended")
"""


@contextmanager
def started(what: str) -> Iterator[subprocess.Popen[str] | Forked]:
    with start_script(SCRIPT, what, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        try:
            assert process.stdout
            assert process.stdout.readline() == "ready\n"
            yield process
        finally:
            process.kill()


def stopped(what: str) -> tuple[int, str, str]:
    with started(what) as process:
        process.send_signal(signal.SIGTERM)
        out, errors = process.communicate(timeout=SOON)
        return process.wait(), out, errors


def test_it_finishes_what_it_holds() -> None:
    assert stopped("orderly") == (0, "finished\nended\n", "")


def test_while_it_starts_it_ends_at_once() -> None:
    assert stopped("starts_for_ever") == (0, "ended\n", "")


def test_a_thread_of_the_pool_that_hangs_keeps_no_process_alive() -> None:
    status, out, errors = stopped("thread_hangs")
    assert (status, out) == (0, "finished\n")
    assert "still runs" in errors
    assert "hallway_0" in errors


def test_what_does_not_end_is_cut_short_and_the_log_says_where_it_waited() -> None:
    status, out, errors = stopped("finishes_never")
    assert (status, out) == (0, "finished\nended\n")
    assert "cut short" in errors


@pytest.mark.parametrize("what", ["ignores_cancellation", "starts_others"])
def test_what_ignores_that_it_is_cancelled_is_left_behind(what: str) -> None:
    status, out, errors = stopped(what)
    assert (status, out) == (0, "finished\n")
    assert "still runs" in errors


@pytest.mark.parametrize("what", ["python_is_busy", "expression_is_busy"])
def test_a_frozen_process_says_where_and_ends(what: str) -> None:
    status, _, errors = stopped(what)
    assert status == 1
    assert "Timeout" in errors
    assert what in errors
