"""What the doctor finds on Slack: over real HTTP, each fault with what to do about it."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from prometheus_client import CollectorRegistry

from adapters.slack.diagnostics import Finding, SlackDiagnostics
from adapters.slack.oauth.installations import StoredWorkspaces
from adapters.slack.oauth.token import OAuthToken
from adapters.slack.web_client import AppCredentials, new_client
from adapters.web import Monitoring, build, serve
from tests.adapters.slack.workspaces import KEY, OLD_KEY, tokens_on
from tests.fake_servers.slack_oauth import (
    CLIENT_ID,
    CLIENT_SECRET,
    SCOPES,
    TokenPeer,
    answering,
    hung_up,
    refused,
    token_peer,
)
from tests.fakes.app_harness import FrozenClock
from tests.fakes.memory_store import MemoryStore

CLUB = {"team": {"id": "T1", "name": "Club"}, "enterprise": None, "bot_user_id": "UB"}
TOKEN = "xoxb-secret-1"


@pytest.fixture
async def peer() -> AsyncIterator[TokenPeer]:
    async with token_peer() as made:
        made.good[TOKEN] = CLUB
        yield made


async def found(diagnostics: SlackDiagnostics, workspaces: StoredWorkspaces | None = None) -> list[Finding]:
    findings = [finding async for finding in diagnostics.run(workspaces)]
    for secret in ("xoxb", "xapp", CLIENT_SECRET):
        assert secret not in repr(findings) + repr(diagnostics)
    return findings


def diagnostics(
    peer: TokenPeer, bot_token: str = "", app_token: str = "xapp-good", public_url: str = ""
) -> SlackDiagnostics:
    return SlackDiagnostics(new_client(peer.api), bot_token, app_token, public_url=public_url)


SIGNED = (True, "HTTP: what the signing secret does not fit is refused")
SOCKET = (True, "Socket Mode: Slack lets us connect, no public address is needed")


async def test_all_is_well_with_one_token_and_socket_mode(peer: TokenPeer) -> None:
    assert await found(diagnostics(peer, TOKEN)) == [(True, "the token is of hallway in Club, with all scopes"), SOCKET]


async def test_without_the_scopes_for_links_all_else_is_well_and_the_doctor_says_what_is_missing(
    peer: TokenPeer,
) -> None:
    url = "https://hallway.example.org"
    (first, *_) = await found(diagnostics(peer, TOKEN, public_url=url))
    assert first == (
        True,
        (
            "the token is of hallway in Club, with all other scopes; "
            "without links:read, links:write pasted links get no card (newest manifest)"
        ),
    )
    peer.scopes = f"{SCOPES},links:read,links:write"
    (first, *_) = await found(diagnostics(peer, TOKEN, public_url=url))
    assert first == (True, "the token is of hallway in Club, with all scopes")
    (first, *_) = await found(diagnostics(peer, TOKEN))
    assert first == (True, "the token is of hallway in Club, with all scopes; links:read, links:write not needed")


@pytest.mark.parametrize(
    ("scopes", "well", "sentence"),
    [
        (f"{SCOPES},channels:history", True, "with all scopes; channels:history not needed"),
        (
            "commands, users:read",
            False,
            "the token lacks app_mentions:read, chat:write, files:read, files:write, im:history: take over the newest manifest",
        ),
        (None, True, "Slack does not say what it may do"),
    ],
)
async def test_scopes_are_compared_with_what_is_needed(
    peer: TokenPeer, scopes: str | None, well: bool, sentence: str
) -> None:
    peer.scopes = scopes
    (first, *_) = await found(diagnostics(peer, TOKEN))
    assert first[0] is well
    assert sentence in first[1]


async def test_a_token_that_is_refused_is_to_be_copied_anew(peer: TokenPeer) -> None:
    (first, second) = await found(diagnostics(peer, "xoxb-wrong", "xapp-wrong"))
    refusal = "HALLWAY_SLACK_BOT_TOKEN: Slack refuses the token (invalid_auth)"
    assert first == (False, f"{refusal}: copy it again from OAuth & Permissions of the app")
    assert second[0] is False
    assert "cannot be used (invalid_auth): make an app-level token with the scope connections:write" in second[1]


async def test_slack_that_does_not_answer_is_the_networks_fault(peer: TokenPeer) -> None:
    peer.answers = {"auth.test": [hung_up], "apps.connections.open": [hung_up]}
    assert [(well, text.partition(" (")[0]) for well, text in await found(diagnostics(peer, TOKEN))] == [
        (False, "Slack does not answer")
    ] * 2


async def test_many_workspaces_are_looked_at_one_by_one(peer: TokenPeer) -> None:
    store, clock = MemoryStore(), FrozenClock()
    for key, tenant, token in ((KEY, "T1", TOKEN), (KEY, "T2", "xoxb-gone"), (OLD_KEY, "T3", TOKEN)):
        await tokens_on(store, clock, peer.api, key).save(OAuthToken(tenant, "", f"Club {tenant}", "UB", token, "", 0))
    app = AppCredentials(CLIENT_ID, CLIENT_SECRET)
    many = SlackDiagnostics(new_client(peer.api), app_token="xapp-good", app=app)
    assert await found(many, tokens_on(store, clock, peer.api)) == [
        (True, "Slack knows the app"),
        (True, "the token is of hallway in Club, with all scopes"),
        (False, "Club T2: Slack refuses the token (invalid_auth): install Hallway there again"),
        (False, "T3: its token was sealed with a key that HALLWAY_SECRET_KEY lacks: add that key"),
        SOCKET,
    ]


@pytest.mark.parametrize(
    ("secret", "answer", "sentence"),
    [
        ("wrong", None, "Slack does not know the app (bad_client_secret): copy HALLWAY_SLACK_CLIENT_ID"),
        (CLIENT_SECRET, answering({"ok": True}), "Slack takes any code: is HALLWAY_SLACK_API_URL right?"),
        (CLIENT_SECRET, hung_up, "Slack does not answer"),
        (CLIENT_SECRET, answering(refused("ratelimited"), 429), "Slack does not know the app (ratelimited)"),
    ],
)
async def test_an_app_that_slack_does_not_know_is_said(
    peer: TokenPeer, secret: str, answer: object, sentence: str
) -> None:
    if answer:
        peer.answers["oauth.v2.access"] = [answer]  # type: ignore[list-item]  # they are answers
    many = SlackDiagnostics(new_client(peer.api), app_token="xapp-good", app=AppCredentials(CLIENT_ID, secret))
    (first, _) = await found(many)
    assert first[0] is False
    assert first[1].startswith(sentence)


async def away(_: web.Request) -> web.Response:
    raise web.HTTPFound("/login")


async def test_over_http_hallway_itself_has_to_answer_at_its_address(peer: TokenPeer) -> None:
    async with serve(
        build(Monitoring({}, CollectorRegistry()), [web.get("/other/healthz", away)]), "127.0.0.1", 0
    ) as port:
        here = f"http://127.0.0.1:{port}"
        well = (True, f"Hallway answers at {here}")
        assert await found(diagnostics(peer, app_token="", public_url=here + "/")) == [SIGNED, well]
        for path, status in (("/none", 404), ("/other", 302)):
            (_, finding) = await found(diagnostics(peer, app_token="", public_url=here + path))
            sentence = f"something else answers at {here}{path} (status {status}): lead the proxy to Hallway's port"
            assert finding == (False, sentence)
    (_, gone) = await found(diagnostics(peer, app_token="", public_url=here))
    assert gone[0] is False
    assert gone[1].startswith(f"nothing answers at {here} (ClientConnectorError): is `hallway run` up")


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("", "HALLWAY_PUBLIC_URL is not set: Slack has to know where to send requests"),
        ("http://hallway.example", "http://hallway.example is not https"),
    ],
)
async def test_an_address_that_slack_cannot_use_is_said(peer: TokenPeer, url: str, sentence: str) -> None:
    (_, finding) = await found(diagnostics(peer, app_token="", public_url=url))
    assert finding[0] is False
    assert sentence in finding[1]
