"""Engines: SQLite with one writer and many readers, PostgreSQL with a pool."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.domain.errors import StoreError

BUSY_SECONDS = 30
DISCREET = {"hide_parameters": True}
"""No error shows the values of a statement: they say who sleeps where."""


def url_of(text: str) -> URL:
    """The database's URL with the driver Hallway uses; raises `StoreError` for what is none."""
    try:
        url = make_url(text)
    except (ArgumentError, ValueError) as error:  # ValueError: a port that is no number, or a password not encoded
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
    if "sslmode" in url.query:  # what PostgreSQL's own clients and most hosts call it
        url = url.difference_update_query(["sslmode"]).update_query_dict({"ssl": url.query["sslmode"]})
    return url.set(drivername=driver)


def engines(url: URL) -> tuple[AsyncEngine, AsyncEngine]:
    """The engines that read and that write; on PostgreSQL they share their connections."""
    if url.get_backend_name() != "sqlite":
        engine = create_async_engine(url, pool_pre_ping=True, **DISCREET)
        # A reader sees one state to the end; by default each statement would see the newest.
        return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True), engine
    prepare_folder(url)
    # With the default transactions of SQLite 200 read-modify-writes at once lose nearly all: one writer at a time.
    writer = create_async_engine(url, pool_size=1, max_overflow=0, pool_timeout=BUSY_SECONDS, **DISCREET)
    reader = create_async_engine(url, **DISCREET)
    _prepare(writer, "BEGIN IMMEDIATE", "foreign_keys = ON")
    _prepare(reader, "BEGIN", "query_only = ON")
    return reader, writer


def migrating_engine(url: URL) -> AsyncEngine:
    """The engine that changes tables, wholly or not at all; on SQLite one process at a time does.

    Its foreign keys are off: SQLite alters a table by making it anew, and dropping the old one would cascade.
    """
    prepare_folder(url)
    engine = create_async_engine(url, **DISCREET)
    if url.get_backend_name() == "sqlite":
        _prepare(engine, "BEGIN IMMEDIATE", "foreign_keys = OFF")
    return engine


def is_missing(url: URL) -> bool:
    """Whether it is an SQLite database of which there is no file yet."""
    return url.get_backend_name() == "sqlite" and not Path(url.database or "").exists()


def prepare_folder(url: URL) -> None:
    """Make the folder and the file of an SQLite database, for their owner only: it says where people sleep."""
    if url.database and url.get_backend_name() == "sqlite":
        file = Path(url.database)
        try:
            file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            file.touch(mode=0o600)
        except OSError as error:
            message = f"The database {file} cannot be made: {error.strerror}."
            raise StoreError(message) from error


def _prepare(engine: AsyncEngine, begin: str, role: str) -> None:
    @event.listens_for(engine.sync_engine, "connect")
    def connected(connection: Any, _: object) -> None:  # noqa: ANN401 — the driver's own connection
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
        cursor.execute("PRAGMA journal_mode = WAL")
        # NORMAL survives the death of the process; only a power cut may undo the last commits, never half of one.
        cursor.execute("PRAGMA synchronous = NORMAL")
        cursor.execute(f"PRAGMA {role}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def begun(connection: Any) -> None:  # noqa: ANN401 — the connection of the event
        connection.exec_driver_sql(begin)


@asynccontextmanager
async def translate_errors(url: URL) -> AsyncIterator[None]:
    """Turns what the driver raises into one sentence that shows no password."""
    try:
        yield
    except (SQLAlchemyError, OSError) as error:
        place = f"{url.host}/{url.database}" if url.host else url.database
        cause = error.orig.__cause__ or error.orig if isinstance(error, DBAPIError) and error.orig else error
        reason = next(iter(str(cause).splitlines()), "") or type(cause).__name__
        message = f"The database {place} cannot be used: {reason}. `hallway doctor` looks into it."
        raise StoreError(message) from error
