"""A small server that gives, renews and refuses tokens as Slack does, over real HTTP."""

import base64
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.fake_servers.serving import serving

CLIENT_ID, CLIENT_SECRET = "17.42", "client-s3cret"
TWELVE_HOURS = 43_200
SCOPES = "app_mentions:read,chat:write,commands,files:read,files:write,im:history,users:read"

Json = dict[str, Any]
Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(slots=True)
class TokenPeer:
    """State of the simulated Slack: codes that it gave, tokens that are good, people, and how it is to fail.

    `codes` maps a code to what an installation gives. A code and a token that renews are good once. `answers` come
    first, by method, one after another.
    """

    codes: dict[str, Json] = field(default_factory=dict)
    renewals: dict[str, Json] = field(default_factory=dict)
    good: dict[str, Json] = field(default_factory=dict)
    people: dict[str, Json] = field(default_factory=dict)
    answers: dict[str, list[Answer]] = field(default_factory=dict)
    asked: list[tuple[str, Json]] = field(default_factory=list)
    rotates: bool = True
    scopes: str | None = SCOPES
    app_token: str = "xapp-good"
    url: str = ""
    _count: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    @property
    def api(self) -> str:
        return f"{self.url}/api/"

    def count(self, method: str) -> int:
        return sum(1 for name, _ in self.asked if name == method)

    def grant(self, team: str = "T1", name: str = "Club", org: str = "", *, whole: bool = False) -> str:
        """A code, as the browser brings it back from Slack's page."""
        code = f"code-{next(self._count)}"
        self.codes[code] = {
            "team": None if whole else {"id": team, "name": name},
            "enterprise": {"id": org, "name": "Umbrella"} if org else None,
            "is_enterprise_install": whole,
            "bot_user_id": f"UBOT{team}",
            "app_id": "A1",
        }
        return code

    async def handle(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        form = dict(await request.post())
        self.asked.append((method, {name: str(value) for name, value in form.items()}))
        if waiting := self.answers.get(method):
            return await waiting.pop(0)(request)
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if method == "oauth.v2.access":
            return web.json_response(self._access(request, form))
        if method == "auth.test":
            return self._tested(token)
        if method == "users.info":
            return web.json_response(self._person(token, request.query.get("user", "")))
        if method == "apps.connections.open":
            well = token == self.app_token
            return web.json_response({"ok": True, "url": "wss://x"} if well else refused("invalid_auth"))
        return web.json_response(refused("unknown_method"))

    def _access(self, request: web.Request, form: Json) -> Json:
        kind, _, credentials = request.headers.get("Authorization", "").partition(" ")
        if kind != "Basic" or base64.b64decode(credentials).decode() != f"{CLIENT_ID}:{CLIENT_SECRET}":
            return refused("bad_client_secret")
        if form.get("grant_type") == "refresh_token":
            given = self.renewals.pop(form["refresh_token"], None)
            return self._given(given) if given else refused("invalid_refresh_token")
        given = self.codes.pop(form.get("code", ""), None)
        return self._given(given) if given else refused("invalid_code")

    def _given(self, given: Json) -> Json:
        number = next(self._count)
        token = f"xoxe.xoxb-{number}" if self.rotates else f"xoxb-{number}"
        self.good[token] = given
        answer = {"ok": True, "access_token": token, "token_type": "bot", "scope": SCOPES, **given}
        if not self.rotates:
            return answer
        refresh = f"xoxe-refresh-{number}"
        self.renewals[refresh] = given
        return {**answer, "refresh_token": refresh, "expires_in": TWELVE_HOURS}

    def _tested(self, token: str) -> web.Response:
        given = self.good.get(token)
        if given is None:
            return web.json_response(refused("invalid_auth"))
        team, org = given["team"] or {}, given["enterprise"] or {}
        workspace = {"team_id": team.get("id"), "team": team.get("name"), "enterprise_id": org.get("id")}
        who = {"user": "hallway", "user_id": given["bot_user_id"]}
        headers = {} if self.scopes is None else {"x-oauth-scopes": self.scopes}
        return web.json_response({"ok": True, **workspace, **who}, headers=headers)

    def _person(self, token: str, user: str) -> Json:
        if token not in self.good:
            return refused("invalid_auth")
        profile = self.people.get(user)
        return {"ok": True, "user": {"id": user, **profile}} if profile is not None else refused("user_not_found")


def refused(code: str) -> Json:
    return {"ok": False, "error": code}


def answering(body: Json | str, status: int = 200, **headers: str) -> Answer:
    """One answer that is made up."""

    async def answer(_: web.Request) -> web.StreamResponse:
        if isinstance(body, str):
            return web.Response(text=body, status=status, content_type="text/html", headers=headers)
        return web.json_response(body, status=status, headers={k.replace("_", "-"): v for k, v in headers.items()})

    return answer


async def hung_up(request: web.Request) -> web.StreamResponse:
    """The connection is closed instead of an answer."""
    if request.transport:
        request.transport.abort()
    return web.Response()


@asynccontextmanager
async def token_peer() -> AsyncIterator[TokenPeer]:
    """The server on a free port of this machine."""
    peer = TokenPeer()
    app = web.Application()
    app.router.add_route("*", "/api/{method}", peer.handle)
    async with serving(app) as peer.url:
        yield peer
