"""Child processes that are forked from one that has already imported the product.

Nearly all of the second of processor time that `python -m bot` needs is for imports. While lines are counted for
coverage, `run_hallway` starts a real process, because the lines of a forked one are not counted.
"""

import multiprocessing
import os
import random
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from multiprocessing import forkserver
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PRELOADED = ("alembic.command", "bot.cli.backup", "bot.cli.demo", "bot.cli.import_", "tests.crash_points")
_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(list(PRELOADED))
_STARTING = threading.Lock()


def _start_server() -> None:
    """Start the process from which children are forked, once; it finds the product whatever the current folder is."""
    with _STARTING, pytest.MonkeyPatch.context() as environment:
        environment.setenv("PYTHONPATH", str(ROOT))
        forkserver.ensure_running()


def exit_code(target: Callable[..., object], *arguments: object, timeout: float = 120) -> int:
    """Call `target` in a child process.

    Returns:
        The exit status; for a child that a signal ended, the negative number of the signal.

    Raises:
        subprocess.TimeoutExpired: the child did not end within `timeout` seconds, and was killed.
    """
    _start_server()
    process = _CONTEXT.Process(target=target, args=arguments)
    process.start()
    process.join(timeout)
    if process.exitcode is None:
        process.kill()
        process.join()
        raise subprocess.TimeoutExpired(repr(target), timeout)
    code = process.exitcode
    process.close()
    return code


def exit_code_of_script(source: str, *arguments: str) -> int:
    """Run `source` as `python -c` does, with its arguments in `sys.argv`; returns as `exit_code`."""
    return exit_code(_script, source, arguments)


def _script(source: str, arguments: Sequence[str]) -> None:
    random.seed()
    sys.argv = ["-c", *arguments]
    exec(compile(source, "<script>", "exec"), {"__name__": "__main__"})


def run_hallway(
    arguments: Sequence[str], home: Path, environment: Mapping[str, str], lines: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run the command line in `home`, with `lines` as its standard input."""
    command = [sys.executable, "-m", "bot", *arguments]
    if "COVERAGE_PROCESS_CONFIG" in os.environ:
        return subprocess.run(
            command,
            input=lines,
            capture_output=True,
            encoding="utf-8",
            cwd=home,
            env=environment,
            timeout=120,
            check=False,
        )
    with tempfile.TemporaryDirectory(prefix="hallway-streams-") as folder:
        streams = [Path(folder) / name for name in ("in", "out", "err")]
        for stream in streams:
            stream.touch()
        streams[0].write_text(lines, "utf-8")
        code = exit_code(_hallway, arguments, home, dict(environment), streams)
        return subprocess.CompletedProcess(command, code, *(each.read_text("utf-8") for each in streams[1:]))


def _hallway(arguments: Sequence[str], home: Path, environment: Mapping[str, str], streams: Sequence[Path]) -> None:
    random.seed()
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(home)
    for number, stream in enumerate(streams):
        opened = os.open(stream, os.O_WRONLY if number else os.O_RDONLY)
        os.dup2(opened, number)
        os.close(opened)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 — open as long as the process lives
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115 — as above
    sys.stderr = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115 — as above
    sys.argv = ["hallway", *arguments]
    from bot.__main__ import main

    main()
