"""Runs the command line as a process of its own."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.forked import LINE, hallway, is_measured, patient_hallway, run_hallway, start

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Hallway:
    """The `hallway` command with a home folder and a database of its own.

    `run` and `start` fork a process that has imported the product, unless `starts_python`: then they start Python anew.
    """

    home: Path
    starts_python: bool = False

    @property
    def environment(self) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("HALLWAY_")}
        return {**inherited, "HOME": str(self.home), "XDG_DATA_HOME": str(self.home / "data"), "PYTHONPATH": str(ROOT)}

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "bot", *arguments]

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

    async def start(
        self, *arguments: str, settings: Mapping[str, str], stdout: int | None = None, is_patient: bool = True
    ) -> Process:
        """Start a process, and pipe its standard error.

        Args:
            arguments: of the command line.
            settings: variables of the environment.
            stdout: `PIPE`, if it is to be piped, too.
            is_patient: whether the process ends on a busy machine too without being cut short.
        """
        environment = {**self.environment, **settings}
        if self.starts_python or is_measured():
            command = self.command(*arguments)
            patient = ["tests.support.patient" if part == "bot" else part for part in command]
            return await asyncio.create_subprocess_exec(
                *(patient if is_patient else command),
                stdout=stdout,
                stderr=PIPE,
                cwd=self.home,
                env=environment,
                limit=LINE,
            )
        target = patient_hallway if is_patient else hallway
        return await start(target, arguments, stdout=stdout, stderr=PIPE, cwd=self.home, env=environment)

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
