"""The tools over real HTTP: the official client, and everybody who must not get in."""

import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
import httpx2
import pytest
from mcp.client import Client
from mcp.client.streamable_http import streamable_http_client
from mcp_types import TextContent
from prometheus_client import CollectorRegistry

from adapters.mcp.http import MOST_BYTES, AssistantRoutes
from adapters.web import Monitoring, build, serve
from bot.app.registry import all_commands
from tests.adapters.assistant.test_tools import FOR_ALL
from tests.adapters.site.harness import SECRET, WEB
from tests.fake_servers.slack import SECRET as SIGNING
from tests.fake_servers.slack import TEAM, signed
from tests.fakes.app_harness import AppHarness

JSON = {"Accept": "application/json, text/event-stream", "Content-Type": "application/json"}


@dataclass(slots=True)
class AssistantServer:
    """A served installation, in which Ada has a private address."""

    app: AppHarness
    url: str

    async def secret(self, line: str = "/agenda calendar") -> str:
        reply = await self.app.ask(line)
        found = SECRET.match(reply.links[0].url)
        assert found
        return found[1]

    async def post(self, path: str, body: object, **headers: str) -> tuple[int, str]:
        text = body if isinstance(body, str) else json.dumps(body)
        async with (
            aiohttp.ClientSession() as client,
            client.post(self.url + path, data=text, headers={**JSON, **headers}) as answer,
        ):
            assert answer.status == 404 or answer.headers["Cache-Control"] == "no-store"
            return answer.status, await answer.text()


@asynccontextmanager
async def served(signing_secret: str = SIGNING) -> AsyncIterator[AssistantServer]:
    app = await AppHarness(web=WEB).publish()
    assistants = AssistantRoutes(app.dispatch, app.store, signing_secret)
    async with (
        assistants.serving(),
        serve(build(Monitoring({}, CollectorRegistry()), assistants.routes), "127.0.0.1", 0) as port,
    ):
        yield AssistantServer(app, f"http://127.0.0.1:{port}")


def call(name: str, slack: object = None, **arguments: str) -> dict[str, Any]:
    """A request as it goes over the wire."""
    meta = {"_meta": {"slack": slack}} if slack is not None else {}
    return {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": name, "arguments": arguments, **meta}}


LIST = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}
EVE = {"user_id": "U077", "team_id": TEAM}


async def test_the_official_client_uses_the_tools_by_the_token_and_by_the_address() -> None:
    async with served() as server:
        secret = await server.secret()
        headers = {"Authorization": f"Bearer {secret}"}
        async with (
            httpx2.AsyncClient(headers=headers) as http,
            Client(streamable_http_client(f"{server.url}/mcp", http_client=http)) as client,
        ):
            assert {tool.name for tool in (await client.list_tools()).tools} == FOR_ALL
            for name in ("nextsession", "now", "find", "agenda"):
                assert not (await client.call_tool(name, {"words": "keys"} if name == "find" else {})).is_error
            result = await client.call_tool("attend", {"code": "ARC301"})
            assert isinstance(result.content[0], TextContent)
            assert "You're going." in result.content[0].text
        async with Client(f"{server.url}/p/{secret}/mcp") as client:
            read = await client.read_resource("hallway://agenda")
            assert "Queues that never sleep" in str(read.contents)
        assert "ARC301" in await server.app.say("/agenda")


@pytest.mark.parametrize("token", ["", "x", "a" * 26, "A" * 26, "../../" * 5])
async def test_who_has_no_private_address_gets_nothing(token: str) -> None:
    async with served() as server:
        status, text = await server.post("/mcp", LIST, Authorization=f"Bearer {token}")
        assert (status, "tools" in text) == (401, False)
        assert (await server.post("/p/" + token.replace("/", "%2F").replace(".", "%2E") + "/mcp", LIST))[0] in (
            401,
            404,
        )


async def test_an_address_that_was_replaced_lets_nobody_in() -> None:
    async with served() as server:
        old = await server.secret()
        new = await server.secret("/agenda calendar new")
        assert (await server.post("/mcp", LIST, Authorization=f"Bearer {old}"))[0] == 401
        assert (await server.post(f"/p/{old}/mcp", LIST))[0] == 401
        assert (await server.post("/mcp", LIST, Authorization=f"Bearer {new}"))[0] == 200


async def test_slackbot_calls_for_the_person_whom_slack_signed() -> None:
    async with served() as server:
        body = json.dumps(call("attend", EVE, code="ARC301"))
        status, text = await server.post("/mcp", body, **signed(body, "application/json"))
        assert (status, "You're going." in text) == (200, True)
        async with server.app.store.read_transaction() as work:
            eve = await work.people.find("slack", TEAM, "U077")
            assert eve
            assert [attendance.session for attendance in await work.attendances.of_attendee(eve.id, "cloud21")] == [
                "arc301"
            ]


async def test_slackbot_lists_the_tools_before_it_names_a_person_but_calls_none() -> None:
    async with served() as server:
        body = json.dumps(LIST)
        status, text = await server.post("/mcp", body, **signed(body, "application/json"))
        assert (status, len(json.loads(text)["result"]["tools"])) == (200, len(FOR_ALL))
        for slack in (
            None,
            {},
            {"user_id": "U077"},
            {"user_id": 7, "team_id": TEAM},
            {"user_id": "U" * 99, "team_id": TEAM},
            "U077",
        ):
            body = json.dumps(call("agenda", slack))
            status, text = await server.post("/mcp", body, **signed(body, "application/json"))
            assert (status, "I don't know who is asking" in text) == (200, True), slack


async def test_what_slack_did_not_sign_names_nobody() -> None:
    async with served() as server:
        body, old = json.dumps(call("agenda", EVE)), str(int(time.time()) - 600)
        wrong = [
            signed(body, "application/json", secret="another"),
            signed(body + " ", "application/json"),
            signed(body, "application/json", stamp=old),
            {**signed(body, "application/json"), "X-Slack-Request-Timestamp": "soon"},
            {"X-Slack-Signature": "v0=" + "0" * 64},
        ]
        for headers in wrong:
            assert (await server.post("/mcp", body, **headers))[0] == 401
        # The signed identity counts for Slack's own requests only, not beside the token of a person.
        secret = await server.secret()
        status, text = await server.post("/mcp", call("mydata", EVE), Authorization=f"Bearer {secret}")
        assert (status, "U077" in text) == (200, False)
    async with served(signing_secret="") as server:
        assert (await server.post("/mcp", body, **signed(body, "application/json")))[0] == 401


async def test_what_is_no_request_of_the_protocol_is_refused() -> None:
    async with served() as server:
        secret = await server.secret()
        authorization = f"Bearer {secret}"
        for body in ("", "{", "[]", "null", '{"jsonrpc": "2.0"}'):
            status, _ = await server.post("/mcp", body, Authorization=authorization)
            assert 400 <= status < 500, body
        assert (await server.post("/mcp", "x" * (MOST_BYTES + 1), Authorization=authorization))[0] == 413
        async with aiohttp.ClientSession() as client:
            for path in ("/mcp", f"/p/{secret}/mcp"):
                for method in ("GET", "DELETE"):
                    async with client.request(method, server.url + path) as answer:
                        assert (answer.status, answer.headers["Allow"]) == (405, "POST")


def test_no_tool_is_for_organizers() -> None:
    assert not {"announce", "organizer", "schedule", "settings"} & FOR_ALL
    assert all_commands().keys() > FOR_ALL
