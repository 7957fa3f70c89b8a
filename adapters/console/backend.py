"""What the console needs from the application; `bot.app.simulation.Rehearsal` implements it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

from bot.app.messages import Reply, Request


class ChatBackend(Protocol):
    """Answers commands, and has a clock that can be moved."""

    @property
    def zone(self) -> str:
        """The zone of the conference of the last command; UTC before the first."""
        ...

    def now(self) -> datetime:
        """The current time."""
        ...

    async def handle(self, request: Request) -> Reply:
        """Answer a command."""
        ...

    async def interpret(self, request: Request) -> tuple[str, Reply | None]:
        """Answer plain words. Returns the name of the command that they mean, "" for none, and the reply, if any."""
        ...

    async def deliver_due(self) -> None:
        """Deliver what is due now."""
        ...

    async def wait(self, duration: timedelta) -> None:
        """Advance the clock, and deliver what comes due, in order.

        Raises:
            BadInputError: the clock cannot be moved.
        """
        ...

    async def jump(self, moment: datetime) -> None:
        """Set the clock.

        Raises:
            BadInputError: the clock cannot be moved.
        """
        ...

    async def next_due(self) -> datetime | None:
        """When the next delivery is due; None if there is none."""
        ...

    async def words(self, platform: str, tenant: str) -> Sequence[str]:
        """Completions after a command: codes of sessions and names of venues."""
        ...
