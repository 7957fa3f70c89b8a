"""Ends the process within ten seconds of SIGTERM, whatever hangs."""

import asyncio
import faulthandler
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

import structlog

from bot.app.runtime.tasks import cancel_all
from bot.domain.errors import HallwayError
from bot.domain.phrases import phrase

ORDERLY, CUTTING_SHORT = 6.0, 1.0
"""Seconds for an orderly end after a signal, and for what is left of it after it was cancelled."""
LAST_RESORT = 9.0
"""Seconds after a signal at which the process prints what each thread does, and ends with status 1."""
TIDYING = 0.3
"""Seconds for the remaining tasks, and again for the remaining threads, after the work has ended."""
SIGNALS = (signal.SIGTERM, signal.SIGINT)

log = structlog.get_logger("hallway.run")


@dataclass(slots=True)
class Shutdown:
    """Tells the work of a process to end.

    Attributes:
        signalled: set at the first signal.
        is_awaited: set by the work when it has started and waits for `signalled`; until then a signal cancels it.
    """

    signalled: asyncio.Event = field(default_factory=asyncio.Event)
    is_awaited: bool = False


async def until_signalled(work: Callable[[Shutdown], Coroutine[Any, Any, None]]) -> None:
    """Run `work` until it ends. After a signal it has `ORDERLY` seconds to end; then it is cancelled."""
    stop = Shutdown()
    for number in SIGNALS:
        asyncio.get_running_loop().add_signal_handler(number, stop.signalled.set)
        # asyncio's own handler does nothing until the loop runs again. Python calls this one even in a busy loop.
        signal.signal(number, _arm_last_resort)
    working = asyncio.create_task(work(stop))
    waiting = asyncio.create_task(stop.signalled.wait())
    try:
        await asyncio.wait({working, waiting}, return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            if not stop.is_awaited:
                working.cancel()
            await asyncio.wait({working}, timeout=ORDERLY)
        if not working.done():
            log.warning("stopping takes too long, so it is cut short", at=_where(working))
            await cancel_all([working], CUTTING_SHORT)
    finally:
        waiting.cancel()
    if working.done() and not working.cancelled():
        working.result()


def run(work: Coroutine[Any, Any, None]) -> None:
    """Run `work` as `asyncio.run` does, but wait neither for tasks nor for threads that do not end.

    Python waits for every thread of its thread pools before it ends: one that hangs keeps the process alive for good.
    """
    with asyncio.Runner() as runner:
        loop = runner.get_loop()
        pool = ThreadPoolExecutor(thread_name_prefix="hallway")
        loop.set_default_executor(pool)
        fault: BaseException | None = None
        try:
            runner.run(work)
        except (HallwayError, KeyboardInterrupt) as error:
            fault = error
        tasks = [task.get_name() for task in loop.run_until_complete(_remaining())]
        pool.shutdown(wait=False, cancel_futures=True)
        threads = _remaining_threads()
        if tasks or threads:
            log.warning("the process ends although a part of it still runs", tasks=tasks, threads=threads)
            if fault:
                print(f"hallway: {fault}" if str(fault) else phrase("hallway: stopped"), file=sys.stderr)
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(1 if fault else 0)
    if fault:
        raise fault


async def _remaining() -> list[asyncio.Task[Any]]:
    """Cancel all tasks, and those that they start meanwhile; return those that still run."""
    ends = asyncio.get_running_loop().time() + TIDYING
    while others := asyncio.all_tasks() - {asyncio.current_task()}:
        seconds = ends - asyncio.get_running_loop().time()
        if seconds <= 0:
            return list(others)
        await cancel_all(others, seconds)
    return []


def _remaining_threads() -> list[str]:
    """Wait a moment for the threads for which Python waits before it ends; return the names of those that still run."""
    ends = time.perf_counter() + TIDYING
    while (blocking := _blocking_threads()) and time.perf_counter() < ends:
        time.sleep(TIDYING / 10)
    return blocking


def _blocking_threads() -> list[str]:
    main = threading.main_thread()
    return [thread.name for thread in threading.enumerate() if thread is not main and not thread.daemon]


def _arm_last_resort(number: int, frame: FrameType | None) -> None:
    """Let a thread that needs nothing of Python end the process if nothing else does."""
    del number, frame
    faulthandler.dump_traceback_later(LAST_RESORT, exit=True, file=sys.__stderr__ or sys.stderr)


def _where(task: asyncio.Task[Any]) -> str:
    """The places in the code at which a task waits, outermost first."""
    places: list[str] = []
    awaited: Any = task.get_coro()
    while frame := getattr(awaited, "cr_frame", None) or getattr(awaited, "ag_frame", None):
        places.append(f"{Path(frame.f_code.co_filename).name}:{frame.f_lineno}")
        awaited = getattr(awaited, "cr_await", None) or getattr(awaited, "ag_await", None)
    return " > ".join(places)
