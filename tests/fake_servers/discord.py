"""A small server that speaks Discord over real HTTP and WebSocket: it can refuse, fail, forget and hang up."""

import asyncio
import json
import re
import time
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from aiohttp import WSMsgType, web

from tests.fake_servers.serving import serving

APPLICATION, TOKEN = 900, "OTAw.peer.token"
GUILD, CHANNEL, REMINDERS, ROLE, CREW = 100, 200, 201, 100, 101
ALL_PERMISSIONS, MANAGE_GUILD = ((1 << 50) - 1) & ~8, 1 << 5
"""All but that of an administrator, whom nothing is denied."""

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """One request that the bot made: `body` is its JSON, `files` the names of what was attached."""

    method: str
    path: str
    body: Any
    files: tuple[str, ...] = ()
    at: float = field(default_factory=time.monotonic, compare=False)


@dataclass(slots=True)
class Fault:
    """The next requests that match are answered so, after the first `spared`; `taken` ones are carried out all the same."""

    method: str
    path: str
    status: int
    body: Json = field(default_factory=dict)
    times: int = 1
    taken: bool = False
    spared: int = 0
    headers: dict[str, str] = field(default_factory=dict)

    def fits(self, method: str, path: str) -> bool:
        return self.times > 0 and method == self.method and re.fullmatch(self.path, path) is not None


@dataclass(slots=True)
class Message:
    """A message that the peer has taken."""

    id: int
    channel: str
    body: Json
    files: tuple[str, ...]
    at: float = field(default_factory=time.monotonic)


@dataclass(slots=True)
class DiscordPeer:
    """State of the simulated Discord. Guild 100 has a general channel 200 and a channel 201 for reminders."""

    check: Callable[[Asked], None] = lambda asked: None
    asked: list[Asked] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    commands: list[Json] = field(default_factory=list)
    closed_to: set[str] = field(default_factory=set)
    guilds: dict[int, Json] = field(default_factory=dict)
    members: dict[int, Json] = field(default_factory=dict)
    identified: list[Json] = field(default_factory=list)
    asked_before_identify: list[int] = field(default_factory=list)
    """How many requests had come before each IDENTIFY."""
    resumed: int = 0
    resumable: bool = True
    shards: int = 1
    sockets: list[web.WebSocketResponse] = field(default_factory=list)
    url: str = ""
    attachments: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    attachments_at: str = ""
    lost: set[str] = field(default_factory=set)
    broken: list[str] = field(default_factory=list)
    _nonces: dict[tuple[str, str], Message] = field(default_factory=dict)
    _answers: dict[str, asyncio.Future[Asked]] = field(default_factory=dict)
    _edits: dict[str, asyncio.Future[Asked]] = field(default_factory=dict)
    _last: int = 1_000_000
    _sequence: int = 0
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.guilds[GUILD] = guild(GUILD, "Cloud Club")

    def new_id(self) -> int:
        self._last += 1
        return self._last

    def attach(self, name: str, content: bytes) -> str:
        """A file that somebody uploads; gives its id, which stands after a `+` in the options of a command."""
        id_ = str(self.new_id())
        self.attachments[id_] = (name, content)
        return id_

    def resolved(self, ids: Iterable[str]) -> Json:
        """What Discord says about uploaded files."""
        found = {}
        for id_ in ids:
            name, content = self.attachments[id_]
            where = f"{self.attachments_at or self.url}/attachments/{id_}"
            found[id_] = {"id": id_, "filename": name, "size": len(content), "url": where, "proxy_url": where}
        return {"attachments": found}

    async def give_attachment(self, request: web.Request) -> web.Response:
        if request.match_info["id"] in self.lost:
            return web.Response(status=404)
        return web.Response(body=self.attachments[request.match_info["id"]][1])

    # What the bot asks.

    async def handle(self, request: web.Request) -> web.StreamResponse:
        path = request.path.removeprefix("/api/v10")
        body, files = await _read(request)
        asked = Asked(request.method, path, body, files)
        self.asked.append(asked)
        try:
            self.check(asked)
        except AssertionError as error:
            self.broken.append(f"{asked.method} {asked.path}: {error}")
        fault = next((planned for planned in self.faults if planned.fits(asked.method, path)), None)
        if fault and fault.spared:
            fault.spared -= 1
            fault = None
        if fault:
            fault.times -= 1
            if fault.taken:
                self._answer(asked)
            self._wake()
            return _json(fault.body, fault.status, fault.headers)
        answer, status = self._answer(asked)
        self._wake()
        return _json(answer, status)

    def _answer(self, asked: Asked) -> tuple[Any, int]:
        for method, pattern, answer in self._routes():
            match = re.fullmatch(pattern, asked.path)
            if match and method == asked.method:
                return answer(asked, *match.groups())
        return {"message": "404: Not Found", "code": 0}, 404

    def _routes(self) -> list[tuple[str, str, Callable[..., tuple[Any, int]]]]:
        return [
            ("GET", "/users/@me", lambda _: (user(APPLICATION, "hallway", bot=True), 200)),
            ("GET", "/oauth2/applications/@me", lambda _: (application(), 200)),
            ("GET", "/gateway/bot", lambda _: (self._gateway(), 200)),
            ("PUT", "/applications/900/commands", self._tell_commands),
            ("POST", "/users/@me/channels", self._open_channel),
            ("POST", r"/channels/(\d+)/messages", self._take_message),
            ("GET", r"/channels/(\d+)", self._channel),
            ("PATCH", r"/channels/(\d+)/messages/(\d+)", self._change_message),
            ("DELETE", r"/channels/(\d+)/messages/(\d+)", self._delete_message),
            ("POST", r"/channels/(\d+)/threads", self._make_thread),
            ("PUT", r"/channels/(\d+)/thread-members/(\d+)", lambda *_: (None, 204)),
            ("POST", r"/interactions/(\d+)/[^/]+/callback", self._take_callback),
            ("PATCH", r"/webhooks/900/([^/]+)/messages/@original", self._take_edit),
            ("GET", r"/guilds/(\d+)", self._guild),
            ("GET", r"/guilds/(\d+)/channels", lambda _, id_: (self.guilds[int(id_)]["channels"], 200)),
            ("GET", r"/guilds/\d+/members/(?!900)(\d+)", self._member),
            ("GET", r"/guilds/(\d+)/members/900", lambda *_: (member(user(APPLICATION, "hallway", bot=True)), 200)),
        ]

    def _guild(self, _: Asked, id_: str) -> tuple[Any, int]:
        found = self.guilds.get(int(id_))
        return (found, 200) if found else ({"message": "Unknown Guild", "code": 10004}, 404)

    def _member(self, _: Asked, id_: str) -> tuple[Any, int]:
        found = self.members.get(int(id_))
        return (found, 200) if found else ({"message": "Unknown Member", "code": 10007}, 404)

    def _gateway(self) -> Json:
        limit = {"total": 1000, "remaining": 999, "reset_after": 1000, "max_concurrency": 1}
        return {"url": self.url.replace("http", "ws") + "/gateway", "shards": self.shards, "session_start_limit": limit}

    def _tell_commands(self, asked: Asked) -> tuple[Any, int]:
        self.commands = asked.body
        extra = {"application_id": str(APPLICATION), "version": "1"}
        return [{**command, "id": str(self.new_id()), **extra} for command in asked.body], 200

    def _open_channel(self, asked: Asked) -> tuple[Any, int]:
        who = str(asked.body["recipient_id"])
        return {"id": f"7{who}", "type": 1, "recipients": [user(int(who), f"user{who}")], "last_message_id": None}, 200

    def _take_message(self, asked: Asked, channel: str) -> tuple[Any, int]:
        if channel.startswith("7") and channel[1:] in self.closed_to:
            return {"message": "Cannot send messages to this user", "code": 50007}, 403
        nonce = asked.body.get("nonce")
        stored = self._nonces.get((channel, str(nonce))) if nonce and asked.body.get("enforce_nonce") else None
        if stored is None:
            stored = Message(self.new_id(), channel, asked.body, asked.files)
            self.messages.append(stored)
            self._nonces[channel, str(nonce)] = stored
        return message(stored.id, channel, asked.body), 200

    def _channel(self, _: Asked, id_: str) -> tuple[Any, int]:
        channels = [channel for guild in self.guilds.values() for channel in guild["channels"] if channel["id"] == id_]
        return (channels[0], 200) if channels else ({"message": "Unknown Channel", "code": 10003}, 404)

    def _change_message(self, asked: Asked, channel: str, id_: str) -> tuple[Any, int]:
        stored = self._message(channel, id_)
        if stored is None:
            return {"message": "Unknown Message", "code": 10008}, 404
        stored.body = {**stored.body, **asked.body}
        return message(stored.id, channel, stored.body), 200

    def _delete_message(self, _: Asked, channel: str, id_: str) -> tuple[Any, int]:
        stored = self._message(channel, id_)
        if stored is None:
            return {"message": "Unknown Message", "code": 10008}, 404
        self.messages.remove(stored)
        return None, 204

    def _message(self, channel: str, id_: str) -> Message | None:
        return next((posted for posted in self.messages if (posted.channel, str(posted.id)) == (channel, id_)), None)

    def _make_thread(self, asked: Asked, parent: str) -> tuple[Any, int]:
        return thread(self.new_id(), parent, asked.body), 201

    def _take_callback(self, asked: Asked, interaction: str) -> tuple[Any, int]:
        future = self._answers.pop(interaction, None)
        if future is None:
            return {"message": "Interaction has already been acknowledged.", "code": 40060}, 400
        future.set_result(asked)
        about = {"id": interaction, "type": 2, "response_message_id": str(self.new_id())}
        if asked.body["type"] == OPENS_FORM:
            return {"interaction": about, "resource": {"type": OPENS_FORM}}, 200
        made = message(self.new_id(), str(CHANNEL), asked.body.get("data") or {})
        return {"interaction": about, "resource": {"type": asked.body["type"], "message": made}}, 200

    def _take_edit(self, asked: Asked, token: str) -> tuple[Any, int]:
        future = self._edits.get(token)
        if future and not future.done():
            future.set_result(asked)
        return message(self.new_id(), str(CHANNEL), asked.body), 200

    # The gateway.

    async def gateway(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"op": 10, "d": {"heartbeat_interval": 40_000}, "s": None, "t": None})
        async for frame in socket:
            if frame.type is WSMsgType.TEXT:
                await self._heard(socket, json.loads(frame.data))
        if socket in self.sockets:
            self.sockets.remove(socket)
        self._wake()
        return socket

    async def _heard(self, socket: web.WebSocketResponse, payload: Json) -> None:
        match payload["op"]:
            case 1:
                await socket.send_json({"op": 11, "d": None, "s": None, "t": None})
            case 2 if payload["d"]["token"] != TOKEN:
                await socket.close(code=4004)
            case 2:
                self.identified.append(payload["d"])
                self.asked_before_identify.append(len(self.asked))
                self.sockets.append(socket)
                await self._greet(socket, payload["d"].get("shard", [0, 1]))
            case 6 if self.resumable:
                self.resumed += 1
                self.sockets.append(socket)
                await self.send("RESUMED", {}, socket)
            case 6:
                await socket.send_json({"op": 9, "d": False, "s": None, "t": None})
        self._wake()

    async def _greet(self, socket: web.WebSocketResponse, shard: list[int]) -> None:
        ready = {
            "v": 10,
            "user": user(APPLICATION, "hallway", bot=True),
            "guilds": [{"id": str(id_), "unavailable": True} for id_ in self.guilds],
            "session_id": "session",
            "shard": shard,
            "resume_gateway_url": self.url.replace("http", "ws") + "/gateway",
            "application": {"id": str(APPLICATION), "flags": 0},
        }
        await self.send("READY", ready, socket)
        for server in self.guilds.values():
            await self.send("GUILD_CREATE", server, socket)

    async def send(self, event: str, data: Json, socket: web.WebSocketResponse | None = None) -> None:
        self._sequence += 1
        await (socket or self.sockets[-1]).send_json({"op": 0, "t": event, "s": self._sequence, "d": data})

    async def hang_up(self, code: int = 4000) -> None:
        """Drop every connection to the gateway."""
        for socket in list(self.sockets):
            await socket.close(code=code)

    async def until(self, what: Callable[[], bool], seconds: float = 180) -> None:
        """Wait until something is so; the peer looks again whenever something happened."""
        async with asyncio.timeout(seconds):
            while not what():
                await self._changed.wait()
                self._changed.clear()

    def _wake(self) -> None:
        self._changed.set()

    # What people do.

    async def interact(self, data: Json, kind: int, person: "Person | OnMessage", *, seconds: float = 180) -> Asked:
        """Send an interaction; gives the bot's first answer to it."""
        id_ = str(self.new_id())
        token = f"interaction-{id_}"
        self._answers[id_] = asyncio.get_running_loop().create_future()
        self._edits[token] = asyncio.get_running_loop().create_future()
        person.token = token
        await self.send("INTERACTION_CREATE", {**person.asks(id_, token), "type": kind, "data": data})
        return await asyncio.wait_for(asyncio.shield(self._answers[id_]), seconds)

    async def edited(self, person: "Person", seconds: float = 180) -> Asked:
        """The answer that was promised with the last interaction."""
        return await asyncio.wait_for(self._edits[person.token], seconds)


@dataclass(slots=True)
class Person:
    """Somebody who uses Discord, in guild 100 or in a direct message."""

    peer: DiscordPeer
    id: int = 31
    name: str = "ada"
    permissions: int = 0
    direct: bool = False
    installed: bool = True
    guild: int = GUILD
    token: str = ""
    roles: tuple[int, ...] = ()
    locale: str = "en-GB"

    def asks(self, id_: str, token: str) -> Json:
        who = user(self.id, self.name)
        owners = {"0": str(self.guild)} if self.installed and not self.direct else {"1": str(self.id)}
        common = {
            "id": id_,
            "application_id": str(APPLICATION),
            "token": token,
            "version": 1,
            "locale": self.locale,
            "entitlements": [],
            "attachment_size_limit": 1_000_000,
            "app_permissions": str(ALL_PERMISSIONS),
            "authorizing_integration_owners": owners,
        }
        if self.direct:
            place = {"id": f"7{self.id}", "type": 1, "recipients": [who], "last_message_id": None}
            return {**common, "user": who, "channel": place, "channel_id": f"7{self.id}", "context": 1}
        place = text_channel(CHANNEL, "general", self.guild)
        whose = {**member(who), "permissions": str(self.permissions), "roles": [str(role_id) for role_id in self.roles]}
        here = {"guild_id": str(self.guild), "channel": place, "channel_id": str(CHANNEL), "context": 0}
        return {**common, **here, "member": whose, "guild_locale": "en-GB"}

    async def write(self, text: str, *, kind: int = 0, bot: bool = False, answers_bot: bool = False) -> None:
        """Write a message. As with Discord, its text arrives only in a direct message, and where the bot is mentioned."""
        who = {**user(self.id, self.name), "bot": bot}
        mentioned = f"<@{APPLICATION}>" in text or f"<@!{APPLICATION}>" in text or answers_bot
        channel = f"7{self.id}" if self.direct else str(CHANNEL)
        sent = message(self.peer.new_id(), channel, {"content": text if self.direct or mentioned else ""})
        mentions = [user(APPLICATION, "hallway", bot=True)] if mentioned else []
        sent = {**sent, "author": who, "type": kind, "mentions": mentions, "nonce": None}
        if not self.direct:
            own = {key: value for key, value in member({}).items() if key != "user"}
            sent |= {"guild_id": str(self.guild), "member": {**own, "roles": [str(role_id) for role_id in self.roles]}}
        await self.peer.send("MESSAGE_CREATE", sent)

    async def type(self, command: str, **options: str) -> Asked:
        """Use a slash command; a value such as `#201` is a channel, `@32` a person, `&101` a role, `+7` a file."""
        given = [_option(name.rstrip("_"), value) for name, value in options.items()]
        files = self.peer.resolved(option["value"] for option in given if option["type"] == 11)
        resolved = {**_resolved(options.values()), **files}
        data = {"id": "1", "name": command, "type": 1, "options": given, "resolved": resolved}
        return await self.peer.interact(data, 2, self)

    async def complete(self, command: str, option: str, typed: str) -> list[Json]:
        """What is offered while an option is being typed."""
        given = [{"name": option, "type": 3, "value": typed, "focused": True}]
        asked = await self.peer.interact({"id": "1", "name": command, "type": 1, "options": given}, 4, self)
        choices: list[Json] = asked.body["data"]["choices"]
        return choices

    async def press(self, answer: Asked | Message, label: str) -> Asked:
        """Press the button with this label."""
        (wire,) = [item["custom_id"] for item in items(answer) if item.get("label") == label]
        return await self.peer.interact({"custom_id": wire, "component_type": 2}, 3, self.on(answer))

    async def choose(self, answer: Asked, number: int) -> Asked:
        """Choose from the list of an answer."""
        (found,) = [item for item in items(answer) if item["type"] == 3]
        values = [found["options"][number]["value"]]
        data = {"custom_id": found["custom_id"], "component_type": 3, "values": values}
        return await self.peer.interact(data, 3, self.on(answer))

    async def fill_in(self, form: Asked, **values: str) -> Asked:
        """Submit the form that an answer opened."""
        shown = [row["component"] for row in form.body["data"]["components"]]
        before = {
            component["custom_id"]: _stands_in(component)
            for component in shown
            if component["type"] in (TEXT_INPUT, *LISTS)
        }
        lists = {component["custom_id"]: component["type"] for component in shown if component["type"] in LISTS}
        rows = [
            {"type": 18, "component": _chosen(n, v, lists[n]) if n in lists else _filled(n, v)}
            for n, v in {**before, **values}.items()
        ]
        files = self.peer.resolved(v[1:] for v in values.values() if v.startswith("+"))
        data = {"custom_id": form.body["data"]["custom_id"], "components": rows, "resolved": files}
        return await self.peer.interact(data, 5, self)

    def on(self, answer: Asked | Message) -> "OnMessage":
        body = answer.body if isinstance(answer, Message) else answer.body.get("data") or answer.body
        return OnMessage(self, message(self.peer.new_id(), str(CHANNEL), body))


@dataclass(slots=True)
class OnMessage:
    """A person who acts on a message."""

    person: Person
    message: Json
    token: str = ""

    def asks(self, id_: str, token: str) -> Json:
        self.person.token = token
        return {**self.person.asks(id_, token), "message": self.message}


TEXT_INPUT, SELECT, CHANNEL_SELECT = 4, 3, 8
LISTS = (SELECT, CHANNEL_SELECT)
OPENS_FORM = 9
"""The type of an interaction's response that opens a form, and is no message."""
CHOSEN = {"#": 7, "@": 6, "&": 8, "+": 11}
"""The types of options that are chosen from Discord's own lists, by the character that says so here."""


def _stands_in(field: Json) -> str:
    """What stands in a field when a form opens."""
    chosen = next((option["value"] for option in field.get("options", ()) if option.get("default")), "")
    channel = next((str(default["id"]) for default in field.get("default_values", ())), "")
    return str(field.get("value") or chosen or channel)


def _chosen(name: str, value: str, kind: int) -> Json:
    return {"type": kind, "custom_id": name, "values": [value] if value else []}


def _filled(name: str, value: str) -> Json:
    if value.startswith("+"):
        return {"type": 19, "custom_id": name, "values": [value[1:]]}
    return {"type": 4, "custom_id": name, "value": value}


def _option(name: str, value: str) -> Json:
    kind = CHOSEN.get(value[0], 3) if value[1:].isdecimal() else 3
    return {"name": name, "type": kind, "value": value if kind == 3 else value[1:]}


def _resolved(values: Iterable[str]) -> Json:
    """What Discord tells of everything that was chosen."""
    ids = {what: [value[1:] for value in values if value[0] == what and value[1:].isdecimal()] for what in CHOSEN}
    members = {id_: {**member({}), "permissions": "0"} for id_ in ids["@"]}
    for person in members.values():
        del person["user"]
    return {
        "channels": {id_: _partial_channel(id_) for id_ in ids["#"]},
        "users": {id_: user(int(id_), f"user{id_}") for id_ in ids["@"]},
        "members": members,
        "roles": {id_: role(int(id_), ROLES[int(id_)]) for id_ in ids["&"]},
    }


def _partial_channel(id_: str) -> Json:
    return {**text_channel(int(id_), "reminders", GUILD), "permissions": str(ALL_PERMISSIONS)}


def items(answer: Asked | Message) -> list[Json]:
    """The buttons and lists of an answer."""
    body = answer.body if isinstance(answer, Message) else answer.body.get("data") or answer.body
    return [component for row in body.get("components") or () for component in row.get("components", ())]


def user(id_: int, name: str, *, bot: bool = False) -> Json:
    return {"id": str(id_), "username": name, "discriminator": "0", "global_name": None, "avatar": None, "bot": bot}


def member(who: Json) -> Json:
    joined = {"joined_at": "2021-01-01T00:00:00+00:00", "roles": [], "deaf": False, "mute": False, "flags": 0}
    return {"user": who, "nick": None, "avatar": None, **joined}


def text_channel(id_: int, name: str, guild_id: int) -> Json:
    facts: Json = {
        "permission_overwrites": [],
        "parent_id": None,
        "nsfw": False,
        "topic": None,
        "last_message_id": None,
    }
    return {"id": str(id_), "type": 0, "name": name, "position": 0, "guild_id": str(guild_id), **facts}


ROLES = {ROLE: "@everyone", CREW: "Crew"}


def role(id_: int, name: str, permissions: int = 0) -> Json:
    return {
        "id": str(id_),
        "name": name,
        "permissions": str(permissions),
        "position": 0,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "managed": False,
        "mentionable": False,
        "flags": 0,
    }


def guild(id_: int, name: str, *, permissions: int = ALL_PERMISSIONS) -> Json:
    return {
        "id": str(id_),
        "name": name,
        "owner_id": "1",
        "roles": [role(id_, "@everyone", permissions), role(CREW, ROLES[CREW])],
        "emojis": [],
        "stickers": [],
        "features": [],
        "members": [member(user(APPLICATION, "hallway", bot=True))],
        "member_count": 2,
        "channels": [text_channel(CHANNEL, "general", id_), text_channel(REMINDERS, "reminders", id_)],
        "threads": [],
        "voice_states": [],
        "presences": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "large": False,
        "unavailable": False,
        "system_channel_id": str(CHANNEL),
        "verification_level": 0,
        "default_message_notifications": 0,
        "explicit_content_filter": 0,
        "mfa_level": 0,
        "nsfw_level": 0,
        "premium_tier": 0,
        "preferred_locale": "en-US",
        "afk_timeout": 300,
        "system_channel_flags": 0,
    }


def thread(id_: int, parent: str, body: Json) -> Json:
    archived = {"archived": False, "auto_archive_duration": 10080, "archive_timestamp": "2021-01-01T00:00:00+00:00"}
    facts = {"message_count": 0, "member_count": 1, "owner_id": str(APPLICATION), "flags": 0}
    about = {"id": str(id_), "type": body["type"], "name": body["name"], "parent_id": parent, "guild_id": str(GUILD)}
    return {**about, **facts, "thread_metadata": {**archived, "locked": False, "invitable": False}}


def application() -> Json:
    about = {"id": str(APPLICATION), "name": "Hallway", "description": "", "icon": None, "verify_key": "0" * 64}
    return {**about, "bot_public": True, "bot_require_code_grant": False, "owner": user(1, "owner"), "flags": 0}


def message(id_: int, channel: str, body: Json) -> Json:
    facts = {
        "timestamp": "2021-11-29T16:00:00+00:00",
        "edited_timestamp": None,
        "type": 0,
        "pinned": False,
        "tts": False,
    }
    mentions: Json = {"mention_everyone": False, "mentions": [], "mention_roles": [], "attachments": []}
    shown = {"content": body.get("content") or "", "embeds": body.get("embeds") or []}
    about = {"id": str(id_), "channel_id": channel, "author": user(APPLICATION, "hallway", bot=True), "flags": 0}
    return {**about, **facts, **mentions, **shown, "components": _seen(body.get("components") or [])}


def _seen(rows: list[Json]) -> list[Json]:
    return [
        {**row, "id": n, "components": [{**e, "id": n * 10 + m} for m, e in enumerate(row["components"])]}
        for n, row in enumerate(rows, 1)
    ]


async def _read(request: web.Request) -> tuple[Any, tuple[str, ...]]:
    if not request.can_read_body:
        return None, ()
    if not request.content_type.startswith("multipart/"):
        return await request.json(), ()
    body: Any = None
    files = []
    form = await request.post()
    for name, value in form.items():
        if name == "payload_json":
            body = json.loads(str(value))
        elif isinstance(value, web.FileField):
            files.append(value.filename)
    return body, tuple(files)


def _json(body: Any, status: int, more: Mapping[str, str] = MappingProxyType({})) -> web.Response:
    # discord.py reads JSON only if the type is exactly this one, and takes a 429 without Via for a ban.
    if status == 204:
        return web.Response(status=status)
    headers = {"Content-Type": "application/json", "Via": "1.1 peer", **more}
    return web.Response(body=json.dumps(body).encode(), status=status, headers=headers)


@asynccontextmanager
async def discord_peer(check: Callable[[Asked], None] | None = None) -> AsyncIterator[DiscordPeer]:
    """The peer on a port of its own."""
    peer = DiscordPeer(check) if check else DiscordPeer()
    app = web.Application()
    app.router.add_get("/gateway", peer.gateway)
    app.router.add_get("/gateway/", peer.gateway)
    app.router.add_route("*", "/api/v10/{rest:.*}", peer.handle)
    app.router.add_get("/attachments/{id}", peer.give_attachment)
    async with serving(app) as peer.url:
        yield peer
