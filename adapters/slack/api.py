"""Slack's Web API with client-side rate limits: each method has its own pace in each workspace.

Tiers: docs.slack.dev/apis/web-api/rate-limits and the table in java-slack-sdk's MethodsRateLimits (2026).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.errors import SlowDownError, translate_errors
from adapters.slack.oauth.token import Workspace
from adapters.slack.slack_hosts import is_slack_url
from bot.app.delivery.rate_limiter import Bucket, RateLimiter
from bot.app.ports import InvalidMessageError, TemporaryError

POST_MESSAGE, POST_EPHEMERAL, HISTORY = "chat.postMessage", "chat.postEphemeral", "conversations.history"
RATE_LIMITS: Mapping[str, tuple[int, int]] = {
    # "Several hundred a minute" for all messages of a workspace: 300 in any minute are certain to be accepted.
    POST_MESSAGE: (270, 20),
    POST_EPHEMERAL: (100, 20),
    "chat.update": (50, 10),
    "chat.delete": (50, 10),
    "chat.unfurl": (50, 10),
    "views.open": (100, 20),
    "views.push": (100, 20),
    "views.update": (100, 20),
    "views.publish": (100, 20),
    "files.getUploadURLExternal": (100, 20),
    "files.completeUploadExternal": (100, 20),
    "auth.test": (200, 20),
    "users.info": (100, 20),
    # One a minute for some apps that are not in Slack's marketplace, which then ask for a pause.
    HISTORY: (50, 20),
}
"""Requests a minute that each method allows, and how many of them may come at once."""
FORM_ONLY = frozenset({"files.getUploadURLExternal", "files.completeUploadExternal", "users.info", HISTORY})
"""Methods for which Slack reads no JSON: it answers as if no argument had been sent."""
CHANNEL_PER_SECOND, CHANNEL_BURST = 1.0, 3
"""Slack accepts one message a second in a channel, and a short burst."""
CHUNK = 64 * 1024
"""Bytes of a download that are read at a time."""
MAX_TRIES, MAX_PAUSE = 3, 10.0
"""Tries of one call, and the longest pause in seconds, asked for by Slack, that a call waits for."""


@dataclass(slots=True)
class SlackApi:
    """Calls methods of the Web API and uploads files, at a pace that Slack accepts."""

    client: AsyncWebClient = field(repr=False)
    session: aiohttp.ClientSession = field(repr=False)
    pacer: RateLimiter = field(default_factory=RateLimiter)

    async def call(
        self, workspace: Workspace, method: str, arguments: Mapping[str, Any], channel: str | None = None
    ) -> Mapping[str, Any]:
        """Call `method` with the workspace's token and return the answer.

        Args:
            workspace: where to call it.
            method: one of `RATE_LIMITS`.
            arguments: the arguments of the method, without the token.
            channel: also obey the limit of this channel.

        Raises:
            SendError: the call failed; `SlowDownError` if Slack asks for a long pause.
            SlackTargetGoneError: the channel or message does not exist any more.
            TokenRevokedError: Slack does not accept the token any more.
        """
        per_minute, burst = RATE_LIMITS[method]
        bucket = Bucket(f"{workspace.team} {method}", per_minute / 60, burst)
        channel_bucket = Bucket(f"{workspace.team} {channel}", CHANNEL_PER_SECOND, CHANNEL_BURST)
        buckets = [channel_bucket, bucket] if channel else [bucket]
        for tries_left in reversed(range(MAX_TRIES)):
            if (pause := self.pacer.blocked_for(bucket.name)) > MAX_PAUSE:
                raise SlowDownError(pause)
            await self.pacer.acquire(*buckets)
            try:
                return await self._call_once(workspace, method, arguments)
            except SlowDownError as fault:
                self.pacer.block(bucket.name, fault.seconds)
                if not tries_left or fault.seconds > MAX_PAUSE:
                    raise
        raise TemporaryError(method)  # pragma: no cover — the loop ends above

    async def upload(self, url: str, name: str, content: bytes) -> None:
        """Upload a file to the address that Slack gave for it; raises a `SendError`."""
        if not is_slack_url(url, str(self.client.base_url)):
            raise InvalidMessageError("Slack gave an address for a file that is not its own")
        with translate_errors():
            form = aiohttp.FormData()
            form.add_field("file", content, filename=name)
            async with self.session.post(url, data=form, allow_redirects=False) as answer:
                if answer.status != 200:  # noqa: PLR2004 — the only status that Slack documents
                    raise TemporaryError(f"Slack did not take a file (status {answer.status})")

    async def download(self, workspace: Workspace, url: str, most: int) -> bytes:
        """Download a file with the workspace's token, up to one byte more than `most`; raises a `SendError`.

        The token goes to Slack's own hosts only, and to none that Slack redirects to.
        """
        if not is_slack_url(url, str(self.client.base_url)):
            raise InvalidMessageError("the address of the file is not Slack's")
        with translate_errors():
            headers = {"Authorization": f"Bearer {workspace.token}"}
            async with self.session.get(url, headers=headers, allow_redirects=False) as answer:
                # Slack answers a token without the scope with its page to sign in.
                if answer.status != 200 or answer.content_type == "text/html":  # noqa: PLR2004 — OK
                    raise TemporaryError(f"Slack did not give a file (status {answer.status})")
                content = bytearray()
                async for chunk in answer.content.iter_chunked(CHUNK):
                    content += chunk
                    if len(content) > most:
                        break
                return bytes(content[: most + 1])

    async def _call_once(self, workspace: Workspace, method: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        body = {**arguments, "token": workspace.token}
        with translate_errors():
            if method in FORM_ONLY:
                answer = await self.client.api_call(method, params=body)
            else:
                answer = await self.client.api_call(method, json=body)
        return answer.data if isinstance(answer.data, dict) else {}
