"""Lets acknowledgements go before answers: Slack waits three seconds for one, an answer may come later."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field


def _set_event() -> asyncio.Event:
    event = asyncio.Event()
    event.set()
    return event


@dataclass(slots=True)
class AckPriority:
    """Counts the requests that are not acknowledged yet."""

    _pending: int = 0
    _idle: asyncio.Event = field(default_factory=_set_event)

    @contextmanager
    def pending(self) -> Iterator[None]:
        """Count one request as not acknowledged while the block runs."""
        self._pending += 1
        self._idle.clear()
        try:
            yield
        finally:
            self._pending -= 1
            if not self._pending:
                self._idle.set()

    async def wait_until_idle(self, timeout: float) -> None:  # noqa: ASYNC109 — reaching it is no error
        """Wait until every request is acknowledged, at most `timeout` seconds."""
        if not self._idle.is_set():
            with suppress(TimeoutError):
                async with asyncio.timeout(timeout):
                    await self._idle.wait()
