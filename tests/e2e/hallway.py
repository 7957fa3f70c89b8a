"""Runs the command line as a process of its own."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from asyncio.subprocess import Process
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.forked import run_hallway

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Hallway:
    """The `hallway` command with a home folder and a database of its own.

    `run` forks a process that has imported the product, unless `starts_python`: then it starts Python anew.
    """

    home: Path
    starts_python: bool = False

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("HALLWAY_")}
        return {**kept, "HOME": str(self.home), "XDG_DATA_HOME": str(self.home / "data"), "PYTHONPATH": str(ROOT)}

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "bot", *arguments]

    def patient(self, *arguments: str) -> list[str]:
        """The same command, which ends on a busy machine too without being cut short."""
        return ["tests.support.patient" if each == "bot" else each for each in self.command(*arguments)]

    def run(self, *arguments: str, lines: str = "", **settings: str) -> subprocess.CompletedProcess[str]:
        environment = {**self.environment, **settings}
        if not self.starts_python:
            return run_hallway(arguments, self.home, environment, lines)
        return subprocess.run(
            self.command(*arguments),
            input=lines,
            capture_output=True,
            text=True,
            cwd=self.home,
            env=environment,
            timeout=120,
            check=False,
        )

    def messages(self, *arguments: str, lines: str) -> list[dict[str, Any]]:
        """The JSON lines of a conversation."""
        done = self.run(*arguments, "--json", lines=lines)
        assert (done.returncode, done.stderr) == (0, ""), done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]


async def stopped(process: Process, seconds: float = 180) -> None:
    """As whoever upgrades it stops it: it ends well, and in time."""
    process.send_signal(signal.SIGTERM)
    async with asyncio.timeout(seconds):
        assert await process.wait() == 0
