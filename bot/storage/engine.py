"""SQLAlchemy engines: SQLite with one writer and many readers, PostgreSQL with a pool of connections."""

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import URL, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.domain.errors import StoreError
from bot.storage.faults import GONE, translate_errors

BUSY_SECONDS, LOCK_SECONDS = 2.0, 0.1
"""Seconds that a statement waits in SQLite for another process; the lock to write is asked for again by the queue."""
PEOPLE, BACKGROUND, PROBE = "people", "background", "probe"
POOLS = {
    PEOPLE: {"pool_size": 5, "max_overflow": 5, "pool_timeout": 5.0},
    BACKGROUND: {"pool_size": 5, "max_overflow": 3, "pool_timeout": 30.0},
    PROBE: {"pool_size": 1, "max_overflow": 0, "pool_timeout": 3.0},
}
"""PostgreSQL's connections for commands, for background work and for the readiness check.

`pool_timeout` is in seconds. Each has its own, so that none takes the last connection from another: a command that
fetches a schedule keeps its connection while background work needs one for the same schedule.
"""
LITTLE_ROOM = 100 * 1024 * 1024
"""Bytes that should be free on the disk."""
CONNECTING = {"timeout": 5.0}
"""Seconds until an attempt to connect fails; by default asyncpg waits for a minute."""
ANSWERING = {**CONNECTING, "command_timeout": 10.0}
"""The same for people who wait, with the seconds until a statement fails."""
DISCREET = {"hide_parameters": True}
"""Keep the values of a statement out of error messages, because they include the hotels of attendees."""


def url_of(text: str) -> URL:
    """Return the database's URL with the driver that Hallway uses.

    Raises:
        StoreError: `text` is not the URL of a SQLite file or a PostgreSQL database.
    """
    try:
        url = make_url(text)
    except (ArgumentError, ValueError) as error:  # ValueError: the port is not a number, or the password not encoded
        message = (
            "HALLWAY_DATABASE_URL is not a database URL: write sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME."
        )
        raise StoreError(message) from error
    drivers = {
        "sqlite": "sqlite+aiosqlite",
        "postgresql": "postgresql+asyncpg",
        "postgres": "postgresql+asyncpg",
    }
    driver = drivers.get(url.drivername.split("+")[0])
    if driver is None:
        message = (
            f"Hallway keeps its data in SQLite or PostgreSQL, not in {url.drivername}: change HALLWAY_DATABASE_URL."
        )
        raise StoreError(message)
    if url.get_backend_name() == "sqlite" and url.database in (None, "", ":memory:"):
        message = "SQLite in memory forgets everything: give a file, such as sqlite:///hallway.db."
        raise StoreError(message)
    if "sslmode" in url.query:  # the name in PostgreSQL's own clients; asyncpg calls it ssl
        url = url.difference_update_query(["sslmode"]).update_query_dict({"ssl": url.query["sslmode"]})
    return url.set(drivername=driver)


def engines(url: URL, pool: str = BACKGROUND) -> tuple[AsyncEngine, AsyncEngine]:
    """Return the engine that reads and the engine that writes; on PostgreSQL both share the connections of `pool`."""
    if url.get_backend_name() != "sqlite":
        limits = CONNECTING if pool == BACKGROUND else ANSWERING
        engine = create_async_engine(url, pool_pre_ping=True, connect_args=limits, **POOLS[pool], **DISCREET)
        # A reading transaction sees one state of the data; by default each of its statements would see the newest.
        return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True), engine
    prepare_folder(url)
    # One writer at a time: of 200 concurrent read-modify-writes, SQLite's default transactions lose nearly all.
    writer = create_async_engine(url, pool_size=1, max_overflow=0, **DISCREET)
    reader = create_async_engine(url, **DISCREET)
    _prepare(writer, "BEGIN IMMEDIATE", "foreign_keys = ON", "secure_delete = ON", busy=LOCK_SECONDS)
    _prepare(reader, "BEGIN", "query_only = ON")
    _guard(writer, Path(url.database or ""))
    _guard(reader, Path(url.database or ""))
    return reader, writer


def migrating_engine(url: URL) -> AsyncEngine:
    """Return the engine for migrations, which runs each migration completely or not at all.

    On SQLite, only one process at a time can migrate, and foreign keys are off: SQLite alters a table by creating a
    new one, and dropping the old table would delete the rows that refer to it.
    """
    prepare_folder(url)
    engine = create_async_engine(url, **DISCREET)
    if url.get_backend_name() == "sqlite":
        _prepare(engine, "BEGIN IMMEDIATE", "foreign_keys = OFF", "secure_delete = ON", busy=LOCK_SECONDS)
    return engine


def is_missing(url: URL) -> bool:
    """Whether the database is a SQLite file that does not exist yet."""
    return url.get_backend_name() == "sqlite" and not Path(url.database or "").exists()


def folder_of(url: URL) -> Path | None:
    """The folder of a SQLite database; None for a database on a server."""
    return Path(url.database or "").parent if url.get_backend_name() == "sqlite" else None


def prepare_folder(url: URL) -> None:
    """Create the folder and the file of a SQLite database, readable only by their owner: they hold personal data.

    Raises:
        StoreError: the folder or the file cannot be created.
    """
    if url.database and url.get_backend_name() == "sqlite":
        file = Path(url.database)
        try:
            file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            file.touch(mode=0o600)
        except OSError as error:
            message = f"The database {file} cannot be made: {error.strerror}."
            raise StoreError(message) from error


async def examine_storage(url: str) -> Sequence[str]:
    """Return what is wrong with the file of a SQLite database, one sentence each; none for a database on a server.

    Raises:
        StoreError: the database is unavailable, or locked.
    """
    parsed = url_of(url)
    folder, faults = folder_of(parsed), []
    if folder is None:
        return ()
    engine = migrating_engine(parsed)
    try:
        async with translate_errors(parsed), engine.connect() as connection:
            await connection.begin()  # asks for the lock, and writes nothing
            result = str((await connection.exec_driver_sql("PRAGMA quick_check(1)")).scalar())
            await connection.rollback()
    finally:
        await engine.dispose()
    if result != "ok":
        faults.append(f"the file is damaged ({result.splitlines()[0]}): restore a backup with `hallway restore`")
    if shutil.disk_usage(folder).free < LITTLE_ROOM:
        faults.append(f"the disk of {folder} is nearly full: make room, or nothing can be stored")
    return faults


def _prepare(engine: AsyncEngine, begin: str, *pragmas: str, busy: float = BUSY_SECONDS) -> None:
    @event.listens_for(engine.sync_engine, "connect")
    def connected(connection: Any, _: object) -> None:  # noqa: ANN401 — the driver's own connection
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {int(BUSY_SECONDS * 1000)}")
        cursor.execute("PRAGMA journal_mode = WAL")
        # NORMAL loses nothing if the process is killed; a power cut may undo the last commits, but never half a commit.
        cursor.execute("PRAGMA synchronous = NORMAL")
        for pragma in pragmas:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.execute(f"PRAGMA busy_timeout = {int(busy * 1000)}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def begun(connection: Any) -> None:  # noqa: ANN401 — the connection of the event
        connection.exec_driver_sql(begin)


def _guard(engine: AsyncEngine, file: Path) -> None:
    """Refuse to connect to, and to take from the pool a connection to, another file than the one of the start.

    SQLite goes on writing into a file that was deleted, and makes an empty one for the next connection.
    """
    first = _identity(file)

    def check(*_: object) -> None:
        if _identity(file) != first:
            message = f"The database file {file} was deleted or replaced: put it back and start Hallway again."
            raise StoreError(message, GONE)

    event.listen(engine.sync_engine, "do_connect", check)
    event.listen(engine.sync_engine, "checkout", check)


def _identity(file: Path) -> tuple[int, int] | None:
    """The device and the number of a file; None if there is none."""
    try:
        status = file.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino
