"""Slack's Web API behind one pacer: every method at its own pace in each workspace, obeyed before it is hit.

Tiers: docs.slack.dev/apis/web-api/rate-limits and the table in java-slack-sdk's MethodsRateLimits (2026).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.errors import SlowDownError, translate_errors
from adapters.slack.oauth.token import Workspace
from adapters.slack.slack_hosts import is_slacks
from bot.app.delivery.rate_limiter import Bucket, RateLimiter
from bot.app.ports import InvalidMessageError, TemporaryError

POST = "chat.postMessage"
A_MINUTE: Mapping[str, tuple[int, int]] = {
    # "Several hundred a minute" for all messages of a workspace: 300 in any minute is what is sure to be taken.
    POST: (270, 20),
    "chat.update": (50, 10),
    "chat.delete": (50, 10),
    "views.open": (100, 20),
    "views.push": (100, 20),
    "views.update": (100, 20),
    "views.publish": (100, 20),
    "files.getUploadURLExternal": (100, 20),
    "files.completeUploadExternal": (100, 20),
    "auth.test": (200, 20),
    "users.info": (100, 20),
}
"""How many requests a minute each method allows, and how many of them at once."""
IN_A_CHANNEL = Bucket("", 1.0, burst=3)
"""Slack posts one message a second in a channel, and lets a short burst pass."""
MOST_TRIES, LONGEST_PAUSE = 3, 10.0
"""How often, and for how many seconds, a pause that Slack asked for is waited for here."""


@dataclass(slots=True)
class Api:
    """Calls that answer, or raise a `SendError`, `TargetGoneError` or `TokenRevokedError`."""

    client: AsyncWebClient = field(repr=False)
    session: aiohttp.ClientSession = field(repr=False)
    pacer: RateLimiter = field(default_factory=RateLimiter)

    async def call(
        self, workspace: Workspace, method: str, arguments: Mapping[str, Any], channel: str = ""
    ) -> Mapping[str, Any]:
        """What `method` answers; where it counts in a `channel` too, at its pace."""
        widest = Bucket(f"{workspace.team} {method}", A_MINUTE[method][0] / 60, A_MINUTE[method][1])
        narrow = [Bucket(f"{workspace.team} {channel}", IN_A_CHANNEL.a_second, IN_A_CHANNEL.burst)] if channel else []
        for left in reversed(range(MOST_TRIES)):
            if (pause := self.pacer.blocked_for(widest.name)) > LONGEST_PAUSE:
                raise SlowDownError(pause)
            await self.pacer.acquire(*narrow, widest)
            try:
                return await self._asked(workspace, method, arguments)
            except SlowDownError as slower:
                self.pacer.block(widest.name, slower.seconds)
                if not left or slower.seconds > LONGEST_PAUSE:
                    raise
        raise TemporaryError(method)  # pragma: no cover — the loop ends above

    async def upload(self, url: str, name: str, content: bytes) -> None:
        """Send the bytes of a file to the address that Slack gave for it."""
        if not is_slacks(url, str(self.client.base_url)):
            raise InvalidMessageError("Slack gave an address for a file that is not its own")
        with translate_errors():
            form = aiohttp.FormData()
            form.add_field("file", content, filename=name)
            async with self.session.post(url, data=form, allow_redirects=False) as answer:
                if answer.status != 200:  # noqa: PLR2004 — all that Slack documents
                    raise TemporaryError(f"Slack did not take a file (status {answer.status})")

    async def _asked(self, workspace: Workspace, method: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        told = {**arguments, "token": workspace.token}
        with translate_errors():
            # The methods about files read no JSON.
            if method.startswith("files."):
                answer = await self.client.api_call(method, params=told)
            else:
                answer = await self.client.api_call(method, json=told)
        return answer.data if isinstance(answer.data, dict) else {}
