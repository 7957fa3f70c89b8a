"""Processes of our own to measure in: each with clean memory and a clean event loop, and one JSON object to say."""

import asyncio
import gc
import json
import os
import sys
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Self

Told = dict[str, Any]
OURS, RIVAL = "ours_at_work", "rivals_at_work"
IN_FLIGHT = 20
"""Messages under way at once, where sending takes time."""


async def told_by(module: str, *arguments: object, seconds: float = 900) -> Told:
    """What `python -m benchmarks.MODULE ARGUMENTS` says on its last line; raises what it said if it failed."""
    return await said_by(await spawned(module, *arguments), seconds)


async def said_by(process: asyncio.subprocess.Process, seconds: float = 900) -> Told:
    """What a process says on its last line, once it is through; raises what it said if it failed."""
    out, error = await asyncio.wait_for(process.communicate(), seconds)
    if process.returncode:
        raise RuntimeError(f"a process failed with status {process.returncode}:\n{error.decode()}")
    said: Told = json.loads(out.decode().splitlines()[-1])
    return said


async def spawned(module: str, *arguments: object) -> asyncio.subprocess.Process:
    """The process, as it starts."""
    command = (sys.executable, "-m", f"benchmarks.{module}", *map(str, arguments))
    pipe = asyncio.subprocess.PIPE
    # Without a buffer Python forgets the rest of what it writes, if it is stopped and goes on in the middle of it.
    environment = {**os.environ, "PYTHONUNBUFFERED": ""}
    return await asyncio.create_subprocess_exec(*command, stdout=pipe, stderr=pipe, limit=2**24, env=environment)


def say(**facts: object) -> None:
    """Our own JSON object."""
    sys.stdout.write(json.dumps(facts) + "\n")
    sys.stdout.flush()


def play(roles: Iterable[Callable[..., Coroutine[Any, Any, None]]], arguments: Sequence[str]) -> None:
    """Play the role that is named first, with the other arguments: numbers where they are some."""
    by_name = {role.__name__: role for role in roles}
    if arguments:
        asyncio.run(by_name[arguments[0]](*map(_read, arguments[1:])))


def _read(argument: str) -> Any:
    try:
        return json.loads(argument)
    except json.JSONDecodeError:
        return argument


def told(key: str, at: float) -> None:
    """Say what a platform took, at once: whoever kills us sees everything."""
    sys.stdout.write(f"{key} {at:.3f}\n")
    sys.stdout.flush()


async def watched(seconds: float) -> None:
    """Says what this process used, and what it held more in the end, after a third to settle down."""
    await asyncio.sleep(seconds / 3)
    gc.collect()
    before, held, begins = time.process_time(), resident(), time.perf_counter()
    await asyncio.sleep(seconds * 2 / 3)
    used, took = time.process_time() - before, time.perf_counter() - begins
    gc.collect()
    now = resident()
    say(share=used / took, held=now, grown=now - held)


def resident() -> int:
    """Bytes of memory that this process holds now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE")


class Stalls:
    """The longest time for which the event loop did not come round."""

    def __init__(self) -> None:
        self.longest = 0.0
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._watch())
        await asyncio.sleep(0)
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._task:
            self._task.cancel()

    async def _watch(self) -> None:
        before = time.perf_counter()
        while True:
            await asyncio.sleep(0.001)
            now = time.perf_counter()
            self.longest, before = max(self.longest, now - before), now


async def settled(count: Callable[[], int], wanted: int, quiet: float = 8) -> None:
    """Until `count` is `wanted`, or nothing more has come for `quiet` seconds of an event loop that comes round."""
    before, looks = count(), 0
    while before < wanted and looks < quiet * 20:
        await asyncio.sleep(0.05)
        now = count()
        looks = 0 if now > before else looks + 1
        before = now


@asynccontextmanager
async def in_background(work: Any) -> AsyncIterator[None]:
    """Something that runs while the block does, and is cancelled with it."""
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def filled(key: str, place: str, count: int) -> None:
    """A rival's store with `count` reminders that have just come due; nobody has sent them yet."""
    # APScheduler sends what is due while the others are still being added.
    due_in = 3 + count / 12 if key.startswith("jobs") else -20
    said = await told_by(RIVAL, "fill", key, place, count, due_in)
    assert said["ready"] < said["due"] or due_in < 0, "they came due while they were added"
    await asyncio.sleep(max(said["due"] + 2 - time.time(), 0))


def place_of(key: str, folder: str, url: str) -> str:
    """Where a rival keeps its reminders: in a file, or in the PostgreSQL at `url`."""
    file = str(Path(folder) / f"{key}-{time.time_ns()}.db")
    places = {"timers": file, "jobs-sql": f"sqlite:///{file}", "jobs-sql-patient": f"sqlite:///{file}"}
    return places.get(key, url)
