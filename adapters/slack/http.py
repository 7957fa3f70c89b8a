"""Receives requests over HTTP: a request is parsed only if Slack signed it, and worked on after it is acknowledged.

Bolt would parse a body before it checks the signature, fail on a timestamp that is not a number, and accept an unsigned
`ssl_check`. What reaches Bolt from here is signed, recent and limited in size.
"""

import asyncio
import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest

from adapters.slack.ack_priority import AckPriority
from adapters.slack.payload import understood

PATHS = ("/slack/events", "/slack/commands", "/slack/interactions")
"""Slack asks for a URL for each; all of them do the same."""
TIMESTAMP, SIGNATURE = "X-Slack-Request-Timestamp", "X-Slack-Signature"
MAX_AGE = 300
"""Seconds by which a timestamp may be in the past or in the future."""
MAX_BYTES = 512 * 1024
BODY_TIME = 8.0
"""Seconds for a body to arrive; Slack gives up after three."""
MAX_TIMESTAMP_LENGTH = 12


def is_signed(secret: str, headers: Mapping[str, str], body: bytes, now: datetime) -> bool:
    """Return whether Slack signed the bytes of `body` within `MAX_AGE`; takes constant time."""
    timestamp, signature = headers.get(TIMESTAMP, ""), headers.get(SIGNATURE, "")
    if not is_recent(timestamp, now):
        return False
    expected = hmac.new(secret.encode(), b"v0:%b:%b" % (timestamp.encode(), body), sha256).hexdigest()
    return hmac.compare_digest(f"v0={expected}".encode(), signature.encode(errors="replace"))


def is_recent(timestamp: str, now: datetime) -> bool:
    """Return whether the text is a timestamp in seconds that differs from `now` by at most `MAX_AGE`."""
    if not (timestamp.isascii() and timestamp.isdecimal() and len(timestamp) <= MAX_TIMESTAMP_LENGTH):
        return False
    return abs(now.timestamp() - int(timestamp)) <= MAX_AGE


@dataclass(frozen=True, slots=True)
class HttpReceiver:
    """The routes to which Slack posts. `now` returns real time, also in a simulation."""

    app: AsyncApp
    secret: str = field(repr=False)
    now: Callable[[], datetime]
    ack_priority: AckPriority

    def routes(self) -> Sequence[web.AbstractRouteDef]:
        """Return one route for each of `PATHS`."""
        return [web.post(path, self.receive) for path in PATHS]

    async def receive(self, request: web.Request) -> web.Response:
        """Acknowledge a signed request; refuse any other with an empty answer.

        A request lets answers wait only after its signature was checked, so that nobody else can slow them down.
        """
        if not is_recent(request.headers.get(TIMESTAMP, ""), self.now()) or not request.headers.get(SIGNATURE):
            return web.Response(status=401)
        try:
            async with asyncio.timeout(BODY_TIME):
                body = await _read(request)
        except TimeoutError:
            return web.Response(status=408)
        except (ConnectionError, web.RequestPayloadError):
            return web.Response(status=400)
        if body is None:
            return web.Response(status=413)
        if not is_signed(self.secret, request.headers, body, self.now()):
            return web.Response(status=401)
        with self.ack_priority.pending():
            return await self._acknowledge(request, body)

    async def _acknowledge(self, request: web.Request, body: bytes) -> web.Response:
        try:
            text = body.decode()
        except UnicodeDecodeError:
            return web.Response(status=400)
        payload = understood(text, request.content_type)
        if payload is None:
            return web.Response(status=400)
        # In this mode Bolt takes what is parsed already, and does not check the signature a second time.
        answer = await self.app.async_dispatch(AsyncBoltRequest(mode="socket_mode", body=payload))
        return await to_aiohttp_response(answer)


async def _read(request: web.Request) -> bytes | None:
    """Return the body; None if it is too long, and then its rest is not read."""
    if (request.content_length or 0) > MAX_BYTES:
        return None
    parts, size = [], 0
    async for part in request.content.iter_any():
        size += len(part)
        if size > MAX_BYTES:
            return None
        parts.append(part)
    return b"".join(parts)
