"""Processes that the benchmarks measure: each starts with clean memory, and may be killed."""

import asyncio
import json
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

Result = dict[str, Any]
TICKS = os.sysconf("SC_CLK_TCK")


async def start(module: str, *arguments: str, **options: Any) -> Process:
    """Start `python -m MODULE ARGUMENTS`; `options` are those of asyncio. The tests fork it from another process."""
    return await asyncio.create_subprocess_exec(sys.executable, "-m", module, *arguments, **options)


async def result_of(module: str, *arguments: object) -> Result:
    """The JSON object that `python -m benchmarks.MODULE ARGUMENTS` prints on its last line.

    Raises:
        RuntimeError: the process failed; the text is its standard error.
    """
    process = await start(f"benchmarks.{module}", *map(str, arguments), stdout=PIPE, stderr=PIPE)
    out, error = await process.communicate()
    if process.returncode:
        raise RuntimeError(error.decode())
    result: Result = json.loads(out.decode().splitlines()[-1])
    return result


def print_result(**facts: object) -> None:
    """The other side of `result_of`."""
    print(json.dumps(facts))


@asynccontextmanager
async def running(*command: object, **settings: str) -> AsyncIterator[Process]:
    """`python -m COMMAND`, stopped when the block ends; `settings` are environment variables."""
    process = await start(*map(str, command), env={**os.environ, **settings}, stderr=DEVNULL)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


def processor_seconds(process: Process) -> float:
    """User and system time of a process so far."""
    fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS
