"""A server on loopback that speaks as much of Slack's Web API as the benchmark needs, with a limit on messages."""

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import urlencode

from aiohttp import ClientSession, web
from slack_sdk.signature import SignatureVerifier

TEAM, TOKEN, SECRET = "T100", "xoxb-fake-token", "shhh"
A_MINUTE = 300
"""Messages that a workspace may take in a minute."""
KIND = "application/x-www-form-urlencoded"


@dataclass(slots=True)
class FakeSlack:
    """`answers` counts what came to a response_url; `sent` and `refused` count direct messages."""

    url: str = ""
    answers: int = 0
    sent: int = 0
    refused: int = 0
    _accepted_at: deque[float] = field(default_factory=lambda: deque(maxlen=A_MINUTE))
    _commands: int = 0

    @property
    def api(self) -> str:
        """The base of the Web API."""
        return f"{self.url}/api/"

    async def command(self, session: ClientSession, to: str, user: str, line: str) -> float:
        """Somebody types a command; returns the milliseconds until its acknowledgement."""
        self._commands += 1
        command, _, text = line.partition(" ")
        body = urlencode(
            {
                "team_id": TEAM,
                "user_id": user,
                "user_name": "somebody",
                "command": command,
                "text": text,
                "channel_id": "C200",
                "response_url": f"{self.url}/respond/{self._commands}",
                "trigger_id": f"trigger{self._commands}",
            }
        )
        stamp = str(int(time.time()))
        signature = SignatureVerifier(SECRET).generate_signature(timestamp=stamp, body=body) or ""
        headers = {"Content-Type": KIND, "X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": signature}
        begins = time.perf_counter()
        async with session.post(to, data=body, headers=headers) as answer:
            await answer.read()
            assert answer.status == 200
        return (time.perf_counter() - begins) * 1000

    async def wait_until_quiet(self) -> None:
        """Wait until no more answers come."""
        before = -1
        while before != self.answers:
            before = self.answers
            await asyncio.sleep(0.5)

    async def respond(self, request: web.Request) -> web.Response:
        """The answer to a command."""
        await request.read()
        self.answers += 1
        return web.json_response({"ok": True})

    async def method(self, request: web.Request) -> web.Response:
        """Any method of the Web API."""
        name = request.match_info["method"]
        if name == "chat.postMessage":
            return self._post()
        if name == "users.info":
            user = {"id": "U1", "name": "somebody", "tz": "America/Los_Angeles", "is_admin": False}
            return web.json_response({"ok": True, "user": user})
        about = {"url": "https://crowd.slack.com/", "team": "Crowd", "team_id": TEAM, "user_id": "U900"}
        return web.json_response({"ok": True, **about})

    def _post(self) -> web.Response:
        now = time.monotonic()
        if len(self._accepted_at) == A_MINUTE and now - self._accepted_at[0] < 60:
            self.refused += 1
            return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers={"Retry-After": "1"})
        self._accepted_at.append(now)
        self.sent += 1
        return web.json_response({"ok": True, "channel": "D1", "ts": f"{self.sent}.000100"})


@asynccontextmanager
async def fake_slack() -> AsyncIterator[FakeSlack]:
    """The server, on a free port."""
    fake, app = FakeSlack(), web.Application()
    app.router.add_post("/respond/{id}", fake.respond)
    app.router.add_route("*", "/api/{method}", fake.method)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    fake.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield fake
    finally:
        await runner.cleanup()
