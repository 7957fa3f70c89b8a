"""Socket Mode: Slack speaks to us over a WebSocket that we opened, so that no public address is needed."""

import asyncio
import logging
import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

import structlog
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp

from adapters.slack.web_client import MissingScopeError, SlackError, told

BAD_APP_TOKEN = (
    "Slack refuses the app token: make one with connections:write under Basic Information of the app, and copy it into "  # noqa: S105 — a sentence
    "HALLWAY_SLACK_APP_TOKEN."
)
PINGS = 5.0
"""Seconds between two pings; after four without an answer the connection counts as lost."""
COMING_UP, MISSED_FOR = 20.0, 30.0
"""Seconds that a connection may take to open, and for which it may be away before another one is opened."""
LOOKS = 0.5
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0

log = structlog.get_logger("hallway.slack")
_quiet = logging.getLogger("hallway.slack.socket")
# The library writes whole messages at DEBUG, and each reconnection with a traceback at ERROR.
_quiet.setLevel(logging.CRITICAL)


@dataclass(slots=True)
class Socket:
    """One connection after another. The client reconnects by itself; where it cannot, a new one takes its place."""

    app: AsyncApp
    token: str = field(repr=False)
    is_up: Callable[[bool], None]
    pings: float = PINGS
    missed_for: float = MISSED_FOR
    coming_up: float = COMING_UP
    first_pause: float = FIRST_PAUSE

    async def listen(self) -> None:
        """For as long as the process runs; raises `SlackError` if the token is refused."""
        pause = self.first_pause
        while True:
            try:
                came_up = await self._listen_once()
            except MissingScopeError as denied:
                if denied.dead:
                    raise SlackError(BAD_APP_TOKEN) from None
                came_up, pause = False, max(pause, denied.wait)
                log.warning("no connection to Slack", fault=denied.code)
            except SlackError as fault:
                came_up = False
                log.warning("no connection to Slack", fault=str(fault))
            pause = self.first_pause if came_up else min(pause * 2, LONGEST_PAUSE)
            await asyncio.sleep(random.uniform(pause / 2, pause))  # noqa: S311 — only spreads the load

    async def _listen_once(self) -> bool:
        """Until the connection is away for too long; says whether it ever came up."""
        answer = await told(self.app.client.apps_connections_open(app_token=self.token))
        # Built here: it belongs to the loop that runs.
        handler = AsyncSocketModeHandler(self.app, self.token, logger=_quiet, ping_interval=self.pings)
        client = handler.client
        client.wss_uri = str(answer.get("url"))
        connecting = asyncio.create_task(handler.connect_async())  # type: ignore[no-untyped-call]  # it brings no types
        try:
            await asyncio.wait({connecting}, timeout=self.coming_up)
            if not connecting.done():
                return False
            log.info("connected", mode="socket")
            await self._watch(handler)
            return True
        finally:
            self.is_up(False)  # noqa: FBT003 — down it is
            connecting.cancel()
            # Whatever it is at, it closes what it has opened.
            with suppress(OSError, RuntimeError):
                await handler.close_async()  # type: ignore[no-untyped-call]  # as above

    async def _watch(self, handler: AsyncSocketModeHandler) -> None:
        """Look whether it is up, until it has been down for too long."""
        loop = asyncio.get_running_loop()
        seen = loop.time()
        while loop.time() - seen < self.missed_for:
            up = await handler.client.is_connected()
            self.is_up(up)
            seen = loop.time() if up else seen
            await asyncio.sleep(min(LOOKS, self.missed_for))
        log.warning("the connection to Slack is lost")
