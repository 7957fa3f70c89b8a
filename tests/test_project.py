"""The scaffold: locks, settings, the CI script."""

import re
import tomllib
from pathlib import Path

import pytest

from bot.config import Settings, SettingsError, data_folder, load_settings

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
PROMISED = [
    "DATABASE_URL",
    "DISCORD_TOKEN",
    "DISCORD_API_URL",
    "DISCORD_GATEWAY_URL",
    "SLACK_BOT_TOKEN",
    "SLACK_APP_TOKEN",
    "SLACK_SIGNING_SECRET",
    "SLACK_CLIENT_ID",
    "SLACK_CLIENT_SECRET",
    "SLACK_API_URL",
    "FEED_ALLOW_HOSTS",
    "HTTP_HOST",
    "HTTP_PORT",
    "PUBLIC_URL",
    "SECRET_KEY",
    "LOG_LEVEL",
    "LOG_FORMAT",
]


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_a_lock_pins_everything_with_hashes_and_names_no_host(lock: str) -> None:
    text = (ROOT / lock).read_text()
    assert not re.search(r"://|--index|--find-links|--extra-index|--trusted", text)
    # Extras are named: without them pip looks for the newest version of what is pinned, and refuses it.
    pins = re.findall(
        r"^([a-z0-9._,\[\]-]+)==\S+ \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", text, re.MULTILINE
    )
    assert len(pins) == len(re.findall(r"^[a-zA-Z0-9]", text, re.MULTILINE))


def test_every_dependency_is_locked() -> None:
    def names(wanted: list[str]) -> set[str]:
        return {re.sub(r"[._]", "-", re.split(r"[\[<>=]", each)[0]) for each in wanted}

    def locked(lock: str) -> set[str]:
        return set(re.findall(r"^([a-z0-9._-]+)(?:\[[a-z0-9,._-]+\])?==", (ROOT / lock).read_text(), re.MULTILINE))

    runtime, dev = names(PROJECT["project"]["dependencies"]), names(PROJECT["project"]["optional-dependencies"]["dev"])
    assert runtime <= locked("requirements.lock")
    assert runtime | dev <= locked("requirements-dev.lock")


def test_ci_calls_make_test_and_nothing_else() -> None:
    lines = (ROOT / ".ci/run").read_text().splitlines()
    assert lines[-1] == "make test"
    assert sum("make" in line for line in lines) == 1


def test_the_settings_are_those_that_are_promised_and_the_example_names_each() -> None:
    assert [name.upper() for name in Settings.model_fields] == PROMISED
    assert re.findall(r"HALLWAY_(\w+)=", (ROOT / ".env.example").read_text()) == PROMISED


def test_secrets_never_show_and_wrong_settings_are_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HALLWAY_DISCORD_TOKEN", "t0ken")
    monkeypatch.setenv("HALLWAY_DATABASE_URL", "postgresql://u:s3cret@h/d")
    shown = repr(load_settings()) + str(load_settings())
    assert "t0ken" not in shown
    assert "s3cret" not in shown
    monkeypatch.setenv("HALLWAY_LOG_LEVEL", "loud")
    with pytest.raises(SettingsError, match="HALLWAY_LOG_LEVEL cannot be used"):
        load_settings()


def test_settings_come_from_a_file_too(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert data_folder() == tmp_path / "hallway"
    (tmp_path / ".env").write_text("HALLWAY_HTTP_PORT=9\n")
    assert load_settings().http_port == 9
