"""A small server that speaks Slack over real HTTP and WebSocket: it can refuse, fail, forget, be slow and hang up."""

import asyncio
import json
import re
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import aiohttp
from aiohttp import WSMsgType, web
from slack_sdk.signature import SignatureVerifier

from tests.fake_servers.serving import serving

TEAM, BOT, TOKEN, APP_TOKEN, SECRET = "T100", "U900", "xoxb-peer-token", "xapp-peer-token", "shhh"
ADMIN = "U032"
FORM_ONLY = frozenset({"users.info", "conversations.history"})
"""Methods that read forms only: Slack takes JSON for them as no arguments at all."""

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """One request that the app made: a method of the Web API, `respond` to a response_url, or `upload` of a file."""

    method: str
    body: Json
    token: str = ""


@dataclass(slots=True)
class Fault:
    """The next requests that match are answered so, after the first `spared`; `taken` ones are carried out all the same."""

    method: str
    status: int = 200
    body: Json | str = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    times: int = 1
    taken: bool = False
    spared: int = 0
    hangs_up: bool = False


@dataclass(slots=True)
class Message:
    """A message that the peer has taken."""

    ts: str
    channel: str
    body: Json
    at: float = field(default_factory=time.monotonic)


@dataclass(slots=True)
class SlackPeer:
    """State of the simulated Slack: a workspace T100 with a channel C200 that the app is in."""

    check: Callable[[Asked], None] = lambda asked: None
    asked: list[Asked] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    files: dict[str, Json] = field(default_factory=dict)
    chosen: dict[str, bytes] = field(default_factory=dict)
    homes: dict[str, Json] = field(default_factory=dict)
    pasted: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    unfurled: dict[tuple[str, str], dict[str, Json]] = field(default_factory=dict)
    users: dict[str, Json] = field(default_factory=dict)
    closed_to: dict[str, str] = field(default_factory=dict)
    tokens: set[str] = field(default_factory=lambda: {TOKEN})
    sockets: list[web.WebSocketResponse] = field(default_factory=list)
    acknowledged: dict[str, Json] = field(default_factory=dict)
    connections: int = 0
    deaf: bool = False
    url: str = ""
    broken: list[str] = field(default_factory=list)
    a_minute: int | None = None
    refused: int = 0
    _taken_at: list[float] = field(default_factory=list)
    _last: int = 1_000
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    def new_id(self, prefix: str = "") -> str:
        self._last += 1
        return f"{prefix}{self._last}"

    # What the app asks.

    async def api(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        unread = method in FORM_ONLY and request.content_type == "application/json"
        return await self._serve(request, Asked(method, {} if unread else await _read(request), token))

    def choose(self, name: str, content: bytes) -> Json:
        """A file that somebody chooses in a form, as Slack describes it."""
        id_ = self.new_id("F")
        self.chosen[id_] = content
        where = f"{self.url}/files/{id_}"
        return {"id": id_, "name": name, "size": len(content), "mode": "hosted", "url_private": where}

    async def give_file(self, request: web.Request) -> web.Response:
        """The content for the app's token; for everybody else the page to sign in."""
        if request.headers.get("Authorization", "").removeprefix("Bearer ") not in self.tokens:
            return web.Response(text="<!DOCTYPE html><title>Sign in</title>", content_type="text/html")
        return web.Response(body=self.chosen[request.match_info["id"]])

    async def respond(self, request: web.Request) -> web.StreamResponse:
        return await self._serve(request, Asked("respond", {**await request.json(), "to": request.match_info["id"]}))

    async def upload(self, request: web.Request) -> web.StreamResponse:
        form = await request.post()
        file = form["file"]
        assert isinstance(file, web.FileField)
        content = file.file.read().decode()
        return await self._serve(request, Asked("upload", {"id": request.match_info["id"], "content": content}))

    def checked(self, asked: Asked) -> None:
        """Hold what the app sent against Slack's documents."""
        try:
            self.check(asked)
        except AssertionError as error:
            self.broken.append(f"{asked.method}: {error}")

    async def _serve(self, request: web.Request, asked: Asked) -> web.StreamResponse:
        self.asked.append(asked)
        self.checked(asked)
        fault = next(
            (planned for planned in self.faults if planned.times and re.fullmatch(planned.method, asked.method)), None
        )
        if fault and fault.spared:
            fault.spared -= 1
            fault = None
        if fault is None:
            answer = self._answer(asked)
            self._wake()
            status = 429 if answer.get("error") == "ratelimited" else 200
            return web.json_response(answer, status=status, headers={"Retry-After": "1"} if status == 429 else {})
        fault.times -= 1
        if fault.taken:
            self._answer(asked)
        self._wake()
        if fault.hangs_up:
            assert request.transport is not None
            request.transport.abort()
        if isinstance(fault.body, str):
            return web.Response(text=fault.body, status=fault.status, headers=fault.headers, content_type="text/html")
        return web.json_response(fault.body, status=fault.status, headers=fault.headers)

    def _answer(self, asked: Asked) -> Json:
        if asked.method in ("respond", "upload"):
            if asked.method == "upload":
                self.files[asked.body["id"]]["content"] = asked.body["content"]
            return {"ok": True}
        if asked.method == "apps.connections.open":
            good = asked.token == APP_TOKEN
            return {"ok": True, "url": f"{self.url.replace('http', 'ws')}/link"} if good else _no("invalid_auth")
        if asked.token not in self.tokens:
            return _no("invalid_auth")
        answer = getattr(self, "_" + asked.method.replace(".", "_"), None)
        return answer(asked.body) if answer else _no("unknown_method")

    def _auth_test(self, _: Json) -> Json:
        return {"ok": True, "url": "https://club.slack.com/", "team": "Cloud Club", "team_id": TEAM, "user_id": BOT}

    def _users_info(self, body: Json) -> Json:
        if "user" not in body:
            return _no("user_not_found")
        user = str(body["user"])
        profile = {"id": user, "name": user.lower(), "tz": "America/Los_Angeles", "is_admin": user == ADMIN}
        return {"ok": True, "user": {**profile, **self.users.get(user, {})}}

    def _chat_postMessage(self, body: Json) -> Json:  # noqa: N802 — Slack's own name
        to = str(body["channel"])
        channel = f"D{to[1:]}" if to.startswith("U") else to
        if refusal := self.closed_to.get(channel):
            return _no(refusal)
        if self.a_minute is not None and not self._may_take():
            return _no("ratelimited")
        # An id in `client_msg_id` makes no one message of two: Slack promises nothing of the kind.
        taken = Message(f"{self.new_id()}.000100", channel, body)
        self.messages.append(taken)
        return {"ok": True, "channel": channel, "ts": taken.ts, "message": {"text": body.get("text"), "ts": taken.ts}}

    def _conversations_history(self, body: Json) -> Json:
        channel = str(body.get("channel"))
        if not channel.startswith("D"):
            return _no("missing_scope" if channel.startswith("C") else "channel_not_found")
        latest = [message for message in self.messages if message.channel == channel][::-1][
            : int(body.get("limit", 100))
        ]
        shown = ("text", "blocks", *(["metadata"] if body.get("include_all_metadata") == "1" else []))
        about = [{name: message.body[name] for name in shown if name in message.body} for message in latest]
        pairs = zip(latest, about, strict=True)
        return {"ok": True, "messages": [{"type": "message", "ts": message.ts, **more} for message, more in pairs]}

    def _may_take(self) -> bool:
        now = time.monotonic()
        self._taken_at = [moment for moment in self._taken_at if now - moment < 60]
        if len(self._taken_at) >= (self.a_minute or 0):
            self.refused += 1
            return False
        self._taken_at.append(now)
        return True

    def _chat_postEphemeral(self, body: Json) -> Json:  # noqa: N802 — Slack's own name
        if refusal := self.closed_to.get(str(body["channel"])):
            return _no(refusal)
        return {"ok": True, "message_ts": f"{self.new_id()}.000100"}

    def _chat_unfurl(self, body: Json) -> Json:
        where = (body.get("channel"), body.get("ts")) if "ts" in body else (body.get("unfurl_id"), body.get("source"))
        if where not in self.pasted:
            return _no("cannot_find_message")
        if any(url not in self.pasted[where] for url in body["unfurls"]):
            return _no("cannot_unfurl_url")
        self.unfurled.setdefault(where, {}).update(body["unfurls"])
        return {"ok": True}

    def _chat_update(self, body: Json) -> Json:
        for message in self.messages:
            if (message.ts, message.channel) == (body["ts"], body["channel"]):
                message.body = {**message.body, **body}
                return {"ok": True, "ts": message.ts, "channel": message.channel, "text": body.get("text")}
        return _no("message_not_found")

    def _chat_delete(self, body: Json) -> Json:
        remaining = [
            message for message in self.messages if (message.ts, message.channel) != (body["ts"], body["channel"])
        ]
        gone, self.messages = len(remaining) < len(self.messages), remaining
        return {"ok": True, "ts": body["ts"], "channel": body["channel"]} if gone else _no("message_not_found")

    def _views_open(self, body: Json) -> Json:
        return {"ok": True, "view": {**body["view"], "id": self.new_id("V")}}

    _views_push = _views_open

    def _views_update(self, body: Json) -> Json:
        return {"ok": True, "view": {**body["view"], "id": body["view_id"]}}

    def _views_publish(self, body: Json) -> Json:
        self.homes[str(body["user_id"])] = body["view"]
        return {"ok": True, "view": {**body["view"], "id": self.new_id("V")}}

    def _files_getUploadURLExternal(self, body: Json) -> Json:  # noqa: N802 — Slack's own name
        id_ = self.new_id("F")
        self.files[id_] = {"name": body["filename"], "length": int(body["length"]), "channel": ""}
        return {"ok": True, "upload_url": f"{self.url}/upload/{id_}", "file_id": id_}

    def _files_completeUploadExternal(self, body: Json) -> Json:  # noqa: N802 — Slack's own name
        for file in json.loads(body["files"]):
            self.files[file["id"]]["channel"] = body["channel_id"]
        return {"ok": True, "files": json.loads(body["files"])}

    # Socket Mode.

    async def link(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.connections += 1
        self.sockets.append(socket)
        await socket.send_json({"type": "hello", "num_connections": 1, "connection_info": {"app_id": "A1"}})
        self._wake()
        async for frame in socket:
            if frame.type is WSMsgType.TEXT:
                envelope = json.loads(frame.data)
                self.acknowledged[envelope["envelope_id"]] = envelope.get("payload") or {}
                self._wake()
        if socket in self.sockets:
            self.sockets.remove(socket)
        self._wake()
        return socket

    async def push(self, kind: str, payload: Json, envelope: str = "", *, retry: int = 0) -> str:
        """Send an envelope over the newest socket; gives its id."""
        id_ = envelope or self.new_id("E")
        about = {"envelope_id": id_, "type": kind, "payload": payload, "accepts_response_payload": True}
        await self.sockets[-1].send_json({**about, "retry_attempt": retry, "retry_reason": ""})
        return id_

    async def refresh(self) -> None:
        """Slack asks for a new connection, as it does every few hours."""
        await self.sockets[-1].send_json({"type": "disconnect", "reason": "refresh_requested"})

    async def hang_up(self) -> None:
        """Drop every connection."""
        for socket in list(self.sockets):
            with suppress(ConnectionError):
                await socket.close()

    async def until(self, what: Callable[[], bool], seconds: float = 180) -> None:
        """Wait until something is so; the peer looks again whenever something happened."""
        async with asyncio.timeout(seconds):
            while not what():
                await self._changed.wait()
                self._changed.clear()

    def _wake(self) -> None:
        self._changed.set()

    def of(self, method: str) -> list[Json]:
        """The bodies of all requests for a method."""
        return [request.body for request in self.asked if request.method == method]


@dataclass(slots=True)
class Post:
    """What Slack sends over HTTP to `url`, signed; over the socket of `peer` where there is no url."""

    peer: SlackPeer
    url: str = ""
    secret: str = SECRET

    async def form(self, body: Json, **headers: str) -> tuple[int, str]:
        """A slash command."""
        if not self.url:
            return await self._over_socket("slash_commands", body)
        return await self.raw(urlencode(body), "application/x-www-form-urlencoded", **headers)

    async def payload(self, body: Json, **headers: str) -> tuple[int, str]:
        """A press or a form."""
        if not self.url:
            return await self._over_socket("interactive", body)
        return await self.form({"payload": json.dumps(body)}, **headers)

    async def event(self, body: Json, **headers: str) -> tuple[int, str]:
        """An event."""
        if not self.url:
            return await self._over_socket("events_api", body)
        return await self.raw(json.dumps(body), "application/json", **headers)

    async def raw(self, body: str, kind: str, **headers: str) -> tuple[int, str]:
        """The status and the body of the answer."""
        async with (
            aiohttp.ClientSession() as session,
            session.post(self.url, data=body, headers={**signed(body, kind, self.secret), **headers}) as answer,
        ):
            return answer.status, await answer.text()

    async def _over_socket(self, kind: str, body: Json) -> tuple[int, str]:
        id_ = await self.peer.push(kind, body)
        await self.peer.until(lambda: id_ in self.peer.acknowledged)
        payload = self.peer.acknowledged[id_]
        return 200, json.dumps(payload) if payload else ""


def signed(body: str, kind: str, secret: str = SECRET, stamp: str = "") -> dict[str, str]:
    """The headers of what Slack sends."""
    stamp = stamp or str(int(time.time()))
    signature = SignatureVerifier(secret).generate_signature(timestamp=stamp, body=body) or ""
    return {"Content-Type": kind, "X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": signature}


@dataclass(slots=True)
class Person:
    """Somebody who uses Slack. Answers are what the app says, wherever it says it."""

    post: Post
    id: str = "U031"
    name: str = "ada"
    team: str = TEAM

    @property
    def peer(self) -> SlackPeer:
        return self.post.peer

    def command(self, line: str) -> Json:
        """The body of a slash command."""
        command, _, text = line.partition(" ")
        answers = self.peer.new_id("R")
        return {
            "token": "deprecated",
            "team_id": self.team,
            "team_domain": "club",
            "channel_id": "C200",
            "channel_name": "general",
            "user_id": self.id,
            "user_name": self.name,
            "command": command,
            "text": text,
            "api_app_id": "A1",
            "is_enterprise_install": "false",
            "response_url": f"{self.peer.url}/respond/{answers}",
            "trigger_id": self.peer.new_id("trigger"),
        }

    async def type(self, line: str) -> Asked:
        """Use a slash command; gives the answer."""
        return await self._answered(lambda: self._sent(self.post.form(self.command(line))))

    async def press(self, answer: Asked | Message | Json, label: str) -> Asked:
        """Press the button with this label on an answer, a message, the Home tab or a window."""
        body = self.presses(answer, label)
        return await self._answered(lambda: self._sent(self.post.payload(body)))

    def presses(self, answer: Asked | Message | Json, label: str) -> Json:
        """The body of a press."""
        shown = answer if isinstance(answer, dict) else answer.body
        shown = shown.get("view", shown)
        (button,) = [item for item in buttons(shown) if item["text"]["text"] == label]
        about = {"action_id": button["action_id"], "block_id": "b1", "value": button.get("value", "")}
        press: Json = {
            "type": "block_actions",
            **self._who(),
            "api_app_id": "A1",
            "actions": [{**about, "type": "button", "action_ts": self.peer.new_id(), "text": button["text"]}],
            "trigger_id": self.peer.new_id("trigger"),
        }
        if shown.get("type") in ("home", "modal"):
            view = {**shown, "id": shown.get("id") or self.peer.new_id("V"), "team_id": self.team}
            return {**press, "view": view, "container": {"type": "view", "view_id": view["id"]}}
        answers = f"{self.peer.url}/respond/{self.peer.new_id('R')}"
        container = {"type": "message", "message_ts": "1.1", "channel_id": "C200", "is_ephemeral": True}
        return {**press, "container": container, "response_url": answers, "channel": {"id": "C200", "name": "general"}}

    async def fill_in(self, opened: Asked, **values: str | Json) -> Asked:
        """Submit a form that was opened."""
        body, before = self.fills_in(opened, **values), len(self.peer.asked)
        status, text = await self.post.payload(body)
        assert status == 200, (status, text)
        shown = json.loads(text)["view"] if text else {"blocks": []}
        if any(block["type"] == "input" for block in shown["blocks"]):
            # What an acknowledgement shows has to be what an update may show.
            refused = Asked("views.update", {"view_id": body["view"]["id"], "view": shown})
            self.peer.checked(refused)
            return refused
        return await self._next_answer(before)

    def fills_in(self, opened: Asked, **values: str | Json) -> Json:
        """The body of a submission."""
        view = opened.body["view"]
        view = {**view, "id": opened.body.get("view_id") or self.peer.new_id("V"), "hash": self.peer.new_id()}
        before = {block["block_id"]: _initial(block) for block in view["blocks"] if block["type"] == "input"}
        given: dict[str, str | Json] = {name: value for name, value in {**before, **values}.items() if value}
        state = {name: {"value": _state(view, name, value)} for name, value in given.items()}
        return {"type": "view_submission", **self._who(), "view": {**view, "state": {"values": state}}}

    async def open_home(self) -> Json:
        """Look at the Home tab."""
        before = len(self.peer.of("views.publish"))
        body = self.event({"type": "app_home_opened", "user": self.id, "channel": "D1", "tab": "home"})
        await self._sent(self.post.event(body))
        await self.peer.until(lambda: len(self.peer.of("views.publish")) > before)
        return self.peer.homes[self.id]

    def writes(self, text: str, **more: Any) -> Json:
        """The body of a direct message to the app, or with `channel="C200"` of a message that mentions it."""
        channel = more.pop("channel", f"D{self.id[1:]}")
        is_direct = channel.startswith("D")
        kind = {"type": "message", "channel_type": "im"} if is_direct else {"type": "app_mention"}
        about = {"user": self.id, "team": self.team, "channel": channel, "ts": f"{self.peer.new_id()}.000200"}
        return self.event({**kind, **about, "text": text, "event_ts": about["ts"], **more})

    async def write(self, text: str, **more: Any) -> None:
        """Write to the app; see `writes`."""
        await self._sent(self.post.event(self.writes(text, **more)))

    def pastes(self, *urls: str, **more: Any) -> Json:
        """The body of the event that a message in a channel, or with `source="composer"` a draft, has links to us."""
        channel, ts = more.pop("channel", "C200"), f"{self.peer.new_id()}.000300"
        source, unfurl_id = more.pop("source", "conversations_history"), self.peer.new_id("unfurl")
        is_draft = source == "composer"
        place = ("COMPOSER", unfurl_id) if is_draft else (channel, ts)
        self.peer.pasted[(unfurl_id, source) if is_draft else place] = list(urls)
        links = [{"url": url, "domain": "hallway.example.org"} for url in urls]
        about = {"channel": place[0], "message_ts": place[1], "user": self.id, "event_ts": ts}
        ids = {"unfurl_id": unfurl_id, "source": source, "is_bot_user_member": True}
        return self.event({"type": "link_shared", **about, **ids, "links": links, **more})

    async def paste(self, *urls: str, **more: Any) -> None:
        """Paste links to the pages; see `pastes`."""
        await self._sent(self.post.event(self.pastes(*urls, **more)))

    def event(self, event: Json) -> Json:
        """The body of an event."""
        about = {"token": "deprecated", "team_id": self.team, "api_app_id": "A1", "type": "event_callback"}
        when = {"event_id": self.peer.new_id("Ev"), "event_time": int(time.time())}
        return {**about, **when, "event": event, "authorizations": [{"team_id": self.team, "is_bot": True}]}

    def _who(self) -> Json:
        user = {"id": self.id, "username": self.name, "name": self.name, "team_id": self.team}
        return {"user": user, "team": {"id": self.team, "domain": "club"}}

    async def _sent(self, sending: Any) -> None:
        status, text = await sending
        assert status == 200, (status, text)

    async def _answered(self, ask: Callable[[], Any]) -> Asked:
        """The first answer or window that comes after the question."""
        before = len(self.peer.asked)
        await ask()
        return await self._next_answer(before)

    async def _next_answer(self, before: int) -> Asked:
        """The first answer or window after as many requests."""

        def answers() -> list[Asked]:
            wanted = ("respond", "views.open", "views.push", "views.update")
            return [request for request in self.peer.asked[before:] if request.method in wanted]

        await self.peer.until(lambda: bool(answers()))
        return answers()[0]


def buttons(shown: Json) -> list[Json]:
    """The buttons of a message or window, in order."""
    found = []
    for block in shown.get("blocks", ()):
        items = [*block.get("elements", ()), *([block["accessory"]] if "accessory" in block else [])]
        found += [item for item in items if item.get("type") == "button"]
    return found


def labels(answer: Asked | Message | Json) -> list[str]:
    """What can be pressed."""
    shown = answer if isinstance(answer, dict) else answer.body
    return [str(button["text"]["text"]) for button in buttons(shown.get("view", shown))]


def words(answer: Asked | Message | Json) -> str:
    """What is to be read in the blocks."""
    shown = answer if isinstance(answer, dict) else answer.body
    found: list[str] = []
    for block in shown.get("view", shown).get("blocks", ()):
        texts = [block.get("text"), *block.get("fields", ())]
        found += [text["text"] for text in texts if text]
        found += [element["text"] for element in block.get("elements", ()) if block["type"] == "context"]
    return "\n".join(found)


def _initial(block: Json) -> str:
    """What stands in a field when a form opens."""
    element = block["element"]
    option = (element.get("initial_option") or {}).get("value")
    return str(element.get("initial_value") or option or element.get("initial_conversation") or "")


def _state(view: Json, name: str, value: str | Json) -> Json:
    (block,) = [item for item in view["blocks"] if item.get("block_id") == name]
    if block["element"]["type"] == "file_input":
        return {"type": "file_input", "files": [value]}
    if block["element"]["type"] == "static_select":
        (option,) = [choice for choice in block["element"]["options"] if choice["value"] == value]
        return {"type": "static_select", "selected_option": option}
    if block["element"]["type"] == "conversations_select":
        return {"type": "conversations_select", "selected_conversation": value}
    return {"type": "plain_text_input", "value": value}


def _no(error: str) -> Json:
    return {"ok": False, "error": error}


async def _read(request: web.Request) -> Json:
    if request.content_type == "application/json":
        found: Json = await request.json()
        return found
    return {**{name: str(value) for name, value in (await request.post()).items()}, **dict(request.query)}


@asynccontextmanager
async def slack_peer(check: Callable[[Asked], None] | None = None) -> AsyncIterator[SlackPeer]:
    """The peer on a port of its own, on loopback."""
    peer = SlackPeer(check) if check else SlackPeer()
    app = web.Application()
    app.router.add_get("/link", peer.link)
    app.router.add_post("/respond/{id}", peer.respond)
    app.router.add_post("/upload/{id}", peer.upload)
    app.router.add_route("*", "/api/{method}", peer.api)
    app.router.add_get("/files/{id}", peer.give_file)
    async with serving(app) as peer.url:
        try:
            yield peer
        finally:
            await peer.hang_up()
