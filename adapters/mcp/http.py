"""The tools over HTTP, beside the pages: the routes of aiohttp in front of the SDK's streamable HTTP transport.

Each request stands alone, so any process may answer it. Who asks is established before the SDK sees the request:
by the secret of a private address, or by Slack's signature under the signing secret of the app.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import structlog
from aiohttp import web
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from slack_sdk.signature import SignatureVerifier

from adapters.mcp.caller import Caller
from adapters.mcp.server import Context, server_of
from bot.app.dispatcher import Dispatcher
from bot.app.pages import Visits
from bot.app.ports import Store
from bot.domain.attendee.private_address import digest_of, is_secret
from bot.domain.errors import StoreError

SLACK = "slack"
CALLER = "hallway.caller"
"""Key of the ASGI scope: who makes the request."""
MOST_BYTES = 256 * 1024
"""The largest size of one request in bytes."""
LONGEST_ID = 64
PRIVATE = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex"}
Admit = Callable[[web.Request, str], None]
"""Counts a request, by the hash of the secret ("" for none); raises `HTTPTooManyRequests` for too many."""

log = structlog.get_logger("hallway.mcp")


def _admit_all(_: web.Request, __: str) -> None:
    """The default of `admit`."""


@dataclass(frozen=True, slots=True)
class AssistantRoutes:
    """Answers assistants.

    Attributes:
        store: answers within seconds or raises `StoreError`.
        signing_secret: the signing secret of the Slack app; "" if Slackbot may not call.
        admit: the limits of requests.
    """

    dispatch: Dispatcher
    store: Store
    signing_secret: str = field(default="", repr=False)
    admit: Admit = _admit_all
    _manager: list[StreamableHTTPSessionManager] = field(default_factory=list, init=False, repr=False)

    @property
    def routes(self) -> Sequence[web.RouteDef]:
        """All routes. The address alone is enough for assistants that take no other credentials."""
        return [
            web.post("/mcp", self._by_header),
            web.post("/p/{secret}/mcp", self._by_address),
            # Without sessions there is nothing to listen to and nothing to end.
            *(web.route(method, path, _no_session) for method in ("GET", "DELETE") for path in PATHS),
        ]

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[None]:
        """Answer while the block runs. Enter and leave it in one task."""
        server = server_of(self.dispatch, _caller_in)
        manager = StreamableHTTPSessionManager(
            server, json_response=True, stateless=True, max_request_body_size=MOST_BYTES
        )
        async with manager.run():
            self._manager.append(manager)
            try:
                yield
            finally:
                self._manager.clear()

    async def _by_header(self, request: web.Request) -> web.StreamResponse:
        if "X-Slack-Signature" in request.headers:
            return await self._from_slack(request)
        kind, _, secret = request.headers.get("Authorization", "").partition(" ")
        return await self._from_person(request, secret.strip() if kind.casefold() == "bearer" else "")

    async def _by_address(self, request: web.Request) -> web.StreamResponse:
        return await self._from_person(request, request.match_info["secret"])

    async def _from_person(self, request: web.Request, secret: str) -> web.StreamResponse:
        self.admit(request, digest_of(secret) if is_secret(secret) else "")
        try:
            visit = await Visits(self.store, self.dispatch.schedules).find(secret)
        except StoreError as error:
            # Its sentence names files and hosts: it is for operators.
            log.warning("an assistant met a fault of the database", fault=str(error))
            return web.Response(status=503, text="Try again in a minute.", headers={**PRIVATE, "Retry-After": "60"})
        if visit is None:
            # The same answer for an address that was replaced, that is not well-formed and that never was.
            return _unauthorized("Use the token of your private address: /agenda calendar shows it.")
        community = visit.attendee.community
        return await self._answer(request, Caller(community.platform, community.tenant, visit.attendee.user))

    async def _from_slack(self, request: web.Request) -> web.StreamResponse:
        """Slack signs the body. Only calls name a person: the list of tools is the same for everybody."""
        self.admit(request, "")
        body = await _body(request)
        stamp, signature = (request.headers.get(f"X-Slack-{name}", "") for name in ("Request-Timestamp", "Signature"))
        if not self.signing_secret or not _is_signed(self.signing_secret, body, stamp, signature):
            return _unauthorized("The signature is not valid.")
        return await self._answer(request, _slack_caller(body))

    async def _answer(self, request: web.Request, caller: Caller | None) -> web.StreamResponse:
        if not self._manager:
            return web.Response(status=503, headers=PRIVATE)
        exchange = _Exchange(await _body(request))
        await self._manager[0].handle_request(_scope(request, caller), exchange.receive, exchange.send)
        headers = {name: value for name, value in exchange.headers if name.casefold() != "content-length"}
        return web.Response(status=exchange.status, body=bytes(exchange.body), headers={**headers, **PRIVATE})


PATHS = ("/mcp", "/p/{secret}/mcp")


@dataclass(slots=True)
class _Exchange:
    """One request and its response, as ASGI passes them."""

    sent: bytes
    status: int = 500
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytearray = field(default_factory=bytearray)
    _is_read: bool = False

    async def receive(self) -> dict[str, Any]:
        """The body, then nothing until the task is cancelled: aiohttp cancels it if the client is gone."""
        if self._is_read:
            await asyncio.Event().wait()
        self._is_read = True
        return {"type": "http.request", "body": self.sent, "more_body": False}

    async def send(self, message: Any) -> None:  # noqa: ANN401 — ASGI's own messages
        """A part of the response."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in message["headers"]]
        else:
            self.body += message.get("body", b"")


def _scope(request: web.Request, caller: Caller | None) -> dict[str, Any]:
    # The path is not passed on: it may have the secret, and the SDK needs none.
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "https",
        "path": "/mcp",
        "raw_path": b"/mcp",
        "root_path": "",
        "query_string": b"",
        "headers": [
            (name.lower().encode("latin-1", "replace"), value.encode("latin-1", "replace"))
            for name, value in request.headers.items()
            if name.casefold() not in ("authorization", "cookie")
        ],
        "client": None,
        "server": None,
        CALLER: caller,
    }


def _caller_in(context: Context) -> Caller | None:
    caller = context.request.scope.get(CALLER) if context.request is not None else None
    return caller if isinstance(caller, Caller) else None


async def _body(request: web.Request) -> bytes:
    if (request.content_length or 0) > MOST_BYTES:
        raise web.HTTPRequestEntityTooLarge(MOST_BYTES, request.content_length or 0, headers=PRIVATE)
    return await request.read()


def _is_signed(secret: str, body: bytes, stamp: str, signature: str) -> bool:
    return stamp.isdecimal() and SignatureVerifier(secret).is_valid(body, stamp, signature)


def _slack_caller(body: bytes) -> Caller | None:
    """The person in `params._meta.slack` of a signed request; None if it names nobody."""
    try:
        value: Any = json.loads(body)
    except ValueError:
        return None
    for name in ("params", "_meta", "slack"):
        value = value.get(name) if isinstance(value, dict) else None
    if not isinstance(value, dict):
        return None
    ids = [value.get(name) for name in ("team_id", "user_id")]
    team, user = [id_ if isinstance(id_, str) and len(id_) <= LONGEST_ID else "" for id_ in ids]
    return Caller(SLACK, team, user) if team and user else None


def _unauthorized(text: str) -> web.Response:
    return web.Response(status=401, text=text, headers={**PRIVATE, "WWW-Authenticate": "Bearer"})


async def _no_session(_: web.Request) -> web.StreamResponse:
    return web.Response(status=405, headers={**PRIVATE, "Allow": "POST"})
