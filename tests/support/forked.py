"""Child processes that are forked from one that has already imported the product.

Nearly all of the second of processor time that `python -m bot` needs is for imports. While lines are counted for
coverage, `run_hallway` and `start_hallway` start Python instead, because the lines of a forked process are not counted.
"""

import asyncio
import multiprocessing
import os
import random
import runpy
import signal
import subprocess
import sys
import threading
from asyncio.base_subprocess import BaseSubprocessTransport
from asyncio.subprocess import DEVNULL, PIPE, Process, SubprocessStreamProtocol
from collections.abc import Callable, Mapping, Sequence
from multiprocessing import forkserver
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryFile
from types import TracebackType
from typing import IO, Any, Self

ROOT = Path(__file__).parents[2]
LONGEST = 120
"""Seconds until a command that should end is killed."""
LINE = 1 << 22
"""Bytes of the longest line that a test reads."""
_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["tests.support.preloaded"])
_STARTING = threading.Lock()


def _start_server() -> None:
    """Start the process from which children are forked, once; it finds the product whatever the current folder is."""
    if forkserver.get_inherited_fds() is not None:
        # This is such a child, and knows where its server is; Python would start another one.
        vars(forkserver._forkserver)["ensure_running"] = lambda: None
        return
    with _STARTING:
        before = os.environ.get("PYTHONPATH")
        os.environ["PYTHONPATH"] = str(ROOT)
        try:
            forkserver.ensure_running()
        finally:
            del os.environ["PYTHONPATH"]
            os.environ.update({} if before is None else {"PYTHONPATH": before})


class Forked:
    """A forked child. Its attributes and methods are those of `subprocess.Popen`, and mean the same.

    The child has its own process id, streams, environment and folder, and gets its signals itself.
    """

    def __init__(
        self,
        target: Callable[..., object],
        *arguments: object,
        stdin: int | None = None,
        stdout: int | None = None,
        stderr: int | None = None,
        cwd: Path = ROOT,
        env: Mapping[str, str] | None = None,
        text: bool = True,
    ) -> None:
        """Call `target` in a child."""
        _start_server()
        mine: list[Connection | None] = []
        its: list[Connection] = []
        for number, stream in enumerate((stdin, stdout, stderr)):
            if stream == PIPE:
                reads, writes = _CONTEXT.Pipe(duplex=False)
                mine.append(reads if number else writes)
                its.append(writes if number else reads)
            else:
                mine.append(None)
                its.append(_inherited(number, stream))
        variables = dict(os.environ if env is None else env)
        self._process = _CONTEXT.Process(target=_child, args=(target, arguments, cwd, variables, its))
        self._process.start()
        for each in its:
            each.close()
        self.pid = self._process.pid or 0
        self.returncode: int | None = None
        self.stdin, self.stdout, self.stderr = (_file(each, text=text) if each else None for each in mine)

    @property
    def sentinel(self) -> int:
        """A descriptor that can be read as soon as the child has ended."""
        return self._process.sentinel

    def poll(self) -> int | None:
        # The sentinel stays open: whoever waits for it would never hear of the end.
        if self.returncode is None:
            self.returncode = self._process.exitcode
        return self.returncode

    def close(self) -> None:
        """Release the sentinel of a child that has ended."""
        self._process.close()

    def wait(self, timeout: float | None = None) -> int:
        if self.returncode is None:
            self._process.join(timeout)
        code = self.poll()
        if code is None:
            raise subprocess.TimeoutExpired(repr(self._process), timeout or 0)
        return code

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def communicate(self, text: str = "", timeout: float | None = None) -> tuple[str, str]:
        """As of `subprocess.Popen`, for a child that writes no more than fits into a pipe."""
        if self.stdin:
            self.stdin.write(text)
            self.stdin.close()
        self.wait(timeout)
        return self.stdout.read() if self.stdout else "", self.stderr.read() if self.stderr else ""

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the pipes and wait for the end; if the test has failed, kill the child before."""
        if kind:
            self.kill()
        for each in (self.stdin, self.stdout, self.stderr):
            if each:
                each.close()
        self.wait()
        self.close()


def _inherited(number: int, stream: int | None) -> Connection:
    """Standard stream `number` of a child, of which this process needs no end."""
    shared = number if stream is None else stream
    descriptor = os.open(os.devnull, os.O_RDWR) if stream == DEVNULL else os.dup(shared)
    return Connection(descriptor, readable=number == 0, writable=number > 0)


def _file(connection: Connection, *, text: bool) -> IO[Any]:
    """This process's end of a pipe as a file; as asyncio needs it, if it is not for text."""
    descriptor, mode = os.dup(connection.fileno()), "w" if connection.writable else "r"
    connection.close()
    return os.fdopen(descriptor, mode, encoding="utf-8") if text else os.fdopen(descriptor, f"{mode}b", buffering=0)


def _child(
    target: Callable[..., object],
    arguments: Sequence[object],
    folder: Path,
    environment: Mapping[str, str],
    streams: Sequence[Connection],
) -> None:
    random.seed()
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    for number, stream in enumerate(streams):
        os.dup2(stream.fileno(), number)
        stream.close()
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 — open as long as the process lives
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115 — as above
    sys.stderr = open(2, "w", buffering=1, encoding="utf-8", errors="backslashreplace", closefd=False)  # noqa: SIM115 — as above
    target(*arguments)


class _Transport(BaseSubprocessTransport):
    """Lets asyncio watch a forked child."""

    def _start(self, *_: object, forked: Forked, **__: object) -> None:  # type: ignore[override]  # as asyncio calls it
        self._proc = forked  # type: ignore[assignment]  # which has all that is used of a Popen
        self._loop.add_reader(forked.sentinel, self._ended, forked)

    def _ended(self, forked: Forked) -> None:
        self._loop.remove_reader(forked.sentinel)
        code = forked.wait()
        forked.close()
        self._process_exited(code)


async def start(target: Callable[..., object], *arguments: object, **options: Any) -> Process:
    """Call `target` in a child, and return what `asyncio.create_subprocess_exec` returns; `options` as for `Forked`."""
    loop = asyncio.get_running_loop()
    protocol, connected = SubprocessStreamProtocol(limit=LINE, loop=loop), loop.create_future()
    streams = {name: options.get(name) for name in ("stdin", "stdout", "stderr")}
    forked = Forked(target, *arguments, text=False, **options)
    transport = _Transport(loop, protocol, (), False, **streams, bufsize=0, waiter=connected, forked=forked)
    await connected
    return Process(transport, protocol, loop)


def exit_code(target: Callable[..., object], *arguments: object, timeout: float = LONGEST) -> int:
    """Call `target` in a child process.

    Returns:
        The exit status; for a child that a signal ended, the negative number of the signal.

    Raises:
        subprocess.TimeoutExpired: the child did not end within `timeout` seconds, and was killed.
    """
    with Forked(target, *arguments) as child:
        return child.wait(timeout)


def exit_code_of_script(source: str, *arguments: str) -> int:
    """Run `source` as `python -c` does, with its arguments in `sys.argv`; returns as `exit_code`."""
    return exit_code(script, source, arguments)


def start_script(source: str, *arguments: str, **options: Any) -> "subprocess.Popen[str] | Forked":
    """Start `python -c` with its arguments; `options` as for `Forked`."""
    if is_measured():
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        return subprocess.Popen([sys.executable, "-c", source, *arguments], text=True, env=environment, **options)
    return Forked(script, source, arguments, **options)


def start_hallway(
    arguments: Sequence[str], home: Path, environment: Mapping[str, str], **options: Any
) -> "subprocess.Popen[str] | Forked":
    """Start the command line in `home`; `options` as for `Forked`."""
    if is_measured():
        command = [sys.executable, "-m", "bot", *arguments]
        return subprocess.Popen(command, text=True, cwd=home, env=environment, **options)
    return Forked(hallway, arguments, cwd=home, env=environment, **options)


def script(source: str, arguments: Sequence[str]) -> None:
    """What a child does as `python -c`."""
    sys.argv = ["-c", *arguments]
    exec(compile(source, "<script>", "exec"), {"__name__": "__main__"})


def hallway(arguments: Sequence[str]) -> None:
    """What a child does as `python -m bot`."""
    sys.argv = ["hallway", *arguments]
    from bot.__main__ import main

    main()


def hallway_alone(arguments: Sequence[str]) -> None:
    """As `hallway`, but each module of Hallway that the command needs is imported anew, and by the command itself."""
    for name in [each for each in sys.modules if each.partition(".")[0] in ("bot", "adapters", "migrations")]:
        del sys.modules[name]
    hallway(arguments)


def module(name: str, arguments: Sequence[str]) -> None:
    """What a child does as `python -m`."""
    sys.argv = [name, *arguments]
    runpy.run_module(name, run_name="__main__")


def patient_hallway(arguments: Sequence[str]) -> None:
    """What a child does as `python -m tests.support.patient`."""
    from tests.support.patient import lengthen

    lengthen()
    hallway(arguments)


def run_hallway(
    arguments: Sequence[str],
    home: Path,
    environment: Mapping[str, str],
    lines: str = "",
    target: Callable[[Sequence[str]], None] = hallway,
) -> subprocess.CompletedProcess[str]:
    """Run the command line, `target`, in `home`, with `lines` as its standard input."""
    if is_measured():
        return subprocess.run(
            [sys.executable, "-m", "bot", *arguments],
            input=lines,
            capture_output=True,
            encoding="utf-8",
            cwd=home,
            env=environment,
            timeout=LONGEST,
            check=False,
        )
    return run(target, arguments, lines=lines, cwd=home, env=environment)


def run(
    target: Callable[..., object], *arguments: object, lines: str = "", timeout: float = LONGEST, **options: Any
) -> subprocess.CompletedProcess[str]:
    """As `subprocess.run`, for a call of `target` in a child; `lines` is its standard input."""
    with TemporaryFile() as read, TemporaryFile() as out, TemporaryFile() as errors:
        read.write(lines.encode())
        read.seek(0)
        streams: dict[str, Any] = {"stdin": read.fileno(), "stdout": out.fileno(), "stderr": errors.fileno()}
        with Forked(target, *arguments, **streams, **options) as child:
            code = child.wait(timeout)
        written = []
        for each in (out, errors):
            each.seek(0)
            written.append(each.read().decode())
        return subprocess.CompletedProcess([target.__name__, *map(str, arguments)], code, *written)


def is_measured() -> bool:
    """Whether the lines that child processes execute are counted."""
    return "COVERAGE_PROCESS_CONFIG" in os.environ
