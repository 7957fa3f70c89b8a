"""Setting Slack up by the command line: the manifest, and a doctor that says what to do next."""

import asyncio
import json
import re
import shlex
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import pytest
import yaml

from adapters.slack.manifest import LINK_SCOPES, SCOPES
from bot.sources import sample
from tests.adapters.slack.workspaces import KEY, Browser
from tests.e2e.hallway import ROOT, Hallway
from tests.fake_servers.slack import signed
from tests.fake_servers.slack_oauth import CLIENT_ID, CLIENT_SECRET, TokenPeer, token_peer

MANY = {
    "HALLWAY_SLACK_CLIENT_ID": CLIENT_ID,
    "HALLWAY_SLACK_CLIENT_SECRET": CLIENT_SECRET,
    "HALLWAY_SECRET_KEY": KEY,
    "HALLWAY_PUBLIC_URL": "https://hallway.invalid",
    "HALLWAY_SLACK_SIGNING_SECRET": "signing-s3cret",
}


@pytest.fixture
async def peer() -> AsyncIterator[TokenPeer]:
    async with token_peer() as made:
        yield made


def test_the_manifest_is_yaml_or_json_and_for_one_or_many(hallway: Hallway) -> None:
    text = hallway.run("manifest", "slack").stdout
    made = yaml.safe_load(text)
    assert made["settings"]["socket_mode_enabled"] is True
    assert json.loads(hallway.run("manifest", "slack", "--json").stdout) == made
    http = json.loads(hallway.run("manifest", "slack", "--json", HALLWAY_PUBLIC_URL="https://h.example").stdout)
    assert http["settings"]["event_subscriptions"]["request_url"] == "https://h.example/slack/events"
    assert "redirect_urls" not in http["oauth_config"]
    many = json.loads(hallway.run("manifest", "slack", "--json", **MANY).stdout)
    assert many["oauth_config"]["redirect_urls"] == ["https://hallway.invalid/slack/oauth_redirect"]
    both = json.loads(hallway.run("manifest", "slack", "--json", **MANY, HALLWAY_SLACK_APP_TOKEN="xapp-1").stdout)
    assert both["settings"]["socket_mode_enabled"] is True


def test_many_workspaces_need_an_address(hallway: Hallway) -> None:
    done = hallway.run("manifest", "slack", "--many")
    assert done.returncode == 1
    assert done.stderr == (
        "hallway: Many workspaces install Hallway in a browser: "
        "set HALLWAY_PUBLIC_URL to the address of `hallway run` on the web.\n"
    )


async def examined(hallway: Hallway, **settings: str) -> list[str]:
    await asyncio.to_thread(hallway.run, "migrate")
    done = await asyncio.to_thread(hallway.run, "doctor", **settings)
    written = done.stdout + done.stderr
    for secret in ("xoxb-", "xapp-", CLIENT_SECRET, KEY, "signing-s3cret", "Traceback"):
        assert secret not in written
    return [line for line in done.stdout.splitlines() if "Slack:" in line]


async def test_the_doctor_looks_at_one_token(hallway: Hallway, peer: TokenPeer) -> None:
    peer.good["xoxb-1"] = {"team": {"id": "T1", "name": "Club"}, "enterprise": None, "bot_user_id": "UB"}
    settings = {"HALLWAY_SLACK_BOT_TOKEN": "xoxb-1", "HALLWAY_SLACK_API_URL": peer.api}
    assert await examined(hallway, **settings, HALLWAY_SLACK_APP_TOKEN="xapp-good") == [
        "ok     Slack: the token is of hallway in Club, with all scopes",
        "ok     Slack: Socket Mode: Slack lets us connect, no public address is needed",
    ]
    (missing,) = await examined(hallway, **settings)
    assert missing.startswith("fault  Slack: Slack cannot reach us: set HALLWAY_SLACK_APP_TOKEN (Socket Mode) or")


async def test_the_doctor_looks_at_many(hallway: Hallway, peer: TokenPeer) -> None:
    app, signed, address = await examined(hallway, **MANY, HALLWAY_SLACK_API_URL=peer.api)
    assert app == "ok     Slack: Slack knows the app"
    assert signed == "ok     Slack: HTTP: what the signing secret does not fit is refused"
    assert address.startswith("fault  Slack: nothing answers at https://hallway.invalid (")
    (key,) = await examined(hallway, **{**MANY, "HALLWAY_SECRET_KEY": "short"}, HALLWAY_SLACK_API_URL=peer.api)
    assert key.startswith("fault  Slack: HALLWAY_SECRET_KEY holds no key: make one with `openssl rand -base64 32`")


async def test_the_doctor_says_how_to_serve_slack_where_it_is_not_used(hallway: Hallway) -> None:
    (line,) = await examined(hallway)
    assert line.startswith("ok     Slack: not configured; to serve it, set HALLWAY_SLACK_BOT_TOKEN or")


@asynccontextmanager
async def running(hallway: Hallway, **settings: str) -> AsyncIterator[tuple[Process, int]]:
    """`hallway run` with the port that it serves; killed at the end if it still runs. It writes no secret."""
    quiet = {"HALLWAY_HTTP_PORT": "0", "HALLWAY_LOG_FORMAT": "json", "HALLWAY_LOG_LEVEL": "debug"}
    process = await hallway.start("run", settings={**quiet, **settings}, stdout=PIPE)
    assert process.stderr
    written = b""
    try:
        while b'"serving"' not in (line := await process.stderr.readline()):
            written += line
            assert line, written
        yield process, json.loads(line)["port"]
    finally:
        if process.returncode is None:
            process.kill()
        written += b"".join(await process.communicate())
        for secret in (b"xoxb-", b"xoxe", CLIENT_SECRET.encode(), KEY.encode(), b"signing-s3cret", b"Traceback"):
            assert secret not in written


def test_settings_that_do_not_go_together_are_one_sentence(hallway: Hallway) -> None:
    done = hallway.run("run", HALLWAY_SLACK_BOT_TOKEN="xoxb-1")
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)
    assert done.stderr.startswith("hallway: Slack cannot reach us: set HALLWAY_SLACK_APP_TOKEN (Socket Mode) or")
    assert "xoxb" not in done.stderr


async def test_what_was_begun_before_kill_9_is_finished_after_it(hallway: Hallway, peer: TokenPeer) -> None:
    settings = {**MANY, "HALLWAY_SLACK_API_URL": peer.api}
    async with running(hallway, **settings) as (process, port):
        browser = Browser(port)
        state = await browser.begin()
        process.kill()
    async with running(hallway, **settings) as (process, port):
        browser.port = port
        seen = await browser.back(state, code=peer.grant())
        assert (seen.status, seen.title) == (200, "Hallway is in Club")
        assert (await browser.back(state, code=peer.grant())).title == "This link is over"
        process.terminate()
        assert await asyncio.wait_for(process.wait(), 180) == 0
    lines = await examined(hallway, **settings)
    assert any(line.startswith("ok     Slack: the token is of hallway in Club, with all ") for line in lines)


async def test_a_removal_that_slack_tells_of_is_heard_by_the_process(hallway: Hallway, peer: TokenPeer) -> None:
    settings = {**MANY, "HALLWAY_SLACK_API_URL": peer.api}
    event = {"type": "event_callback", "event_id": "Ev1", "event": {"type": "app_uninstalled"}, "team_id": "T1"}
    async with running(hallway, **settings) as (process, port):
        browser = Browser(port)
        for team in ("T1", "T2"):
            await browser.back(await browser.begin(), code=peer.grant(team, f"Club {team}"))
        body = json.dumps({**event, "event_time": int(datetime.now(UTC).timestamp()) + 1})
        headers = signed(body, "application/json", MANY["HALLWAY_SLACK_SIGNING_SECRET"])
        async with (
            aiohttp.ClientSession() as client,
            client.post(f"http://127.0.0.1:{port}/slack/events", data=body, headers=headers) as answer,
        ):
            assert answer.status == 200
        assert process.stderr
        async with asyncio.timeout(180):
            while b"removed from a workspace" not in (line := await process.stderr.readline()):
                assert line
    text = " ".join(await examined(hallway, **settings))
    assert ("hallway in Club T1" in text, "hallway in Club T2" in text) == (False, True)


async def test_the_commands_of_the_document_run(hallway: Hallway, peer: TokenPeer) -> None:
    for name in ("schedule.csv", "venues.csv"):
        (hallway.home / name).write_text((Path(sample.__file__).parent / name).read_text())
    peer.good["xoxb-1"] = {"team": {"id": "T1", "name": "Club"}, "enterprise": None, "bot_user_id": "UB"}
    tokens = {"HALLWAY_SLACK_BOT_TOKEN": "xoxb-1", "HALLWAY_SLACK_APP_TOKEN": "xapp-good"}
    variables = {**tokens, "HALLWAY_SLACK_API_URL": peer.api}
    blocks = re.findall(r"```console\n(.*?)```", (ROOT / "docs/how-to/slack.md").read_text(), re.DOTALL)
    commands = [shlex.split(line.removeprefix("$ ")) for block in blocks for line in block.splitlines()]
    assert len(commands) == 5
    for command in commands:
        named = dict(setting.split("=", 1) for setting in command[: command.index("hallway")])
        arguments = command[command.index("hallway") + 1 :]
        if arguments == ["run"]:
            http = {**variables, "HALLWAY_SLACK_APP_TOKEN": "", "HALLWAY_SLACK_SIGNING_SECRET": "signing-s3cret"}
            async with running(hallway, **http) as (process, _):
                process.terminate()
                assert await asyncio.wait_for(process.wait(), 180) == 0
        else:
            done = await asyncio.to_thread(hallway.run, *arguments, **{**variables, **named})
            assert (done.returncode, done.stderr) == (0, ""), command


def test_the_document_gives_the_reasons_of_the_manifest() -> None:
    text = (ROOT / "docs/how-to/slack.md").read_text()
    rows = re.findall(r"^\| `([\w:]+)` \| (.+) \|$", text, re.MULTILINE)
    assert dict(rows) == {**SCOPES, **LINK_SCOPES}
