"""The manifest: every command, valid by Slack's own schema, and not one scope too many or too few."""

import ast
import inspect
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import http as inbound
from adapters.slack.manifest import (
    EVENTS,
    LINK_EVENTS,
    LINK_SCOPES,
    ORG_EVENTS,
    RESERVED_NAMES,
    SCOPES,
    ManifestOptions,
    has_own_command,
    manifest,
    manifest_yaml,
    unfurl_domain,
)
from adapters.slack.oauth import uninstall as uninstalls
from bot.app.registry import all_commands

ROOT = Path(__file__).parents[3]
SCHEMA = ROOT.parent / "shared/specs/slack-manifest.schema.2.0.0.json"
PUBLIC = "https://hallway.example.org/"
SETUPS = [
    ManifestOptions(),
    ManifestOptions(PUBLIC, socket_mode=False),
    ManifestOptions(PUBLIC, socket_mode=False, many=True),
    ManifestOptions(PUBLIC, many=True),
]
SCOPE_OF = {
    "apps.connections.open": "",  # of the app's own token: connections:write
    "auth.test": "",
    "chat.delete": "chat:write",
    "chat.deleteScheduledMessage": "chat:write",
    "chat.postEphemeral": "chat:write",
    "chat.postMessage": "chat:write",
    "chat.scheduleMessage": "chat:write",
    "chat.unfurl": "links:write",
    "chat.update": "chat:write",
    "conversations.history": "im:history",  # of direct messages only
    "conversations.info": "channels:read",
    "conversations.open": "im:write",
    "file_input": "files:read",  # no method: files of this element are downloaded
    "files.completeUploadExternal": "files:write",
    "files.getUploadURLExternal": "files:write",
    "oauth.v2.access": "",
    "team.info": "team:read",
    "users.info": "users:read",
    "views.open": "",
    "views.publish": "",
    "views.push": "",
    "views.update": "",
}
"""The scope that each method wants of a bot, by docs.slack.dev/reference/methods; one that is not here is not known."""
SCOPE_OF_EVENT = {
    **dict.fromkeys(("app_home_opened", "app_uninstalled", "team_access_revoked", "tokens_revoked"), ""),
    "app_mention": "app_mentions:read",
    "link_shared": "links:read",
    "message.im": "im:history",
}


ALL_EVENTS = (*EVENTS, *LINK_EVENTS, *ORG_EVENTS)


def by_attribute() -> dict[str, str]:
    """Which method of Slack each method of the library asks."""
    source = inspect.getsource(AsyncWebClient)
    found = re.findall(r"async def (\w+)\(.*?self\.api_call\(\s*\"([\w.]+)\"", source, re.DOTALL)
    return dict(found)


def methods_called() -> Iterator[str]:
    """By the source: calls of the library's methods, and names of methods that stand there as text."""
    attributes = by_attribute()
    names = {*attributes.values(), *SCOPE_OF}
    for file in sorted((ROOT / "adapters/slack").glob("*.py")):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Attribute) and node.attr in attributes:
                yield attributes[node.attr]
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in names:
                yield node.value


def test_no_scope_is_missing_and_none_is_unused() -> None:
    called = set(methods_called())
    assert {"auth.test", "chat.postMessage", "oauth.v2.access", "users.info"} <= called
    assert called <= SCOPE_OF.keys(), "add the scope of a new method to the table"
    wanted = {SCOPE_OF[method] for method in called} | {SCOPE_OF_EVENT[event] for event in ALL_EVENTS}
    assert (wanted - {""}) | {"commands"} == {*SCOPES, *LINK_SCOPES}
    assert not SCOPES.keys() & LINK_SCOPES.keys()


def test_what_could_read_along_or_write_to_anybody_is_not_asked_for() -> None:
    read_along = r"(?<!^im):history|im:write|customize|public|email|admin|identify"
    assert not [scope for scope in (*SCOPES, *LINK_SCOPES) if re.search(read_along, scope)]
    assert all((*SCOPES.values(), *LINK_SCOPES.values()))


def test_the_events_are_those_that_are_heard() -> None:
    heard = {"app_home_opened", "app_mention", "link_shared", "message.im", *uninstalls.EVENTS}
    assert set(ALL_EVENTS) == heard
    source = (ROOT / "adapters/slack/app.py").read_text()
    assert 'app.event("app_home_opened")' in source
    assert 'app.event("link_shared")' in source
    assert 'for event in ("app_mention", "message"):' in source


def test_links_are_asked_for_only_where_there_are_pages_that_slack_can_reach() -> None:
    socket, http, many, both = (manifest(all_commands(), options) for options in SETUPS)
    for made in (http, many, both):
        assert made["features"]["unfurl_domains"] == ["hallway.example.org"]
        assert {"links:read", "links:write"} <= set(made["oauth_config"]["scopes"]["bot"])
        assert "link_shared" in made["settings"]["event_subscriptions"]["bot_events"]
    assert "link" not in json.dumps({**socket, "features": {**socket["features"], "slash_commands": []}})


@pytest.mark.parametrize(
    ("url", "domain"),
    [
        ("https://hallway.example.org:8443/below/", "hallway.example.org"),
        ("https://Hallway.Example.org", "hallway.example.org"),
        ("https://xn--bcher-kva.example", "xn--bcher-kva.example"),
        ("https://bücher.example", ""),
        ("https://my_host.example", ""),
        ("http://localhost:8080", ""),
        ("http://192.0.2.7:8080", ""),
        ("http://[2001:db8::1]:8080", ""),
        ("https://-x.example", ""),
        ("https://example.", ""),
        ("hallway.example.org", ""),
        ("", ""),
    ],
)
def test_slack_takes_a_domain_and_no_bare_host_or_number(url: str, domain: str) -> None:
    assert unfurl_domain(url) == domain
    made = manifest(all_commands(), ManifestOptions(url, socket_mode=False))
    assert made["features"].get("unfurl_domains") == ([domain] if domain else None)
    assert ("links:read" in made["oauth_config"]["scopes"]["bot"]) is bool(domain)


@pytest.mark.parametrize("options", SETUPS)
def test_it_is_valid_by_slacks_schema(options: ManifestOptions) -> None:
    if not SCHEMA.exists():
        pytest.skip("Slack's schema is not here: it is not part of the project")
    schema = json.loads(SCHEMA.read_text())
    jsonschema.Draft7Validator(schema).validate(manifest(all_commands(), options))
    assert yaml.safe_load(manifest_yaml(all_commands(), options)) == manifest(all_commands(), options)


def commands_of(made: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {command["command"]: command for command in made["features"]["slash_commands"]}


def test_every_command_is_there_once_with_its_usage_or_behind_the_one_command() -> None:
    commands = all_commands()
    listed = commands_of(manifest(commands, SETUPS[0]))
    assert set(listed) == {"/hallway", *(f"/{name}" for name in commands if has_own_command(name))}
    assert listed["/attend"]["usage_hint"] == commands["attend"].usage.removeprefix("/attend ")
    assert "usage_hint" not in listed["/mydata"]
    assert listed["/settings"]["description"].endswith("(organizers)")
    assert "/help" not in listed
    assert listed["/hallway"]["description"] == "Any command, such as feedback, help, star"
    assert all(command["should_escape"] and "url" not in command for command in listed.values())


def test_a_name_that_slack_keeps_is_left_out_and_said_to_be_behind_the_one_command() -> None:
    commands = {name: replace(all_commands()["walk"], name=name) for name in ("remind", "walk", "who")}
    listed = commands_of(manifest(commands, SETUPS[0]))
    assert list(listed) == ["/hallway", "/walk"]
    assert listed["/hallway"]["description"] == "Any command, such as remind, who"
    assert commands_of(manifest({"walk": commands["walk"]}, SETUPS[0]))["/hallway"]["description"] == "Any command"
    names = {"remind", "who", "me", "msg", "dm", "join", "leave", "invite", "shrug", "status", "search", "topic"}
    assert names <= RESERVED_NAMES


def test_over_http_slack_is_told_where_and_over_socket_mode_nothing() -> None:
    socket, http, many, both = (manifest(all_commands(), options) for options in SETUPS)
    assert "https" not in json.dumps(socket)
    assert {command["url"] for command in commands_of(http).values()} == {"https://hallway.example.org/slack/commands"}
    settings = http["settings"]
    assert settings["event_subscriptions"]["request_url"] == "https://hallway.example.org/slack/events"
    assert settings["interactivity"]["request_url"] == "https://hallway.example.org/slack/interactions"
    paths = ("/slack/events", "/slack/commands", "/slack/interactions")
    assert paths == inbound.PATHS
    rotates = [document["settings"]["token_rotation_enabled"] for document in (socket, http, many, both)]
    assert rotates == [document["settings"]["org_deploy_enabled"] for document in (socket, http, many, both)]
    assert rotates == [False, False, True, True]
    assert [document["settings"]["socket_mode_enabled"] for document in (socket, http, many, both)] == [
        True,
        False,
        False,
        True,
    ]
    redirect = ["https://hallway.example.org/slack/oauth_redirect"]
    found = [document["oauth_config"].get("redirect_urls") for document in (socket, http, many, both)]
    assert found == [None, None, redirect, redirect]
    assert "team_access_revoked" in many["settings"]["event_subscriptions"]["bot_events"]


def test_the_yaml_gives_the_reason_beside_each_thing_that_is_asked_for() -> None:
    lines = manifest_yaml(all_commands(), SETUPS[2]).splitlines()
    for item, reason in {**SCOPES, **LINK_SCOPES, **EVENTS, **LINK_EVENTS, **ORG_EVENTS}.items():
        assert [line for line in lines if line.strip() == f"- {item}  # {reason}"], item
