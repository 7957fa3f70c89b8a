"""Where an answer goes: beside what was asked, for the asker's eyes, or into a window. Answers wait for no nudge."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp
import structlog

from adapters.slack.actor import Actor
from adapters.slack.errors import TargetGoneError, TokenRevokedError
from adapters.slack.messenger import QUIETLY
from adapters.slack.modals import window
from adapters.slack.oauth.installations import Workspaces
from adapters.slack.paced_client import Api
from adapters.slack.render.message import SlackMessage
from adapters.slack.render.mrkdwn import Block
from adapters.slack.slack_hosts import is_slacks
from adapters.slack.web_client import TOO_MANY
from bot.app.ports import SendError
from bot.domain.errors import HallwayError

PAUSES = (0.5, 2.0)
"""Seconds after which an answer that was not taken is given again: a second one only its asker would see."""
LONGEST_PAUSE = 30.0
GOOD = 200

Place = Callable[[SlackMessage, bool], Awaitable[None]]
"""Gives an answer; it is for the asker's eyes only if the flag says so."""

log = structlog.get_logger("hallway.slack")


@dataclass(slots=True)
class Responder:
    """Gives them over `session`; windows are opened with the workspace's token. What fails is written down."""

    api: Api
    session: aiohttp.ClientSession
    workspaces: Workspaces
    pauses: tuple[float, ...] = PAUSES

    def beside(self, url: str, *, replaces: bool = False) -> Place:
        """Beside the command or button; `replaces` takes the place of the message that the button is on."""

        async def give(letter: SlackMessage, private: bool) -> None:  # noqa: FBT001 — a place's shape
            kind = "ephemeral" if private or replaces else "in_channel"
            await self._post(url, {"response_type": kind, "replace_original": replaces, **told(letter)})

        return give

    def in_window(self, asker: Actor, trigger: str, *, over: bool = False) -> Place:
        """In a window of its own; `over` puts it on the one that is open."""

        async def give(letter: SlackMessage, _: bool) -> None:  # noqa: FBT001 — a place's shape
            await self.open(asker, trigger, window(letter), over=over)

        return give

    def instead(self, asker: Actor, view: str) -> Place:
        """Instead of what a window shows."""

        async def give(letter: SlackMessage, _: bool) -> None:  # noqa: FBT001 — a place's shape
            await self.call(asker, "views.update", {"view_id": view, "view": window(letter)})

        return give

    async def open(self, asker: Actor, trigger: str, view: Block, *, over: bool = False) -> None:
        """Open a window, within the three seconds that a trigger is good for."""
        await self.call(asker, "views.push" if over else "views.open", {"trigger_id": trigger, "view": view})

    async def call(self, asker: Actor, method: str, arguments: Mapping[str, Any]) -> None:
        """A call of no answer that matters."""
        try:
            workspace = await self.workspaces.of(asker.team, asker.enterprise)
            if workspace:
                await self.api.call(workspace, method, arguments)
        except (SendError, TargetGoneError, TokenRevokedError, HallwayError) as fault:
            log.warning("an answer was not taken", method=method, fault=str(fault))

    async def _post(self, url: str, body: Mapping[str, Any]) -> None:
        if not is_slacks(url, str(self.api.client.base_url)):
            log.warning("an answer was not given: its address is not Slack's")
            return
        for pause in (*self.pauses, None):
            status, wait = await self._posted(url, body)
            if status == GOOD:
                return
            if pause is None or (GOOD < status < TOO_MANY):
                log.warning("an answer was not taken", status=status)
                return
            await asyncio.sleep(min(max(pause, wait), LONGEST_PAUSE))

    async def _posted(self, url: str, body: Mapping[str, Any]) -> tuple[int, float]:
        """The status, 0 for none, and for how many seconds Slack asks us to wait."""
        try:
            async with self.session.post(url, json=body, allow_redirects=False) as answer:
                await answer.read()
                wait = answer.headers.get("Retry-After", "")
                return answer.status, float(wait) if wait.isdecimal() else 0.0
        except (aiohttp.ClientError, OSError, TimeoutError, RuntimeError) as error:
            log.info("an answer met a fault", fault=type(error).__name__)
            return 0, 0.0


def told(letter: SlackMessage) -> Mapping[str, Any]:
    """A letter as the body of a message."""
    return {"text": letter.text, "blocks": list(letter.blocks), **QUIETLY}
