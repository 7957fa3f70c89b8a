"""What the console needs of the conference it is a stage for; `bot.app.simulation` offers it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

from bot.app.messages import Reply, Request


class Room(Protocol):
    """Answers commands, and has a clock that may be moved."""

    @property
    def zone(self) -> str:
        """The zone of the conference that was spoken of last, UTC before."""
        ...

    def now(self) -> datetime:
        """The moment it is in here."""
        ...

    async def handle(self, request: Request) -> Reply:
        """Answer a command."""
        ...

    async def deliver_due(self) -> None:
        """Deliver what is due now."""
        ...

    async def wait(self, duration: timedelta) -> None:
        """Let the clock run on; what comes due is delivered in order. Raises `BadInputError` if it cannot be moved."""
        ...

    async def jump(self, moment: datetime) -> None:
        """Set the clock. Raises `BadInputError` if it cannot be moved."""
        ...

    async def next_due(self) -> datetime | None:
        """When something happens next."""
        ...

    async def words(self, platform: str, tenant: str) -> Sequence[str]:
        """What may be typed after a command: codes of sessions, names of venues."""
        ...
