"""What users and operators see, word for word as the files beside this one have it.

If a change is meant, run these tests with HALLWAY_UPDATE_GOLDEN=1: they rewrite the files, and git shows what changed.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import discord
import pytest
import typer
from discord import app_commands
from prometheus_client import Histogram
from sqlalchemy import Dialect
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

import adapters.discord.components as discord_items
import adapters.slack.modals as slack_modal
import adapters.slack.render.message as slack_letter
from adapters.action_codec import ButtonAction, decode_action
from adapters.discord.commands import discord_command
from adapters.discord.translations import Translator
from adapters.web import PrometheusMetrics
from bot.__main__ import app
from bot.app.registry import all_commands
from bot.config import Settings
from bot.storage.tables import metadata
from tests.reference import metric_objects
from tests.support.forked import run_hallway

FOLDER = Path(__file__).parent
ROOT = FOLDER.parents[1]
UPDATES = os.environ.get("HALLWAY_UPDATE_GOLDEN") == "1"
PUBLIC = {"HALLWAY_PUBLIC_URL": "https://hallway.example.org"}


def same_as_the_file(name: str, text: str) -> None:
    file = FOLDER / name
    text = "\n".join(line.rstrip() for line in text.strip().splitlines()) + "\n"
    if UPDATES:
        file.write_text(text, "utf-8")
    assert text.splitlines() == file.read_text("utf-8").splitlines()


def as_json(value: object) -> str:
    return json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False)


def run(home: Path, *arguments: str, lines: str = "", settings: Mapping[str, str] | None = None) -> str:
    """What the command prints in a plain terminal 100 columns wide, in an empty home folder."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("HALLWAY_", "FORCE_COLOR"))}
    plain = {"COLUMNS": "100", "NO_COLOR": "1", "TERM": "dumb", "PYTHONUTF8": "1", "PYTHONPATH": str(ROOT)}
    homes = {"HOME": str(home), "XDG_DATA_HOME": str(home / "data")}
    done = run_hallway(arguments, home, {**inherited, **plain, **homes, **(settings or {})}, lines)
    assert (done.returncode, done.stderr) == (0, ""), arguments
    return done.stdout


# --- The command line ---


def help_pages(command: Any, *path: str) -> Iterator[str]:
    """The help of a command and of everything below it, as `--help` prints it."""
    context = command.make_context(
        " ".join(path), [], resilient_parsing=True, terminal_width=100, max_content_width=100
    )
    yield f"$ {' '.join(path)} --help\n{command.get_help(context)}\n"
    for name, below in getattr(command, "commands", {}).items():
        yield from help_pages(below, *path, name)


def test_the_help_of_every_subcommand(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"COLUMNS": "100", "NO_COLOR": "1", "TERM": "dumb"}.items():
        monkeypatch.setenv(name, value)
    same_as_the_file("help.txt", "\n".join(help_pages(typer.main.get_command(app), "hallway")))


def test_the_help_as_a_process_prints_it(tmp_path: Path) -> None:
    environment = {**os.environ, "COLUMNS": "100", "NO_COLOR": "1", "TERM": "dumb", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "bot", "--help"]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, encoding="utf-8", check=True)
    assert done.stderr == ""
    same_as_the_file("help_process.txt", done.stdout)


@pytest.mark.parametrize(
    "name, arguments, settings",
    [
        ("manifest_slack.yaml", (), {}),
        ("manifest_slack.json", ("--json",), {}),
        ("manifest_slack_http.yaml", (), PUBLIC),
        ("manifest_slack_many.yaml", ("--many",), PUBLIC),
    ],
)
def test_the_manifest_of_the_slack_app(
    name: str, arguments: tuple[str, ...], settings: dict[str, str], tmp_path: Path
) -> None:
    same_as_the_file(name, run(tmp_path, "manifest", "slack", *arguments, settings=settings))


LINES = """\
/help
/nextsession
/agenda
/nudges
/find security
/session SEC310
/walk Wynn to MGM Grand
/info
/privacy
/conference
/nosuchcommand
/attend NOSUCH
:wait 4h30m
/skip DAT322
/agenda
:wait 12h
"""
ORGANIZERS = """\
/help
/settings
/organizer
/schedule
/announce "Buses leave at six" to everyone by dm
"""


@pytest.mark.parametrize(
    "name, arguments, lines",
    [
        ("demo.txt", (), LINES),
        ("demo.jsonl", ("--json",), LINES),
        ("demo_organizer.txt", ("--organizer",), ORGANIZERS),
        (
            "demo_help.txt",
            ("--organizer",),
            "".join(f"/help {name}\n" for name in sorted(all_commands())),
        ),
    ],
)
def test_the_demo_with_no_terminal(name: str, arguments: tuple[str, ...], lines: str, tmp_path: Path) -> None:
    same_as_the_file(name, run(tmp_path, "demo", *arguments, lines=lines))


# --- What platforms are told ---


async def nothing(*_: object) -> Any:
    return ()


async def test_the_commands_as_discord_is_told_of_them() -> None:
    client = discord.Client(intents=discord.Intents.none())
    tree: app_commands.CommandTree[Any] = app_commands.CommandTree(client)
    for command in all_commands().values():
        tree.add_command(discord_command(command, nothing, nothing))
    await tree.set_translator(Translator())
    payload = [await command.get_translated_payload(tree, Translator()) for command in tree.get_commands()]
    same_as_the_file("discord_commands.json", as_json(sorted(payload, key=lambda command: command["name"])))


# Given by position, so that fields may get other names: command, arguments, asks, seen, page.
ACTIONS: tuple[tuple[Any, ...], ...] = (
    ("agenda",),
    ("session", {"code": "ARC205"}),
    ("here", {"venue": "MGM Grand"}),
    ("walk", {"from": "Café & Bar", "to": "a/b?c=d"}),
    ("attend", {"code": "ARC205"}, ("seat", "of")),
    ("skip", {"code": "ARC205"}, (), 7),
    ("find", {"words": "two words"}, (), None, 2),
    ("attend", {"code": "ARC205"}, ("seat",), 0, 0),
    ("find", {"words": ""}),
    ("find", {"words": "x" * 90}),
    ("find", {"words": "x" * 3_000}),
)
WITH_ALL = ("session", {"code": "ARC205"}, ("code",), 3, 1)


def test_the_custom_ids_of_discords_buttons_and_what_they_are_read_as() -> None:
    prefixes = (discord_items.BUTTON, discord_items.SELECT, discord_items.FORM, discord_items.AGAIN)
    lines = [f"prefixes: {' '.join(prefixes)}", f"longest: {discord_items.LONGEST_CUSTOM_ID}"]
    for action in (*(ButtonAction(*given) for given in ACTIONS), ButtonAction(*WITH_ALL, home="1234567890")):
        wire = discord_items.custom_id(prefixes[0], action)
        lines.append(repr(wire))
        assert wire is None or discord_items.action_in(wire) == action
    same_as_the_file("discord_custom_ids.txt", "\n".join(lines))


def test_what_slacks_buttons_carry_and_what_they_are_read_as() -> None:
    lines = [f"prefixes: {slack_letter.PRESS} {slack_modal.FORM}", f"longest: {slack_letter.LONGEST_VALUE}"]
    for action in (*(ButtonAction(*given) for given in ACTIONS), ButtonAction(*WITH_ALL, line="1234567890")):
        wire = slack_letter.button_value(action)
        lines.append(repr(wire))
        assert wire is None or decode_action(wire) == action
    same_as_the_file("slack_values.txt", "\n".join(lines))


# --- What operators see ---


def test_the_names_types_labels_and_buckets_of_the_metrics() -> None:
    lines = []
    for metric in metric_objects(PrometheusMetrics()):
        if isinstance(metric, Histogram):
            metric.labels("any")
        (family,) = metric.collect()
        labels = ", ".join(metric._labelnames)
        lines.append(f"{family.name} ({family.type}; {labels}): {family.documentation}")
        lines += [f"   {sample.name} {as_json(sample.labels)}".replace("\n", "") for sample in family.samples]
    same_as_the_file("metrics.txt", "\n".join(lines))


DIALECTS: tuple[Any, ...] = (sqlite, postgresql)


@pytest.mark.parametrize("database", DIALECTS, ids=["sqlite", "postgresql"])
def test_the_schema_of_the_database(database: Any) -> None:
    dialect: Dialect = database.dialect()
    parts = []
    for table in sorted(metadata.tables.values(), key=lambda table: table.name):
        parts.append(str(CreateTable(table).compile(dialect=dialect)).strip())
        indexes = sorted(table.indexes, key=lambda index: str(index.name))
        parts += [str(CreateIndex(index).compile(dialect=dialect)).strip() for index in indexes]
    same_as_the_file(f"schema_{dialect.name}.sql", ";\n\n".join(parts) + ";")


def test_the_environment_variables_and_their_defaults(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in os.environ if name.upper().startswith("HALLWAY_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)  # where no .env is
    monkeypatch.setenv("XDG_DATA_HOME", "/data")
    settings, properties = Settings(), Settings.model_json_schema()["properties"]
    prefix = str(Settings.model_config.get("env_prefix", ""))
    lines = []
    for name in sorted(Settings.model_fields):
        value = getattr(settings, name)
        value = value.get_secret_value() if hasattr(value, "get_secret_value") else value
        kind = {key: what for key, what in properties[name].items() if key not in {"title", "default", "description"}}
        lines.append(f"{prefix}{name}".upper() + f" = {value!r}  {json.dumps(kind, sort_keys=True)}")
    same_as_the_file("settings.txt", "\n".join(lines))
