"""A server on loopback that speaks as much Discord as the benchmarks need, with the limit of one bot's token."""

import asyncio
import json
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from benchmarks.children import Result

ALLOWED = 50
"""Requests that a token may make in a second; interactions and their answers do not count."""
TOKEN, GUILD, CHANNEL, APPLICATION = "OTAw.fake.token", "100", "200", "900"
BOT = {"id": APPLICATION, "username": "hallway", "discriminator": "0", "global_name": None, "avatar": None, "bot": True}
ASKERS = 200
"""People who type `/help` in turn: Hallway answers one person only so often."""
FIRST_USER = 10**17
"""Ids of people are this and more; the id of their channel is a 7 before it."""


@dataclass(slots=True)
class FakeDiscord:
    """`sent` has the nonce and the time of each message, in the order in which they arrived."""

    url: str = ""
    sent: list[tuple[str, float]] = field(default_factory=list)
    refused: int = 0
    connected: int = 0
    _allowance: float = ALLOWED
    _refilled: float = field(default_factory=time.monotonic)
    _socket: web.WebSocketResponse | None = None
    _interactions: int = 0
    _answers: dict[str, asyncio.Future[None]] = field(default_factory=dict)
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def settings(self) -> dict[str, str]:
        """The environment of a `hallway run` that is connected to this server."""
        return {
            "HALLWAY_DISCORD_TOKEN": TOKEN,
            "HALLWAY_DISCORD_API_URL": self.api,
            "HALLWAY_DISCORD_GATEWAY_URL": self.gateway,
            "HALLWAY_HTTP_PORT": "0",
            "HALLWAY_LOG_LEVEL": "error",
        }

    @property
    def api(self) -> str:
        """The base of the REST interface."""
        return f"{self.url}/api/v10"

    @property
    def gateway(self) -> str:
        """The address of the gateway."""
        return f"{self.url.replace('http', 'ws')}/gateway"

    @property
    def copies(self) -> Counter[str]:
        """How often each message arrived, by nonce."""
        return Counter(nonce for nonce, _ in self.sent)

    async def until(self, is_so: Callable[[], bool], seconds: float) -> bool:
        """Wait until something is so; False if it was not within `seconds`."""
        try:
            async with asyncio.timeout(seconds):
                while not is_so():
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            return False
        return True

    async def help(self) -> None:
        """Somebody types /help; returns when the first answer has arrived."""
        self._interactions += 1
        id_ = str(self._interactions)
        self._answers[id_] = asyncio.get_running_loop().create_future()
        user = {**BOT, "id": str(FIRST_USER + 1 + self._interactions % ASKERS), "username": "somebody", "bot": False}
        channel = {"id": CHANNEL, "type": 0, "name": "general", "position": 0, "guild_id": GUILD}
        event = {
            "id": id_,
            "application_id": APPLICATION,
            "token": f"interaction-{id_}",
            "version": 1,
            "type": 2,
            "data": {"id": "1", "name": "help", "type": 1, "options": []},
            "locale": "en-GB",
            "guild_locale": "en-GB",
            "entitlements": [],
            "attachment_size_limit": 1_000_000,
            "app_permissions": "0",
            "authorizing_integration_owners": {"0": GUILD},
            "context": 0,
            "guild_id": GUILD,
            "channel_id": CHANNEL,
            "channel": {**channel, "permission_overwrites": [], "parent_id": None, "topic": None},
            "member": {**_member(user), "permissions": "0"},
        }
        await self._send("INTERACTION_CREATE", event)
        await asyncio.wait_for(self._answers[id_], 10)
        del self._answers[id_]

    async def rest(self, request: web.Request) -> web.Response:
        """Any request of the bot to the REST interface."""
        path = request.path.removeprefix("/api/v10")
        body: Any = await request.json() if request.can_read_body else None
        if path.startswith("/interactions/"):
            return self._interaction(path.split("/")[2])
        if not self._is_allowed():
            self.refused += 1
            wait = (1 - self._allowance) / ALLOWED
            headers = {"X-RateLimit-Global": "true", "X-RateLimit-Scope": "global", "Retry-After": f"{wait:.3f}"}
            answer = {"message": "You are being rate limited.", "retry_after": wait, "global": True}
            return _json(answer, 429, headers)
        if path.endswith("/messages"):
            self.sent.append((str(body.get("nonce") or body["content"]), time.monotonic()))
            self._changed.set()
            return _json(_message(str(len(self.sent)), path.split("/")[2]))
        if path == f"/applications/{APPLICATION}/commands":
            constants = {"application_id": APPLICATION, "version": "1"}
            return _json([{**command, "id": str(n), **constants} for n, command in enumerate(body, 1)])
        return _json(self._about(path))

    def _about(self, path: str) -> Result:
        if path == "/gateway/bot":
            limit = {"total": 1000, "remaining": 999, "reset_after": 1000, "max_concurrency": 1}
            return {"url": self.gateway, "shards": 1, "session_start_limit": limit}
        if path == "/oauth2/applications/@me":
            about = {"id": APPLICATION, "name": "Hallway", "description": "", "icon": None, "verify_key": "0" * 64}
            return {**about, "bot_public": True, "bot_require_code_grant": False, "owner": BOT, "flags": 0}
        return BOT

    def _interaction(self, id_: str) -> web.Response:
        if id_ in self._answers:
            self._answers[id_].set_result(None)
        about = {"id": id_, "type": 2, "response_message_id": id_}
        return _json({"interaction": about, "resource": {"type": 4, "message": _message(id_, CHANNEL)}})

    def _is_allowed(self) -> bool:
        """A bucket of 50 that fills as fast."""
        now = time.monotonic()
        self._allowance = min(self._allowance + (now - self._refilled) * ALLOWED, ALLOWED)
        self._refilled = now
        if self._allowance < 1:
            return False
        self._allowance -= 1
        return True

    async def websocket(self, request: web.Request) -> web.WebSocketResponse:
        """The gateway: greets a bot and answers its heartbeats."""
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"op": 10, "d": {"heartbeat_interval": 40_000}, "s": None, "t": None})
        async for frame in socket:
            operation = json.loads(frame.data)["op"] if frame.type is WSMsgType.TEXT else None
            if operation == 1:
                await socket.send_json({"op": 11, "d": None, "s": None, "t": None})
            elif operation == 2:
                await self._greet(socket)
        return socket

    async def _greet(self, socket: web.WebSocketResponse) -> None:
        self._socket = socket
        ready = {
            "v": 10,
            "user": BOT,
            "guilds": [{"id": GUILD, "unavailable": True}],
            "session_id": "session",
            "shard": [0, 1],
            "resume_gateway_url": self.gateway,
            "application": {"id": APPLICATION, "flags": 0},
        }
        await self._send("READY", ready)
        lists = ("emojis", "stickers", "features", "channels", "threads", "voice_states", "presences", "roles")
        guild = {"id": GUILD, "name": "Crowd", "owner_id": "1", "members": [_member(BOT)], "member_count": 2}
        await self._send("GUILD_CREATE", {**guild, **{name: [] for name in lists}, "preferred_locale": "en-US"})
        self.connected += 1
        self._changed.set()

    async def _send(self, event: str, data: dict[str, Any]) -> None:
        assert self._socket
        await self._socket.send_json({"op": 0, "t": event, "s": 1, "d": data})


def _member(user: Result) -> Result:
    joined = "2021-01-01T00:00:00+00:00"
    return {"user": user, "nick": None, "joined_at": joined, "roles": [], "deaf": False, "mute": False, "flags": 0}


def _message(id_: str, channel: str) -> Result:
    lists = ("mentions", "mention_roles", "attachments", "embeds", "components")
    about = {"id": id_, "channel_id": channel, "author": BOT, "content": "", "timestamp": "2021-11-29T16:00:00+00:00"}
    flags = {"edited_timestamp": None, "type": 0, "pinned": False, "tts": False, "mention_everyone": False, "flags": 0}
    return {**about, **flags, **{name: [] for name in lists}}


def _json(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    # discord.py reads JSON only if the type is exactly this one, and takes a 429 without Via for a ban.
    all_headers = {"Content-Type": "application/json", "Via": "1.1 fake", **(headers or {})}
    return web.Response(body=json.dumps(body).encode(), status=status, headers=all_headers)


@asynccontextmanager
async def fake_discord() -> AsyncIterator[FakeDiscord]:
    """The server, on a free port."""
    fake, app = FakeDiscord(), web.Application()
    app.router.add_get("/gateway", fake.websocket)
    app.router.add_get("/gateway/", fake.websocket)
    app.router.add_route("*", "/api/v10/{rest:.*}", fake.rest)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    fake.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield fake
    finally:
        await runner.cleanup()
