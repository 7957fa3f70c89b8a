"""Socket Mode: Hallway opens a WebSocket on which Slack sends its requests, so no public address is needed."""

import asyncio
import logging
import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

import structlog
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp

from adapters.slack.web_client import SlackError, SlackRefusedError, checked_data

BAD_APP_TOKEN = (
    "Slack refuses the app token: make one with connections:write under Basic Information of the app, and copy it into "  # noqa: S105 — a sentence
    "HALLWAY_SLACK_APP_TOKEN."
)
PING_INTERVAL = 5.0
"""Seconds between two pings; the connection counts as lost after four pings without an answer."""
CONNECT_TIMEOUT, LOST_AFTER = 20.0, 30.0
"""Seconds that opening a connection may take, and for which it may be down before a new one is opened."""
CHECK_INTERVAL = 0.5
FIRST_PAUSE, MAX_PAUSE = 1.0, 60.0
"""Seconds between two attempts to connect; the pause doubles after each failure."""

log = structlog.get_logger("hallway.slack")
_quiet = logging.getLogger("hallway.slack.socket")
# slack_sdk logs whole messages at DEBUG, and each reconnection with a traceback at ERROR.
_quiet.setLevel(logging.CRITICAL)


@dataclass(slots=True)
class SocketModeListener:
    """Keeps a connection open. The SDK's client reconnects by itself; if it cannot, a new client replaces it."""

    app: AsyncApp
    token: str = field(repr=False)
    on_connected: Callable[[bool], None]
    ping_interval: float = PING_INTERVAL
    lost_after: float = LOST_AFTER
    connect_timeout: float = CONNECT_TIMEOUT
    first_pause: float = FIRST_PAUSE

    async def listen(self) -> None:
        """Listen until cancelled; raises `SlackError` if Slack refuses the token."""
        pause = self.first_pause
        while True:
            try:
                was_connected = await self._listen_once()
            except SlackRefusedError as refusal:
                if refusal.is_token_invalid:
                    raise SlackError(BAD_APP_TOKEN) from None
                was_connected, pause = False, max(pause, refusal.wait)
                log.warning("no connection to Slack", fault=refusal.code)
            except SlackError as fault:
                was_connected = False
                log.warning("no connection to Slack", fault=str(fault))
            pause = self.first_pause if was_connected else min(pause * 2, MAX_PAUSE)
            await asyncio.sleep(random.uniform(pause / 2, pause))  # noqa: S311 — only spreads the load

    async def _listen_once(self) -> bool:
        """Listen until the connection is down for too long; return whether it was ever up."""
        answer = await checked_data(self.app.client.apps_connections_open(app_token=self.token))
        # Created here, because the client belongs to the running loop.
        handler = AsyncSocketModeHandler(self.app, self.token, logger=_quiet, ping_interval=self.ping_interval)
        client = handler.client
        client.wss_uri = str(answer.get("url"))
        connecting = asyncio.create_task(handler.connect_async())  # type: ignore[no-untyped-call]  # it brings no types
        try:
            await asyncio.wait({connecting}, timeout=self.connect_timeout)
            if not connecting.done():
                return False
            log.info("connected", mode="socket")
            await self._watch(handler)
            return True
        finally:
            self.on_connected(False)  # noqa: FBT003 — the new state
            connecting.cancel()
            with suppress(OSError, RuntimeError):
                await handler.close_async()  # type: ignore[no-untyped-call]  # as above

    async def _watch(self, handler: AsyncSocketModeHandler) -> None:
        """Report the state of the connection until it is down for too long."""
        loop = asyncio.get_running_loop()
        last_up = loop.time()
        while loop.time() - last_up < self.lost_after:
            up = await handler.client.is_connected()
            self.on_connected(up)
            last_up = loop.time() if up else last_up
            await asyncio.sleep(min(CHECK_INTERVAL, self.lost_after))
        log.warning("the connection to Slack is lost")
