"""Setting Slack up by the command line: the manifest, and a doctor that says what to do next."""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest
import yaml

from tests.adapters.slack.membership import KEY
from tests.e2e.hallway import Hallway
from tests.peers.slack_oauth import CLIENT_ID, CLIENT_SECRET, TokenPeer, token_peer

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
        "hallway: Many workspaces install Hallway by the browser: "
        "set HALLWAY_PUBLIC_URL to where it reaches `hallway run`.\n"
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
    app, address = await examined(hallway, **MANY, HALLWAY_SLACK_API_URL=peer.api)
    assert app == "ok     Slack: Slack knows the app"
    assert address.startswith("fault  Slack: nothing answers at https://hallway.invalid (")
    (key,) = await examined(hallway, **{**MANY, "HALLWAY_SECRET_KEY": "short"}, HALLWAY_SLACK_API_URL=peer.api)
    assert key.startswith("fault  Slack: HALLWAY_SECRET_KEY holds no key: make one with `openssl rand -base64 32`")


async def test_the_doctor_says_nothing_of_slack_where_it_is_not_used(hallway: Hallway) -> None:
    assert await examined(hallway) == []
