"""`hallway backup` and `hallway restore`: SQLite by its online backup, PostgreSQL by its own programs."""

import asyncio
import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from sqlalchemy import URL, inspect, select, text

from bot.domain.errors import HallwayError
from bot.domain.phrases import phrase
from bot.storage.backup import alone_with, copy_database, has_data, is_sqlite, make_one_file, partial_file, schema_of
from bot.storage.engine import url_of
from bot.storage.tables import metadata
from bot.storage.unit_of_work import SqlStore
from migrations import run as migrations

DUMP_HEADER = b"PGDMP"
"""The first bytes of an archive of `pg_dump --format=custom`."""
DUMP = ("pg_dump", "--format=custom", "--no-owner", "--no-privileges")
RESTORE = ("pg_restore", "--clean", "--if-exists", "--no-owner", "--single-transaction", "--exit-on-error")
READ_VERSION = ("pg_restore", "--data-only", "--table=alembic_version", "--file=-")
VERSION = re.compile(r"^COPY \S*alembic_version .*?\n(\S+)$", re.MULTILINE)
MOST_QUOTED = 300


class BackupError(HallwayError):
    """A backup cannot be made or restored; nothing was changed."""


def back_up(database: str, file: Path) -> str:
    """Write a backup of the database into `file`, also while Hallway runs; returns a report.

    Raises:
        HallwayError: the backup could not be made. A file that was there before is unchanged.
    """
    url = url_of(database)
    _check_target(file, url)
    if url.get_backend_name() != "sqlite":
        _require_program([*DUMP, f"--file={file}"], url)
        with partial_file(file) as partial:
            _run_program([*DUMP, f"--file={partial}"], url)
    else:
        source = Path(url.database or "")
        if not source.exists():
            raise BackupError("There is no database {source} yet.", source=source)
        with partial_file(file) as partial:
            copy_database(source, partial)
            if schema_of(partial) is None:
                raise BackupError("{source} is not a database of Hallway.", source=source)
    size = file.stat().st_size
    return phrase(
        "The backup is in {file} ({size:,} bytes). It has personal data: keep it safe, and delete it when it is old.",
        file=file,
        size=size,
    )


def restore(database: str, file: Path, *, force: bool = False) -> str:
    """Replace the database by a backup and bring it to the newest schema; returns a report.

    Args:
        database: the URL of the database.
        file: a file that `back_up` wrote.
        force: replace a database that has data.

    Raises:
        HallwayError: nothing was changed: a process uses the database, it has data, or `file` is not a usable backup.
    """
    url = url_of(database)
    sqlite = url.get_backend_name() == "sqlite"
    if sqlite and not is_sqlite(file):
        raise BackupError("{file} is not a backup of a SQLite database of Hallway.", file=file)
    if sqlite:
        _restore_sqlite(Path(url.database or ""), file, force=force)
    else:
        _restore_postgresql(database, file, force=force)
    current, _ = asyncio.run(migrations.status(database))
    return phrase("The database is restored from {file}, with schema {schema}.", file=file, schema=current)


def _check_target(file: Path, url: URL) -> None:
    if file.is_dir() or not file.parent.is_dir():
        raise BackupError("{file} cannot be written: name a file in a folder that exists.", file=file)
    database = Path(url.database or "")
    if url.get_backend_name() == "sqlite" and file.exists() and database.exists() and file.samefile(database):
        raise BackupError("{file} is the database itself: name another file.", file=file)
    if file.exists() and file.stat().st_size and not (is_sqlite(file) or _is_dump(file)):
        raise BackupError("{file} exists and is not a backup: name another file.", file=file)


def _is_dump(file: Path) -> bool:
    with file.open("rb") as opened:
        return opened.read(len(DUMP_HEADER)) == DUMP_HEADER


def _restore_sqlite(database: Path, file: Path, *, force: bool) -> None:
    if database.exists() and file.samefile(database):
        raise BackupError("{file} is the database itself: name a backup.", file=file)
    if has_data(database) and not force:
        raise BackupError("The database {database} has data: add --force to replace it.", database=database)
    database.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with alone_with(database), partial_file(database) as partial:
        copy_database(file, partial)
        if schema_of(partial) is None:
            raise BackupError("{file} is not a backup of a SQLite database of Hallway.", file=file)
        asyncio.run(migrations.upgrade(f"sqlite:///{partial}"))
        make_one_file(partial)


def _restore_postgresql(database: str, file: Path, *, force: bool) -> None:
    if not _is_dump(file):
        raise BackupError("{file} is not a backup of a PostgreSQL database of Hallway.", file=file)
    url = url_of(database)
    command = [*RESTORE, f"--dbname={url.database}", str(file)]
    _require_program(command, url)
    match = VERSION.search(_run_program([*READ_VERSION, str(file)], url))
    if match is None:
        raise BackupError("{file} is not a backup of a PostgreSQL database of Hallway.", file=file)
    if not migrations.is_known(match[1]):
        raise BackupError(
            "{file} has schema {schema}, which this Hallway does not know: install the newer Hallway.",
            file=file,
            schema=match[1],
        )
    others, filled = asyncio.run(_state(database))
    if others:
        raise BackupError("{count} other connections use the database: stop Hallway first.", count=others)
    if filled and not force:
        raise BackupError("The database has data: add --force to replace it.")
    _run_program(command, url)
    asyncio.run(migrations.upgrade(database))


async def _state(database: str) -> tuple[int, bool]:
    """The number of other connections to the database, and whether it has data."""
    store = SqlStore.at(database)
    try:
        async with store.read_transaction() as work:
            run = work.people.connection.execute
            active = text(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
                "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
            )
            others = int((await run(active)).scalar_one())
            table_names = await work.people.connection.run_sync(
                lambda connection: set(inspect(connection).get_table_names())
            )
            for table in metadata.sorted_tables:
                if table.name in table_names and (await run(select(table).limit(1))).first():
                    return others, True
            return others, False
    finally:
        await store.close()


def _require_program(words: Sequence[str], url: URL) -> None:
    """Raise `BackupError` with the command to type, without the password, if a program of PostgreSQL is missing."""
    if shutil.which(words[0]) is None:
        variables = [f"{name}={shlex.quote(value)}" for name, value in _address(url).items()]
        command = " ".join([*variables, shlex.join(words)])
        raise BackupError(
            "{program} is not installed here, so nothing was done. Run this on a machine that has it, with the "
            "password in PGPASSWORD: {command}",
            program=words[0],
            command=command,
        )


def _run_program(words: Sequence[str], url: URL) -> str:
    """Run a program of PostgreSQL. The password goes into its environment, where no other user sees it.

    Raises:
        BackupError: the program failed.
    """
    password = {"PGPASSWORD": str(url.password)} if url.password else {}
    environment = {**os.environ, **_address(url), **password}
    done = subprocess.run(words, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 — no shell
    if done.returncode:
        reason = "; ".join(done.stderr.split("\n")).strip("; ")[:MOST_QUOTED] or phrase("it gave no reason")
        raise BackupError("{program} failed: {reason}.", program=words[0], reason=reason)
    return done.stdout


def _address(url: URL) -> Mapping[str, str]:
    """Where the database is, in the variables of PostgreSQL's programs."""
    host = url.host or str(url.query.get("host", ""))
    facts = {
        "PGHOST": host,
        "PGPORT": str(url.port or url.query.get("port", "")),
        "PGUSER": url.username or "",
        "PGDATABASE": url.database or "",
        "PGSSLMODE": str(url.query.get("ssl", "")),
    }
    return {name: value for name, value in facts.items() if value}
