"""Small runs of benchmarks whose processes are forked: nearly all of their time would be for imports."""

from asyncio.subprocess import Process
from typing import Any

from benchmarks import children
from tests.support import forked


async def _start(module: str, *arguments: str, **options: Any) -> Process:
    return await forked.start(forked.module, module, arguments, **options)


def run_small(name: str) -> None:
    """What a child does as `python -m benchmarks.NAME --small`."""
    children.start = _start
    forked.module(f"benchmarks.{name}", ["--small"])
