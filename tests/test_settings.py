"""Settings that belong together: what is missing, or does not go together, is said in one sentence."""

from typing import Any

import pytest

from bot.config import Settings, SettingsError

BOT, APP, SIGNED = {"slack_bot_token": "xoxb-1"}, {"slack_app_token": "xapp-1"}, {"slack_signing_secret": "s"}
CLIENT = {"slack_client_id": "1.2", "slack_client_secret": "c"}
MANY = {**CLIENT, "secret_key": "k", "public_url": "https://hallway.example"}


def settings(**values: Any) -> Settings:
    return Settings(_env_file=None, **values)


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"HALLWAY_{name.upper()}", raising=False)


@pytest.mark.parametrize(
    ("values", "used"),
    [
        ({}, ""),
        ({"public_url": "https://hallway.example", "secret_key": "k"}, ""),
        ({**BOT, **APP}, "one"),
        ({**BOT, **SIGNED}, "one"),
        ({**BOT, **SIGNED, **APP, "public_url": "http://localhost:8080"}, "one"),
        ({**MANY, **APP}, "many"),
        ({**MANY, **SIGNED}, "many"),
    ],
)
def test_how_slack_is_used(values: dict[str, str], used: str) -> None:
    assert settings(**values).slack == used


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        (BOT, "set HALLWAY_SLACK_APP_TOKEN (Socket Mode) or HALLWAY_SLACK_SIGNING_SECRET (HTTP)"),
        (MANY, "set HALLWAY_SLACK_APP_TOKEN (Socket Mode) or HALLWAY_SLACK_SIGNING_SECRET (HTTP)"),
        (APP, "Slack lacks HALLWAY_SLACK_BOT_TOKEN"),
        (SIGNED, "Slack lacks HALLWAY_SLACK_BOT_TOKEN"),
        ({**BOT, **APP, **CLIENT}, "unset one"),
        ({"slack_bot_token": "xapp-1", **APP}, "HALLWAY_SLACK_BOT_TOKEN holds another token"),
        ({"slack_bot_token": "xoxe.xoxb-1", **APP}, "does not rotate"),
        ({**BOT, "slack_app_token": "xoxb-1"}, "HALLWAY_SLACK_APP_TOKEN holds another token"),
        (
            {"slack_client_id": "1.2", **APP},
            "HALLWAY_SLACK_CLIENT_SECRET and HALLWAY_SECRET_KEY and HALLWAY_PUBLIC_URL",
        ),
        ({"slack_client_secret": "c", **APP}, "Many workspaces on Slack need HALLWAY_SLACK_CLIENT_ID and"),
        ({**MANY, **APP, "secret_key": ""}, "need HALLWAY_SECRET_KEY too"),
        ({**MANY, **APP, "public_url": "hallway.example"}, "HALLWAY_PUBLIC_URL is no address"),
        ({**BOT, **SIGNED, "public_url": "ftp://hallway.example"}, "HALLWAY_PUBLIC_URL is no address"),
    ],
)
def test_what_is_missing_is_one_sentence_without_a_secret(values: dict[str, str], sentence: str) -> None:
    with pytest.raises(SettingsError) as caught:
        _ = settings(**values).slack
    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)
    assert not [value for value in values.values() if value[:2] == "xo" and value in str(caught.value)]
