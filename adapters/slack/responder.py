"""Delivers answers: to the command or button that asked, or into a modal. Answers never wait behind nudges."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp
import structlog

from adapters.slack.api import POST_EPHEMERAL, POST_MESSAGE, SlackApi
from adapters.slack.errors import SlackTargetGoneError, TokenRevokedError
from adapters.slack.messenger import NO_UNFURLING
from adapters.slack.modals import answer_view
from adapters.slack.oauth.installations import Workspaces
from adapters.slack.payload import Actor, WrittenMessage
from adapters.slack.render.message import SlackMessage
from adapters.slack.render.mrkdwn import Block
from adapters.slack.slack_hosts import is_slack_url
from adapters.slack.web_client import TOO_MANY_REQUESTS
from bot.app.ports import SendError
from bot.domain.errors import HallwayError
from bot.domain.nudges.retry import pause_asked

RETRY_PAUSES = (0.5, 2.0)
"""Seconds before an answer is posted again. If the first one arrived after all, only the user sees it twice."""
MAX_PAUSE = 30.0
OK = 200

AnswerTarget = Callable[[SlackMessage, bool], Awaitable[None]]
"""Delivers an answer; the flag says whether only the user who asked may see it."""

log = structlog.get_logger("hallway.slack")


@dataclass(slots=True)
class Responder:
    """Posts answers to response URLs and opens modals. Failures are logged, never raised."""

    api: SlackApi
    session: aiohttp.ClientSession
    workspaces: Workspaces
    pauses: tuple[float, ...] = RETRY_PAUSES

    def to_channel(self, response_url: str, *, replaces: bool = False) -> AnswerTarget:
        """Answer in the channel; `replaces` edits the message that holds the pressed button."""

        async def deliver(message: SlackMessage, private: bool) -> None:  # noqa: FBT001 — as AnswerTarget calls it
            kind = "ephemeral" if private or replaces else "in_channel"
            body = {"response_type": kind, "replace_original": replaces, **message_body(message)}
            await self._post(response_url, body)

        return deliver

    def to_new_modal(self, actor: Actor, trigger: str) -> AnswerTarget:
        """Answer in a new modal."""

        async def deliver(message: SlackMessage, _: bool) -> None:  # noqa: FBT001 — as AnswerTarget calls it
            await self.open_modal(actor, trigger, answer_view(message))

        return deliver

    def to_open_modal(self, actor: Actor, view_id: str) -> AnswerTarget:
        """Answer by replacing the content of a modal that is open."""

        async def deliver(message: SlackMessage, _: bool) -> None:  # noqa: FBT001 — as AnswerTarget calls it
            await self.update_modal(actor, view_id, answer_view(message))

        return deliver

    def to_message(self, actor: Actor, written: WrittenMessage) -> AnswerTarget:
        """Answer a message: in a direct message as it is; in a channel so that only the actor sees it.

        If Slack does not take a message for one person in that channel, the answer comes as a direct message.
        """
        thread = {"thread_ts": written.thread} if written.thread else {}

        async def deliver(message: SlackMessage, _: bool) -> None:  # noqa: FBT001 — as AnswerTarget calls it
            content = {"text": message.text, "blocks": list(message.blocks), **thread}
            if written.is_direct:
                body = {**content, **NO_UNFURLING, "channel": written.channel}
                await self.call(actor, POST_MESSAGE, body, written.channel)
                return
            # A message for one person unfolds no links, and Slack takes no such argument for it.
            if not await self.call(actor, POST_EPHEMERAL, {**content, "channel": written.channel, "user": actor.user}):
                await self.call(actor, POST_MESSAGE, {**message_body(message), "channel": actor.user}, actor.user)

        return deliver

    async def update_modal(self, actor: Actor, view_id: str, view: Block) -> None:
        """Replace the content of a modal that is open."""
        await self.call(actor, "views.update", {"view_id": view_id, "view": view})

    async def open_modal(self, actor: Actor, trigger: str, view: Block, *, on_top: bool = False) -> None:
        """Open a modal, or put it on top of the one that is open; a trigger is valid for three seconds."""
        await self.call(actor, "views.push" if on_top else "views.open", {"trigger_id": trigger, "view": view})

    async def call(self, actor: Actor, method: str, arguments: Mapping[str, Any], channel: str | None = None) -> bool:
        """Call a method of the Web API in the actor's workspace; returns whether Slack took it.

        With `channel`, the call also obeys the limit of that channel.
        """
        try:
            workspace = await self.workspaces.find(actor.team, actor.enterprise)
            if workspace is None:
                return False
            await self.api.call(workspace, method, arguments, channel)
        except (SendError, SlackTargetGoneError, TokenRevokedError, HallwayError) as fault:
            log.warning("an answer was not taken", method=method, fault=str(fault))
            return False
        return True

    async def _post(self, url: str, body: Mapping[str, Any]) -> None:
        if not is_slack_url(url, str(self.api.client.base_url)):
            log.warning("an answer was not given: its address is not Slack's")
            return
        for pause in (*self.pauses, None):
            status, wait = await self._post_once(url, body)
            if status == OK:
                return
            if pause is None or (OK < status < TOO_MANY_REQUESTS):
                log.warning("an answer was not taken", status=status)
                return
            await asyncio.sleep(min(max(pause, wait), MAX_PAUSE))

    async def _post_once(self, url: str, body: Mapping[str, Any]) -> tuple[int, float]:
        """Return the status, 0 without an answer, and the seconds for which Slack asks us to wait."""
        try:
            async with self.session.post(url, json=body, allow_redirects=False) as answer:
                await answer.read()
                return answer.status, pause_asked(answer.headers.get("Retry-After", ""), 0.0)
        except (aiohttp.ClientError, OSError, TimeoutError, RuntimeError) as error:
            log.info("an answer met a fault", fault=type(error).__name__)
            return 0, 0.0


def message_body(message: SlackMessage) -> Mapping[str, Any]:
    """Return a rendered message as the body of a request."""
    return {"text": message.text, "blocks": list(message.blocks), **NO_UNFURLING}
