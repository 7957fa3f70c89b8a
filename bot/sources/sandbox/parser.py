"""The parent's side: starts a child for each file, and kills it when it passes a limit."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

from bot.domain.errors import ScheduleImportError
from bot.domain.imports.draft import Draft
from bot.domain.phrases import phrase
from bot.sources.field_map import FieldMap
from bot.sources.sandbox import wire
from bot.sources.sandbox.limits import MIB, ParserLimits

AT_ONCE = 2
"""Children of one process: more would only share the processors and multiply the memory."""
ROOT = Path(__file__).parents[3]
START = """
import gc, os, sys
gc.set_threshold(50_000, 20, 50)
sys.path[:] = sys.argv[3:]
from bot.sources.sandbox.child import main
main(*map(int, sys.argv[1:3]))
os._exit(0)
"""
"""The command of the child. Without `site` (-S) and environment (-I) it starts in half the time, without secrets; it
searches for unused objects rarely, and ends without taking its objects apart."""
CHUNK = 256 * 1024
NEEDED = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
"""Variables without which some builds of Python do not start."""


def command(limits: ParserLimits) -> list[str]:
    """Return the command that starts a child which finds the modules that this process finds."""
    paths = dict.fromkeys([str(ROOT), *map(os.path.abspath, sys.path)])
    return [sys.executable, "-I", "-S", "-B", "-c", START, str(limits.seconds), str(limits.memory), *paths]


@dataclass(frozen=True, slots=True)
class SandboxedParser:
    """The `ports.Parser` in a child process. `starter` returns the command of the child."""

    limits: ParserLimits = field(default_factory=ParserLimits)
    starter: Callable[[ParserLimits], list[str]] = command
    _free: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    async def __call__(self, data: bytes, name: str, format_name: str = "", fields: FieldMap | None = None) -> Draft:
        """Parse `data` with the mapping `fields`, if there is one; otherwise as in `ports.Parser`."""
        async with self._free:
            output, code = await self._run(wire.ParseRequest(name, format_name, fields).encoded(), data, name)
        # In a thread, and line by line: fifty thousand sessions take seconds.
        try:
            outcome = await asyncio.to_thread(wire.decoded, BytesIO(output))
        except wire.WireError:
            raise self._killed(name, code) from None
        if isinstance(outcome, Draft):
            return outcome
        if isinstance(outcome, ScheduleImportError):
            raise outcome
        how, where = outcome
        raise _crashed(name, where) if how == wire.CRASH else self._too_large(name)

    async def _run(self, request: bytes, data: bytes, name: str) -> tuple[bytes, int]:
        """Return the output and the exit status of a child; raises `ScheduleImportError` if it is slow or talkative."""
        child = await asyncio.create_subprocess_exec(
            *self.starter(self.limits),
            stdin=PIPE,
            stdout=PIPE,
            stderr=DEVNULL,
            cwd="/",
            env={name: os.environ[name] for name in NEEDED if name in os.environ},
            start_new_session=True,
            limit=CHUNK,
        )
        try:
            async with asyncio.timeout(self.limits.patience):
                _, output = await asyncio.gather(_feed(child, request, data), self._output(child, name))
                return output, await child.wait()
        except TimeoutError:
            raise ScheduleImportError(
                "{name} could not be read within {patience} s, because it is very large or this machine is busy: "
                "try again later, or split it.",
                name=name,
                patience=f"{self.limits.patience:g}",
            ) from None
        finally:
            await _reap(child)

    async def _output(self, child: Process, name: str) -> bytes:
        assert child.stdout
        output = bytearray()
        while chunk := await child.stdout.read(CHUNK):
            output += chunk
            if len(output) > self.limits.output:
                most = self.limits.output // MIB
                raise ScheduleImportError(
                    "{name} has more than {most} MiB of text in its sessions: split it.", name=name, most=most
                )
        return bytes(output)

    def _killed(self, name: str, code: int) -> ScheduleImportError:
        if code == -signal.SIGXCPU:
            return self._slow(name)
        # Nobody else kills a child but a system that runs out of memory.
        return (
            self._too_large(name)
            if code == -signal.SIGKILL
            else _crashed(name, phrase("exit status {code}", code=code))
        )

    def _slow(self, name: str) -> ScheduleImportError:
        return ScheduleImportError(
            "{name} takes longer than {seconds} s to read, the limit for a schedule, so it is refused: "
            "export it again, "
            "or split it.",
            name=name,
            seconds=self.limits.seconds,
        )

    def _too_large(self, name: str) -> ScheduleImportError:
        return ScheduleImportError(
            "{name} needs more than {memory} MiB of memory to read, the limit for a schedule, so it is refused: "
            "export it again, or split it.",
            name=name,
            memory=self.limits.memory // MIB,
        )


async def _feed(child: Process, request: bytes, data: bytes) -> None:
    assert child.stdin
    # If the child has ended already, its output says why.
    with suppress(BrokenPipeError, ConnectionResetError):
        child.stdin.write(request)
        child.stdin.write(data)
        await child.stdin.drain()
    child.stdin.close()


async def _reap(child: Process) -> None:
    """Kill the child if it is still alive, and wait for its end even if the task is cancelled."""
    if child.returncode is None:
        # Kill the whole group: a compromised parser may have started processes.
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
    await asyncio.shield(_drained(child))


async def _drained(child: Process) -> None:
    """Read what is left in the pipe and wait for the end, so that no file of the child stays open."""
    assert child.stdin
    assert child.stdout
    while await child.stdout.read(CHUNK):
        pass
    await child.wait()
    child.stdin.close()
    with suppress(BrokenPipeError, ConnectionResetError):
        await child.stdin.wait_closed()


def _crashed(name: str, where: str) -> ScheduleImportError:
    return ScheduleImportError(
        "{name} cannot be read, because Hallway's parser fails on it ({where}): please report it with the file.",
        name=name,
        where=where,
    )
