"""Slack over HTTP: nothing is read that Slack did not sign, and nothing of it is worked on before it is acknowledged.

Bolt would parse a body before it looks at its signature, answer a timestamp that is no number with a fault of its own,
and take an unsigned `ssl_check`: what it gets from here is signed, fresh and of a bounded size.
"""

import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest

from adapters.slack.ack_priority import AckPriority

PATHS = ("/slack/events", "/slack/commands", "/slack/interactions")
"""One and the same: Slack asks for an address for each."""
STAMP, SIGNATURE = "X-Slack-Request-Timestamp", "X-Slack-Signature"
WINDOW = 300
"""Seconds that a request may be old, or ahead."""
MOST_BYTES = 512 * 1024
LONGEST_STAMP = 12


def is_signed(secret: str, headers: Mapping[str, str], body: bytes, now: datetime) -> bool:
    """Whether Slack signed `body` within the last minutes; in constant time, on the bytes as they came."""
    stamp, signature = headers.get(STAMP, ""), headers.get(SIGNATURE, "")
    if not is_fresh(stamp, now):
        return False
    made = hmac.new(secret.encode(), b"v0:%b:%b" % (stamp.encode(), body), sha256).hexdigest()
    return hmac.compare_digest(f"v0={made}".encode(), signature.encode(errors="replace"))


def is_fresh(stamp: str, now: datetime) -> bool:
    """Whether a timestamp is one, and of these minutes."""
    if not (stamp.isascii() and stamp.isdecimal() and len(stamp) <= LONGEST_STAMP):
        return False
    return abs(now.timestamp() - int(stamp)) <= WINDOW


@dataclass(frozen=True, slots=True)
class Inbound:
    """The routes. `now` is the real time, also where a day is rehearsed."""

    app: AsyncApp
    secret: str = field(repr=False)
    now: Callable[[], datetime]
    rush: AckPriority

    def routes(self) -> Sequence[web.AbstractRouteDef]:
        """The paths that Slack posts to."""
        return [web.post(path, self.take) for path in PATHS]

    async def take(self, request: web.Request) -> web.Response:
        """Acknowledged, or refused without a word."""
        with self.rush.inside():
            return await self._taken(request)

    async def _taken(self, request: web.Request) -> web.Response:
        if not is_fresh(request.headers.get(STAMP, ""), self.now()) or not request.headers.get(SIGNATURE):
            return web.Response(status=401)
        body = await _read(request)
        if body is None:
            return web.Response(status=413)
        if not is_signed(self.secret, request.headers, body, self.now()):
            return web.Response(status=401)
        try:
            text = body.decode()
        except UnicodeDecodeError:
            return web.Response(status=400)
        headers: dict[str, str | Sequence[str]] = dict(request.headers)
        answer = await self.app.async_dispatch(AsyncBoltRequest(body=text, headers=headers))
        return await to_aiohttp_response(answer)


async def _read(request: web.Request) -> bytes | None:
    """The body; None if it is too long, and then the rest of it is not read."""
    if (request.content_length or 0) > MOST_BYTES:
        return None
    parts, size = [], 0
    async for part in request.content.iter_any():
        size += len(part)
        if size > MOST_BYTES:
            return None
        parts.append(part)
    return b"".join(parts)
