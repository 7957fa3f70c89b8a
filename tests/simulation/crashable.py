"""Processes that die between any two steps, as `kill -9` would have it."""

import asyncio
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any


class Killed(BaseException):
    """Raised in whatever a dead process still tries to do."""


@dataclass(eq=False)
class Mortal:
    """Dies at step number `dies_at`, if ever: then nothing of it goes on, and nothing that it left open is kept."""

    dies_at: int | None = None
    steps: int = 0
    dead: bool = False
    tasks: dict[asyncio.Task[Any], None] = field(default_factory=dict)
    on_death: Callable[[], None] = lambda: None

    async def step(self) -> None:
        """Between two steps everybody else gets a turn, and this is where death comes."""
        self.count()
        await asyncio.sleep(0)
        self.check()

    def count(self) -> None:
        self.check()
        self.steps += 1
        if self.steps == self.dies_at:
            self.die()
        self.check()

    def check(self) -> None:
        if self.dead:
            raise Killed

    def die(self) -> None:
        if self.dead:
            return
        self.dead = True
        self.on_death()
        for task in list(self.tasks):
            task.cancel()


MORTAL: ContextVar[Mortal | None] = ContextVar("MORTAL", default=None)
