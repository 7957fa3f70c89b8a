"""What the doctor says of settings that have no effect, and of databases that are not as they should be."""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from bot.cli import doctor
from bot.config import Settings, unknown_names
from bot.timing.clock import SystemClock
from tests.stores import migrate


async def found(url: str) -> list[tuple[str, bool, str]]:
    settings = Settings(_env_file=None, database_url=url)
    return [(check.subject, check.passed, check.text) async for check in doctor.examine(settings, SystemClock())]


async def said_of(file: Path, subject: str = "database") -> list[str]:
    return [
        f"{'ok' if ok else 'fault'} {text}" for about, ok, text in await found(f"sqlite:///{file}") if about == subject
    ]


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"HALLWAY_{name.upper()}", raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
async def file(tmp_path: Path) -> Path:
    made = tmp_path / "hallway.db"
    await migrate(f"sqlite:///{made}")
    return made


def execute(file: Path, *statements: str) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        for statement in statements:
            connection.execute(statement)


async def test_a_schema_that_lacks_something_is_a_fault_and_was_ok(file: Path) -> None:
    (well,) = await said_of(file)
    assert well.startswith("ok ")
    execute(file, "DROP TABLE feed", "ALTER TABLE attendee DROP COLUMN name")
    (line,) = await said_of(file)
    assert line.startswith("fault ")
    assert line.endswith("lacks column attendee.name, table feed: restore a backup with `hallway restore`")


@pytest.mark.parametrize(
    ("revision", "sentence"),
    [
        ("9999", "The database has schema 9999 of a newer Hallway: install the newer version."),
        ("0005", "The database has schema 0005 of an old pre-release, which cannot be upgraded: use a new database."),
        ("0012", "The database has schema 0012, which is old: run `hallway migrate`."),
    ],
)
async def test_another_schema_says_what_to_do_about_it(file: Path, revision: str, sentence: str) -> None:
    execute(file, f"UPDATE alembic_version SET version_num = '{revision}'")
    assert [text.endswith(f": {sentence}") for text in await said_of(file)] == [True]


async def test_a_new_database_is_to_be_migrated(tmp_path: Path) -> None:
    (line,) = await said_of(tmp_path / "new.db")
    assert line.endswith("has no schema yet: run `hallway migrate`.")


def cut(file: Path) -> None:
    file.write_bytes(b"SQLite format 3\0" + b"\1" * 9000)


def overwritten(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[5 * 4096 : 6 * 4096] = b"\7" * 4096
    file.write_bytes(content)


@pytest.mark.parametrize("breaking", [cut, overwritten])
async def test_a_damaged_file_is_to_be_restored(file: Path, breaking: Callable[[Path], None]) -> None:
    breaking(file)
    assert "estore a backup with `hallway restore`" in (await said_of(file))[-1]


async def test_a_locked_database_says_so(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        line = (await said_of(file))[-1]
    assert line.startswith("fault ")
    assert line.endswith("database is locked. Find the process that locks it, for example with `fuser`, and end it.")


def test_a_name_that_is_no_setting_is_named_with_the_nearest_and_never_its_value(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in os.environ if name.upper().startswith("HALLWAY_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HALLWAY_DISCORD_TOKN", "s3cret")
    monkeypatch.setenv("HALLWY_LOG_LEVEL", "s3cret")
    monkeypatch.setenv("hallway_http_port", "0")
    (tmp_path / ".env").write_text("HALLWAY_SLACK_BOT_TOKNE=s3cret\nHALLWAY_XYZZY=1\nOTHER=2\n")
    assert unknown_names() == {
        "HALLWAY_DISCORD_TOKN": "HALLWAY_DISCORD_TOKEN",
        "HALLWAY_SLACK_BOT_TOKNE": "HALLWAY_SLACK_BOT_TOKEN",
        "HALLWAY_XYZZY": None,
        "HALLWY_LOG_LEVEL": "HALLWAY_LOG_LEVEL",
    }


async def test_the_doctor_names_what_has_no_effect_and_what_is_not_served(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in os.environ if name.upper().startswith("HALLWAY_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HALLWAY_DISCORD_TOKN", "s3cret")
    checks = await found(f"sqlite:///{file}")
    assert (
        "settings",
        False,
        "HALLWAY_DISCORD_TOKN is not a setting of Hallway: did you mean HALLWAY_DISCORD_TOKEN?",
    ) in checks
    assert [text for about, _, text in checks if about in ("Discord", "Slack")] == [
        "not configured; to serve it, set HALLWAY_DISCORD_TOKEN (docs/how-to/discord.md)",
        "not configured; to serve it, set HALLWAY_SLACK_BOT_TOKEN or HALLWAY_SLACK_CLIENT_ID (docs/how-to/slack.md)",
    ]
    assert "s3cret" not in str(checks)
