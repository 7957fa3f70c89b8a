"""Engines: SQLite with one writer and many readers, PostgreSQL with a pool."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, event, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.domain.errors import StoreFault

BUSY_SECONDS = 30


def url_of(text: str) -> URL:
    """The database's URL with the driver Hallway uses; raises `StoreFault` for what is none."""
    try:
        url = make_url(text)
    except ArgumentError as error:
        message = (
            "HALLWAY_DATABASE_URL is not a database URL: write sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME."
        )
        raise StoreFault(message) from error
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
        raise StoreFault(message)
    if url.get_backend_name() == "sqlite" and url.database in (None, "", ":memory:"):
        message = "SQLite in memory forgets everything: give a file, such as sqlite:///hallway.db."
        raise StoreFault(message)
    return url.set(drivername=driver)


def engines(url: URL) -> tuple[AsyncEngine, AsyncEngine]:
    """The engines that read and that write; on PostgreSQL they are one."""
    if url.get_backend_name() != "sqlite":
        engine = create_async_engine(url, pool_pre_ping=True)
        return engine, engine
    prepare_folder(url)
    # With the default transactions of SQLite 200 read-modify-writes at once lose nearly all: one writer at a time.
    writer = create_async_engine(url, pool_size=1, max_overflow=0, pool_timeout=BUSY_SECONDS)
    reader = create_async_engine(url)
    _prepare(writer, "BEGIN IMMEDIATE", query_only=False)
    _prepare(reader, "BEGIN", query_only=True)
    return reader, writer


def prepare_folder(url: URL) -> None:
    """Make the folder of an SQLite file, for its owner only."""
    if url.database and url.database != ":memory:":
        try:
            Path(url.database).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            message = f"The folder of the database {url.database} cannot be made: {error.strerror}."
            raise StoreFault(message) from error


def _prepare(engine: AsyncEngine, begin: str, *, query_only: bool) -> None:
    @event.listens_for(engine.sync_engine, "connect")
    def connected(connection: Any, _: object) -> None:  # noqa: ANN401 — the driver's own connection
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
        cursor.execute("PRAGMA journal_mode = WAL")
        # NORMAL survives the death of the process; only a power cut may undo the last commits, never half of one.
        cursor.execute("PRAGMA synchronous = NORMAL")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute(f"PRAGMA query_only = {'ON' if query_only else 'OFF'}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def begun(connection: Any) -> None:  # noqa: ANN401 — the connection of the event
        connection.exec_driver_sql(begin)


@asynccontextmanager
async def faults_told(url: URL) -> AsyncIterator[None]:
    """Turns what the driver raises into one sentence that shows no password."""
    try:
        yield
    except (SQLAlchemyError, OSError) as error:
        place = url.database if url.get_backend_name() == "sqlite" else f"{url.host}/{url.database}"
        reason = str(getattr(error, "orig", None) or type(error).__name__).splitlines()[0]
        message = f"The database {place} cannot be used: {reason}. `hallway doctor` looks into it."
        raise StoreFault(message) from error
