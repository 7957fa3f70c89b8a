"""Copies of a SQLite database: a backup while writers are running, and its restoration.

Both write a partial file beside their target, and rename it at the end: if the process is killed at any time, the
target is the old file or the new one.
"""

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

from bot.domain.errors import StoreError
from bot.storage.faults import LOCKED, reason_for

HEADER = b"SQLite format 3\0"
"""The first bytes of every SQLite file. https://www.sqlite.org/fileformat.html"""
POLITE = 5.0
"""Seconds to wait for another process that holds the lock."""


def is_sqlite(file: Path) -> bool:
    """Whether a file begins like a SQLite database.

    Raises:
        StoreError: the file cannot be read.
    """
    try:
        with file.open("rb") as opened:
            return opened.read(len(HEADER)) == HEADER
    except OSError as error:
        raise StoreError(f"The file {file} cannot be read: {error.strerror}.") from error


@contextmanager
def partial_file(target: Path) -> Iterator[Path]:
    """Yield a new empty file beside `target`, readable only by its owner; it becomes `target` if the block succeeds.

    One process at a time writes it. What a killed process left is overwritten.

    Raises:
        StoreError: the file cannot be created, or another process is writing it.
    """
    partial = target.with_name(f".{target.name}.partial")
    try:
        descriptor = os.open(partial, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        raise StoreError(f"The file {partial} cannot be made: {error.strerror}.") from error
    try:
        _lock(descriptor, target)
        os.fchmod(descriptor, 0o600)
        os.ftruncate(descriptor, 0)
        yield partial
        os.fsync(descriptor)
        partial.replace(target)
        _sync_folder(target.parent)
    except OSError as error:
        raise StoreError(f"The file {target} cannot be written: {error.strerror}.") from error
    finally:
        partial.unlink(missing_ok=True)
        _remove_companions(partial)
        os.close(descriptor)


def copy_database(source: Path, target: Path) -> None:
    """Copy a database, also while others write it, into the existing file `target`, and check the copy.

    The copy is one state of the data, and one file: it needs no `-wal` beside it.

    Raises:
        StoreError: the database cannot be read, the disk is full, or the copy is damaged.
    """
    try:
        with closing(_connected(source)) as read, closing(_connected(target)) as written:
            # All pages in one step: a copy in several steps begins again after each write of somebody else.
            read.backup(written, pages=-1)
            _check(written, source)
        make_one_file(target)
    except sqlite3.Error as error:
        raise StoreError(f"The database {source} cannot be copied: {error}.", reason_for(error)) from error


def make_one_file(database: Path) -> None:
    """Write the contents of `-wal` into the file of a database that nobody else uses, and remove `-wal`."""
    with closing(_connected(database)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")


def has_data(database: Path) -> bool:
    """Whether the database exists and has a row, or cannot be read; a new database has only a schema."""
    if not database.exists() or database.stat().st_size == 0:
        return False
    try:
        with closing(_connected(database)) as connection:
            names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
            tables = [name.replace('"', '""') for (name,) in names if name != "alembic_version"]
            return any(connection.execute(f'SELECT 1 FROM "{name}" LIMIT 1').fetchone() for name in tables)  # noqa: S608
    except sqlite3.Error:
        return True


def schema_of(database: Path) -> str | None:
    """Return the revision of the schema; None if the file is not a database of Hallway."""
    try:
        with closing(_connected(database)) as connection:
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.Error:
        return None
    return str(row[0]) if row else None


@contextmanager
def alone_with(database: Path) -> Iterator[None]:
    """Keep every other process out of the database while the block runs, which may replace the file.

    Raises:
        StoreError: another process has the database open.
    """
    if not database.exists():
        _remove_companions(database)
        yield
        return
    with closing(_connected(database)) as connection:
        try:
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
            # Leaving WAL mode needs to be the only one, and writes all of `-wal` into the file. A `-wal` that stayed
            # would be applied to the new file.
            connection.execute("PRAGMA journal_mode = DELETE")
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.Error as error:
            if reason_for(error) == LOCKED:
                message = f"Another process uses the database {database}: stop Hallway first."
                raise StoreError(message, LOCKED) from error
            # The file is damaged, and so is what waits in its `-wal`.
            _remove_companions(database)
        yield


def _connected(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{quote(str(file))}?mode=rw", uri=True, timeout=POLITE, isolation_level=None)


def _check(connection: sqlite3.Connection, source: Path) -> None:
    (result,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
    if result != "ok":
        raise StoreError(f"The database {source} is damaged ({result.splitlines()[0]}): restore an older backup.")
    if connection.execute("PRAGMA foreign_key_check").fetchone():
        raise StoreError(f"The database {source} is damaged (rows refer to missing ones): restore an older backup.")


def _lock(descriptor: int, target: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise StoreError(f"Another process is writing {target}: wait until it is done.") from error


def _remove_companions(file: Path) -> None:
    for suffix in ("-wal", "-shm", "-journal"):
        file.with_name(f"{file.name}{suffix}").unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
