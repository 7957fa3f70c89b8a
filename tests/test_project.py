"""The scaffold: locks, settings, versions, CI."""

import re
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

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
    "C3NAV_KEY",
    "HTTP_HOST",
    "HTTP_PORT",
    "HTTP_CONNECTIONS_PER_ADDRESS",
    "METRICS_PORT",
    "METRICS_TOKEN",
    "PUBLIC_URL",
    "OPERATOR_NAME",
    "OPERATOR_CONTACT",
    "PAGES_FOLDER",
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
        return {re.sub(r"[._]", "-", re.split(r"[\[<>=]", requirement)[0]) for requirement in wanted}

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


def test_a_secret_in_a_file_goes_before_a_variable_and_never_shows(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    monkeypatch.setenv("HALLWAY_DISCORD_TOKEN", "from the variable")
    monkeypatch.setenv("HALLWAY_LOG_LEVEL", "warning")
    (tmp_path / "hallway_discord_token").write_text("from the file\n")
    loaded = load_settings()
    assert loaded.discord_token
    assert (loaded.discord_token.get_secret_value(), loaded.log_level) == ("from the file", "warning")
    assert "from the" not in repr(loaded)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path / "gone"))
    again = load_settings().discord_token
    assert again
    assert again.get_secret_value() == "from the variable"


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


# --- What strangers meet: versions, types, hooks, CI ---


def test_the_newest_release_in_the_changelog_is_the_version() -> None:
    text = (ROOT / "CHANGELOG.md").read_text()
    titles = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert titles[0] == "[Unreleased]"
    releases = [re.fullmatch(r"\[(\d+\.\d+\.\d+)\] - (\d{4}-\d{2}-\d{2})", title) for title in titles[1:]]
    assert all(releases), titles
    assert next(release[1] for release in releases if release) == PROJECT["project"]["version"]
    dates = [release[2] for release in releases if release]
    assert dates == sorted(dates, reverse=True)
    sections = set(re.findall(r"^### (.+)$", text, re.MULTILINE))
    assert sections <= {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}


@pytest.mark.parametrize("package", ["bot", "adapters"])
def test_a_package_tells_type_checkers_that_it_has_types(package: str) -> None:
    assert (ROOT / package / "py.typed").read_text() == ""


def test_the_hooks_of_pre_commit_run_from_the_virtual_environment() -> None:
    (repository,) = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"]
    assert repository["repo"] == "local"
    entries = [hook["entry"] for hook in repository["hooks"]]
    assert entries == [".venv/bin/ruff format", ".venv/bin/ruff check", ".venv/bin/mypy"]
    assert all((Path(sys.executable).parent / entry.split()[0].rsplit("/")[-1]).exists() for entry in entries)


def test_the_workflow_has_few_rights_and_pinned_actions_and_runs_the_same_commands() -> None:
    workflow = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text())
    assert workflow["permissions"] == {"contents": "read"}
    triggers = workflow[True]  # YAML reads the key `on` as a boolean
    assert set(triggers) == {"push", "pull_request", "schedule", "workflow_dispatch"}
    jobs = workflow["jobs"]
    assert {name: [step["run"] for step in job["steps"] if "run" in step] for name, job in jobs.items()} == {
        "check": ["make check"],
        "test": [".ci/run"],
        "audit": ["python -m tools.audit"],
        "simulate": ["make simulate"],
        "image": ["make image-check"],
        "coverage": ["make coverage"],
    }
    for job in jobs.values():
        assert "permissions" not in job
        assert job["timeout-minutes"] <= 120
        assert all(re.fullmatch(r"actions/[\w-]+@v\d+", step["uses"]) for step in job["steps"] if "uses" in step)
        checkouts = [step for step in job["steps"] if step.get("uses", "").startswith("actions/checkout@")]
        assert [step["with"]["persist-credentials"] for step in checkouts] == [False]
